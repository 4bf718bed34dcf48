"""What has changed since a target was last out: four names, never mixed. Nothing here does I/O."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from optout.model import Outcome, Reading, Why

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from optout.ledger.history import Look


class DriftName(enum.StrEnum):
    """What has happened to a setting that was out."""

    CAME_BACK_ON = "came-back-on"
    PAGE_CHANGED = "page-changed"
    SIGNED_OUT = "signed-out"
    SETTING_GONE = "setting-gone"


# A person is needed for something else than getting in: the machine lacks something, or it is locked.
_NOT_THE_DOOR = (Why.NO_DISPLAY, Why.UNFORESEEN, Why.CONFIRM_UNKNOWN, Why.LOCKED_IN)
_SEEN = (DriftName.CAME_BACK_ON, DriftName.SETTING_GONE)
_NO_LOOK = (Outcome.UNREACHABLE, Outcome.FAILED, Outcome.NEEDS_PERSON)


@dataclass(frozen=True, kw_only=True)
class Drift:
    """One target that is not, or can no longer be seen, as it was left.

    Attributes:
        name: which of the four.
        since: the first look that found it so, UTC.
        misses: how many looks have found it so.
        alarming: whether they are enough to say so; one failed visit is not.
        good: the last look that found it well, with its evidence.
        found: the newest look that found it so, with its evidence.
        fixed: the look that found it out again, where this is about something put right.
    """

    name: DriftName
    since: datetime
    misses: int
    alarming: bool
    good: Look
    found: Look
    fixed: Look | None = None

    @property
    def what_to_do(self) -> str:
        """The next step of whoever is told, in one sentence."""
        target, account = self.found.target, self.found.target.account
        site = f"--site {self.found.origin} " if self.found.practice else ""
        if self.fixed is not None:
            return f"It is out again. To see when it was not: optout history {target}"
        if self.name is DriftName.CAME_BACK_ON:
            if self.found.locked is Reading.IN:
                return "It is locked. Ask whoever manages this account to switch it off."
            return f"Switch it off again: optout check {site}{target} --fix"
        if self.name is DriftName.SIGNED_OUT:
            renew = f"Sign in again: optout sign-in {site}{account.platform} {account.login}"
            return self.found.next_step or renew
        if self.name is DriftName.PAGE_CHANGED:
            return (
                "Look at the setting yourself, and see whether there is a newer optout; to tell its "
                f"authors: optout repair-report {target}"
            )
        return (
            "It is no longer where it was, so nothing can be switched off there. Look whether it has "
            f"moved; every picture of it: optout history {target}"
        )


@dataclass(frozen=True)
class _Chapter:
    """The looks since a target was last well."""

    good: Look
    after: tuple[Look, ...]


def standing(looks: Sequence[Look], *, misses: int, accepted: bool = False) -> Drift | None:
    """How a target stands now, if it is not as it was left.

    Args:
        looks: all looks at one target at one origin, oldest first, or those since the last time but
            one it was out.
        misses: how many looks it takes before something is alarming; coming back on needs one.
        accepted: whether somebody has accepted that it is in, for now.

    Returns:
        None for a target that is well, or that was never out, or that somebody wanted in again.
    """
    chapters = _chapters(looks)
    drift = _drift(chapters[-1], misses) if chapters and chapters[-1].after else None
    return None if accepted and drift and drift.name is DriftName.CAME_BACK_ON else drift


def put_right(looks: Sequence[Look]) -> Drift | None:
    """What the newest look has put right: it found the setting in that was out before, and opted out."""
    chapters = _chapters(looks)
    if len(chapters) < 2 or chapters[-1].after:  # noqa: PLR2004 - something before, and well now
        return None
    fixed, before = chapters[-1].good, chapters[-2]
    if fixed.outcome is not Outcome.OPTED_OUT:
        return None
    ins = [look for look in before.after if look.is_in] or [fixed]
    return Drift(
        name=DriftName.CAME_BACK_ON,
        since=ins[0].at,
        misses=len(ins),
        alarming=True,
        good=before.good,
        found=ins[-1],
        fixed=fixed,
    )


def saw_nothing(look: Look) -> bool:
    """Whether a visit did not get as far as to see anything of the page or its door."""
    return look.reading is Reading.UNKNOWN and look.outcome in _NO_LOOK and name_of(look) is None


def name_of(look: Look) -> DriftName | None:
    """What one look would be called, were the target out before; None where it says nothing."""
    if look.is_in:
        return DriftName.CAME_BACK_ON
    if look.reading is Reading.NOT_OFFERED:
        return DriftName.SETTING_GONE
    if look.outcome is Outcome.UNREADABLE:
        return DriftName.PAGE_CHANGED
    if look.outcome is Outcome.NEEDS_PERSON and look.why not in _NOT_THE_DOOR:
        return DriftName.SIGNED_OUT
    return None


def _chapters(looks: Sequence[Look]) -> list[_Chapter]:
    """The looks cut at every time the target was well; none where it has to be well first."""
    chapters: list[_Chapter] = []
    for look in looks:
        if look.wanted_in:
            chapters = []
        elif look.is_out or _never_there(look, chapters):
            chapters.append(_Chapter(look, ()))
        elif chapters:
            chapters[-1] = _Chapter(chapters[-1].good, (*chapters[-1].after, look))
    return chapters


def _never_there(look: Look, chapters: Sequence[_Chapter]) -> bool:
    """Whether the setting is not offered, and was not before either."""
    before = chapters[-1].good.reading if chapters else Reading.NOT_OFFERED
    return look.reading is before is Reading.NOT_OFFERED


def _drift(chapter: _Chapter, misses: int) -> Drift | None:
    good = chapter.good
    known = [look for look in chapter.after if name_of(look) in _SEEN]
    if known and known[-1].is_in:
        # Seen in, it stays so until it is seen out, whatever hides it meanwhile.
        return _of(DriftName.CAME_BACK_ON, good, _last_row(known, DriftName.CAME_BACK_ON), 1)
    unseen = [look for look in chapter.after if not known or look.at > known[-1].at]
    missed = [look for look in unseen if name_of(look)]
    hidden = None
    if missed:
        name = name_of(missed[-1])
        assert name  # noqa: S101 - each of them has one
        # However the reasons take turns, so many looks without a reading are enough.
        hidden = _of(name, good, _last_row(missed, name), misses, counted=len(missed))
    gone = None
    if known:
        gone = _of(DriftName.SETTING_GONE, good, _last_row(known, DriftName.SETTING_GONE), misses)
    return hidden if hidden and (hidden.alarming or not gone) else gone


def _of(name: DriftName, good: Look, row: Sequence[Look], misses: int, *, counted: int = 0) -> Drift:
    count = counted or len(row)
    return Drift(
        name=name,
        since=row[0].at,
        misses=count,
        alarming=count >= misses,
        good=good,
        found=row[-1],
    )


def _last_row(looks: Sequence[Look], name: DriftName) -> list[Look]:
    """The unbroken row of looks of this name that ends with the last one."""
    row: list[Look] = []
    for look in reversed(looks):
        if name_of(look) is not name:
            break
        row.insert(0, look)
    return row
