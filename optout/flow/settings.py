"""One opt-out on a platform: where it lives, what it looks like, what is known about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from optout.flow.wording import Labels

if TYPE_CHECKING:
    from optout.flow.controls import Control
    from optout.model import Reading


@dataclass(frozen=True, kw_only=True)
class Opener:
    """A link, tab or button that leads to the setting and changes nothing by itself.

    Attributes:
        labels: its accessible name.
        keys: (attribute, value) pairs that find it without words.
    """

    labels: Labels = field(default_factory=Labels)
    keys: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Confirm:
    """A question the page asks before it changes the setting.

    Attributes:
        asks: words that the dialog must contain; any other dialog stops the visit.
        button: the button that agrees.
    """

    asks: Labels
    button: Labels


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The list in which the setting would stand: the proof that it is not offered.

    Attributes:
        path: where the list is.
        row: the last path segment of the setting's own row, the same in every language.
        title: the words of that row.
        neighbours: last path segments of other rows; the list counts as read when it shows two.
    """

    path: str
    row: str
    title: Labels
    neighbours: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Unless:
    """What else a setting's page shows where it does not have the setting: proof of `not-offered`.

    Attributes:
        chosen: the options (radio buttons) of which one is chosen then.
        section: headings of the section they stand in.
    """

    chosen: Labels
    section: Labels


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One setting of a platform.

    Attributes:
        name: as in `linkedin/ai-training`.
        group: what it is chosen with, as in `linkedin/ads`; empty for none.
        title: the platform's own name for it, in English.
        asks: what the setting asks, in plain words.
        out_means: what is true once it is out, in plain words.
        control: what to find and how to understand it.
        earlier: what stood there on older pages, which some accounts may still meet.
        places: candidate paths, best first.
        opens: what to open at the place before the control shows.
        way: what the person has to open there first, where no source says how a page would know it; the
            visit waits for that. Only somebody at the window can do it.
        save: the button that saves, where it does not save by itself.
        confirm: the question that may follow, where one is known.
        listing: the list that proves `not-offered`.
        unless: what the setting's own page shows where it does not apply.
        absence: what is known of accounts without the setting, where no list could prove it.
        default: what it is for a member who never touched it; `unknown` where nobody says.
        default_note: where and since when that holds.
        regions: a line per region that differs.
        retroactive: whether opting out reaches data from before; None where nothing is known.
        retroactive_note: the same in words.
        sources: what all this rests on.
        last_verified: ISO date of the newest source.
    """

    name: str
    group: str = ""
    title: str
    asks: str
    out_means: str
    control: Control
    earlier: tuple[Control, ...] = ()
    places: tuple[str, ...]
    opens: tuple[Opener, ...] = ()
    way: str = ""
    save: Opener | None = None
    confirm: Confirm | None = None
    listing: Listing | None = None
    unless: Unless | None = None
    absence: str = ""
    default: Reading
    default_note: str = ""
    regions: tuple[str, ...] = ()
    retroactive: bool | None = None
    retroactive_note: str = ""
    sources: tuple[str, ...]
    last_verified: str
