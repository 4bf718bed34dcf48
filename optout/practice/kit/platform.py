"""What a platform's practice site has to state about its platform."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from optout.practice.switchboard import PracticeAccount


class Shape(enum.StrEnum):
    """How a control is marked up."""

    SWITCH = "switch"
    CHECKBOX = "checkbox"
    LIST = "list"
    SELECT_MENU = "select-menu"
    MENU_ITEM = "menu-item"


@dataclass(frozen=True, kw_only=True)
class Challenge:
    """A page of the platform's own between the password and the session.

    Attributes:
        path: its address.
        code: attributes of its field for a code; empty where it has none.
        text: its heading.
        marks: HTML that the platform's own page has besides.
    """

    path: str
    code: Mapping[str, str] = field(default_factory=dict)
    text: str = "One more step"
    marks: str = ""


@dataclass(frozen=True, kw_only=True)
class Door:
    """The sign-in page. Without `password` it is one that only a person can pass.

    Attributes:
        path: where it is.
        user: attributes of the login field.
        password: attributes of the password field.
        stays: whether a stranger stays at the address asked for and finds a link to this page there.
        elsewhere: whether the page is another site's, to which this one sends people.
        two_pages: whether the password has a page of its own.
        proceed: name of the button that leads to that second page.
        submit: name of the button that signs in.
        refusal: HTML that says that login or password are wrong.
        challenges: pages of the platform's own, by the condition that brings them up; where one is not
            named, the kit has a page that no flow can know.
    """

    path: str
    user: Mapping[str, str] = field(default_factory=lambda: {"name": "login"})
    password: Mapping[str, str] = field(default_factory=dict)
    stays: bool = False
    elsewhere: bool = False
    two_pages: bool = False
    proceed: str = "Continue"
    submit: str = "Sign in"
    refusal: str = '<p role="alert" class="wrong">Wrong login or password.</p>'
    challenges: Mapping[str, Challenge] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Control:
    """The control of the setting under practice.

    Attributes:
        shape: how it is marked up.
        label: its name, or the words beside it.
        label_out: the same while the setting is out, where it differs.
        label_old: an earlier name of it, which some accounts may still meet; empty for none.
        heading: the heading of its section; empty for none.
        key: the attribute and value it is known by; empty for none.
        inverted: whether on, or ticked, means opted out.
        choices: what a list offers: the option that leaves the setting in, the one that opts out. For a
            menu item: the item that opts out, the one that opts in.
        destroys: the words of something next to it that destroys, in the same menu or section.
        save: name of the button that saves; empty where it saves by itself.
        asks: what the platform asks before it changes anything, and its button; empty for nothing.
    """

    shape: Shape
    label: str
    label_out: str = ""
    label_old: str = ""
    heading: str = ""
    key: tuple[str, str] | None = None
    inverted: bool = False
    choices: tuple[str, str] = ("Enabled", "Disabled")
    destroys: str = ""
    save: str = ""
    asks: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Extra:
    """Another control on the same page, on until somebody turns it off.

    Attributes:
        name: what it is stored under.
        label: its name, or the words beside it.
        key: the attribute and value it is known by; empty for none.
        on: whether it begins switched on.
        shape: how it is marked up; None for the shape of the control under practice.
    """

    name: str
    label: str
    key: tuple[str, str] | None = None
    on: bool = True
    shape: Shape | None = None


@dataclass(frozen=True, kw_only=True)
class Platform:
    """One platform, as far as its practice site goes.

    Attributes:
        name: the flow's name.
        door: the sign-in page.
        places: addresses at which the setting stands, queries and fragments included.
        control: the control under practice.
        older: what stands there on older pages, which some accounts may still meet; None for nothing.
        withheld: HTML of a page that says why the setting is not there; empty where none does.
        saving: method and path of the call that saves it.
        extras: other controls beside it.
        who: HTML by which signed-in pages name the person; a template that is given `name`.
        head: HTML in the head of every page; given `name`, which is empty while nobody is signed in.
        banner: HTML of something over the setting that a button inside it puts away; empty for none.
        objects: paths at which the setting stands once each; empty where it stands once. The first
            place then lists them.
        home: where signing in ends.
        pages: folder of pages that take the place of the kit's.
    """

    name: str
    door: Door
    places: tuple[str, ...]
    control: Control
    saving: tuple[str, str]
    older: Control | None = None
    withheld: str = ""
    extras: tuple[Extra, ...] = ()
    who: str = ""
    head: str = ""
    banner: str = ""
    objects: tuple[str, ...] = ()
    home: str = "/"
    pages: Path | None = None

    def met_by(self, account: PracticeAccount) -> Control:
        """The control as this account is to meet it."""
        return self.older if self.older and account.has("older-page") else self.control

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of the places, without what may follow them."""
        return tuple(dict.fromkeys(urlsplit(place).path for place in self.places))
