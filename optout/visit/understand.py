"""What a page shows for a setting, as a reading. `unknown` whenever two sources disagree."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from optout.flow import Choice, MenuItem, Select, Switch
from optout.model import Observation, Reading, Why
from optout.visit.locate import Found, Missing, locate, menu_items

if TYPE_CHECKING:
    from optout.flow import Control, Setting, Unless
    from optout.visit.survey import ControlSeen, PageSeen

OPPOSITE = {Reading.IN: Reading.OUT, Reading.OUT: Reading.IN}


@dataclasses.dataclass(frozen=True)
class Understood:
    """A reading and what it was taken from.

    Attributes:
        observation: the reading with its grounds.
        control: the control it was read from; None where none was found.
        press: what has to be operated to opt out; None where nothing can be.
        also: what else the reading rests on, such as the items of an open menu.
        firm: whether a second source on the page says the same, so that there is no need to wait and
            see if the page is still changing.
    """

    observation: Observation
    control: ControlSeen | None = None
    press: ControlSeen | None = None
    also: tuple[ControlSeen, ...] = ()
    firm: bool = False


def understand(
    setting: Setting, seen: PageSeen, *, at_its_place: bool, stated: Reading | None
) -> Understood:
    """Read a setting from a page.

    Args:
        setting: the setting.
        seen: the page.
        at_its_place: whether the page is the setting's own.
        stated: what the page's own data says, where it carries any.
    """
    control = setting.control
    if isinstance(control, Choice):
        control = dataclasses.replace(control, labels=control.out)
    found = locate(control, seen, at_its_place=at_its_place)
    if isinstance(found, Missing):
        if setting.unless and at_its_place and found.why is Why.CONTROL_MISSING:
            withheld = _withheld(setting, setting.unless, seen)
            if withheld is not None:
                return withheld
        return Understood(_unknown(seen, found.why, found.detail, found.candidates))
    reading, problem = _state(setting.control, found, seen)
    here = found.seen
    base = Observation(
        reading=reading,
        label=found.shown or here.name,
        state=_stands_on(setting.control, here, seen),
        language=seen.language,
        anchors=found.anchors,
        path=seen.path,
    )
    if here.busy or seen.busy:
        problem = "the page is still loading it"
    elif not problem and stated in OPPOSITE and stated is not reading:
        problem = f'the control shows "{reading}" and the data in the page says "{stated}"'
    if problem:
        unclear = dataclasses.replace(
            base,
            reading=Reading.UNKNOWN,
            why=Why.STATE_UNCLEAR,
            detail=problem,
            candidates=(str(here),),
        )
        return Understood(unclear, here)
    firm = stated is reading
    if here.disabled and not isinstance(setting.control, MenuItem):
        locked = dataclasses.replace(base, reading=Reading.MANAGED, locked=reading)
        return Understood(locked, here, firm=firm)
    also = tuple(item for item in menu_items(seen) if item.frame == here.frame)
    is_menu = isinstance(setting.control, MenuItem)
    return Understood(
        base, here, _press(setting.control, found, seen), also=also if is_menu else (), firm=firm
    )


def _withheld(setting: Setting, unless: Unless, seen: PageSeen) -> Understood | None:
    """The proof that a page does not have the setting; None where it shows none."""
    options = [
        each for each in seen.of_role(Choice.roles) if any(map(unless.section.match, each.headings))
    ]
    chosen = [each for each in options if each.checked or each.stated == "true"]
    if seen.busy or len(chosen) != 1 or not unless.chosen.match(chosen[0].name):
        return None
    detail = f'the page stands on "{chosen[0].name}", and has no "{setting.title}" then'
    observation = Observation(
        reading=Reading.NOT_OFFERED, detail=detail, language=seen.language, path=seen.path
    )
    return Understood(observation, chosen[0])


def _state(control: Control, found: Found, seen: PageSeen) -> tuple[Reading, str]:
    here = found.seen
    if isinstance(control, Switch):
        return _switch(control, found)
    if isinstance(control, Choice):
        out_chosen = here.checked or here.stated == "true"
        return (Reading.OUT, "") if out_chosen else _one_of(control, found, seen)
    if isinstance(control, Select):
        return _selected(control, here.chosen or "")
    if isinstance(control, MenuItem):
        return _offered(control, here, seen)
    raise AssertionError(control)


def _stands_on(control: Control, here: ControlSeen, seen: PageSeen) -> str:
    if isinstance(control, Choice):
        return ", ".join(each.name for each in _chosen(control, here, seen))
    return here.state


def _switch(control: Switch, found: Found) -> tuple[Reading, str]:
    here = found.seen
    stated = {"true": True, "false": False}.get(here.stated or "")
    if here.stated is not None and stated is None:
        return Reading.UNKNOWN, f'its state is "{here.stated}"'
    if here.checked is not None and stated is not None and here.checked is not stated:
        return Reading.UNKNOWN, "the box and its stated state disagree"
    on = here.checked if here.checked is not None else stated
    if on is None:
        return Reading.UNKNOWN, "it has no state"
    polarity = found.wording.on_means if found.wording else None
    on_means = polarity or control.on_means
    reading = on_means if on else OPPOSITE[on_means]
    contrary = control.in_words if reading is Reading.OUT else control.out_words
    word = next((text for text in here.beside if contrary.match(text)), "")
    if word:
        return Reading.UNKNOWN, f'the control shows "{reading}" and the word beside it is "{word}"'
    return reading, ""


def _selected(control: Select, chosen: str) -> tuple[Reading, str]:
    if control.out.match(chosen):
        return Reading.OUT, ""
    if control.inn.match(chosen):
        return Reading.IN, ""
    return Reading.UNKNOWN, f'it stands on "{chosen}", which is not a known option'


def _one_of(control: Choice, found: Found, seen: PageSeen) -> tuple[Reading, str]:
    chosen = _chosen(control, found.seen, seen)
    if len(chosen) == 1 and control.inn.match(chosen[0].name):
        return Reading.IN, ""
    return Reading.UNKNOWN, f"chosen: {', '.join(map(str, chosen)) or 'nothing'}"


def _chosen(control: Choice, here: ControlSeen, seen: PageSeen) -> list[ControlSeen]:
    return [
        each
        for each in seen.of_role(control.roles)
        if each.is_option_beside(here) and (each.checked or each.stated == "true")
    ]


def _offered(control: MenuItem, here: ControlSeen, seen: PageSeen) -> tuple[Reading, str]:
    if here.disabled:
        return Reading.UNKNOWN, "it is locked, and the menu that would tell its state cannot be opened"
    out = bool(menu_items(seen, control.switches_out))
    if out is bool(menu_items(seen, control.switches_in)):
        items = ", ".join(f'"{item.name}"' for item in menu_items(seen))
        return Reading.UNKNOWN, f"the menu offers {items or 'nothing'}"
    return (Reading.IN if out else Reading.OUT), ""


def _press(control: Control, found: Found, seen: PageSeen) -> ControlSeen | None:
    if isinstance(control, MenuItem):
        items = menu_items(seen, control.switches_out)
        return items[0] if len(items) == 1 else None
    return found.seen


def _unknown(seen: PageSeen, why: Why, detail: str, candidates: tuple[str, ...]) -> Observation:
    return Observation(
        reading=Reading.UNKNOWN,
        why=why,
        detail=detail,
        language=seen.language,
        candidates=candidates,
        path=seen.path,
    )
