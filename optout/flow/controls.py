"""The small vocabulary of controls, and how each is found and understood.

A control is found by at least two anchors out of four: a stable key, its accessible name in any known
language, the named section it stands in, and being the only one of its kind at the setting's address.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from optout.flow.wording import Labels
from optout.model import Reading


@dataclass(frozen=True, kw_only=True)
class Control:
    """What all controls have in common.

    Attributes:
        labels: its accessible name, or the visible words next to it.
        keys: (attribute, value) pairs that the platform's own code relies on.
        section: headings of the section it stands in.
    """

    roles: ClassVar[tuple[str, ...]] = ()

    labels: Labels = field(default_factory=Labels)
    keys: tuple[tuple[str, str], ...] = ()
    section: Labels = field(default_factory=Labels)


@dataclass(frozen=True, kw_only=True)
class Switch(Control):
    """Something that is on or off.

    Attributes:
        on_means: polarity: what the setting is while the control is on.
        in_words: texts that stand beside the control while the setting is `in`, such as "On".
        out_words: the same for `out`.
    """

    roles: ClassVar[tuple[str, ...]] = ("switch",)

    on_means: Reading = Reading.IN
    in_words: Labels = field(default_factory=Labels)
    out_words: Labels = field(default_factory=Labels)


@dataclass(frozen=True, kw_only=True)
class Checkbox(Switch):
    """A box that is ticked or not."""

    roles: ClassVar[tuple[str, ...]] = ("checkbox",)


@dataclass(frozen=True, kw_only=True)
class Toggle(Switch):
    """A switch or a box, where no source says which of the two it is."""

    roles: ClassVar[tuple[str, ...]] = ("switch", "checkbox")


@dataclass(frozen=True, kw_only=True)
class Choice(Control):
    """One of several options (radio buttons).

    Attributes:
        out: the option that opts out: how it is labelled and keyed.
        inn: the options that leave the setting in.
    """

    roles: ClassVar[tuple[str, ...]] = ("radio",)

    out: Labels
    inn: Labels


@dataclass(frozen=True, kw_only=True)
class Select(Control):
    """A drop-down list of options, or a button that shows the chosen one and opens a menu of them.

    Attributes:
        out: the option that opts out.
        inn: the options that leave the setting in.
    """

    roles: ClassVar[tuple[str, ...]] = ("combobox", "listbox", "menubutton")

    out: Labels
    inn: Labels


@dataclass(frozen=True, kw_only=True)
class MenuItem(Control):
    """An item in a menu that a button opens; what the menu offers tells the state.

    Attributes:
        switches_out: the item that opts out; offered while the setting is `in`.
        switches_in: the item that opts in again; offered while the setting is `out`.
    """

    roles: ClassVar[tuple[str, ...]] = ("button",)

    switches_out: Labels
    switches_in: Labels


@dataclass(frozen=True, kw_only=True)
class Form(Control):
    """A form that the person reads and sends; it has no state that could be read back.

    Attributes:
        login: names of the field that takes the account's login.
        option: the option, of a list or of several, that asks for opting out.
        by_person: what else it asks for, in words.
        answer: what the platform does once it has the form, as a sentence.
    """

    login: Labels
    option: Labels
    by_person: str
    answer: str
