"""From readings to an outcome. Nothing here looks at a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from optout.errors import EvidenceNotWritten, PageUnexpected, PersonNeeded, SiteUnreachable
from optout.model import Outcome, Reading, Why

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optout.errors import OptoutError
    from optout.model import Observation, Target
    from optout.visit.survey import ControlSeen, PageSeen
    from optout.visit.tab import Write

_REFUSED = 400
_STILL_IN = (Why.COVERED, Why.FORBIDDEN)
# Of several objects' outcomes, the first of these that occurs speaks for all.
_SEVERITY = (
    Outcome.FAILED,
    Outcome.UNREACHABLE,
    Outcome.UNREADABLE,
    Outcome.NEEDS_PERSON,
    Outcome.CLAIMED,
    Outcome.NOT_SAVED,
    Outcome.STILL_IN,
    Outcome.SKIPPED,
    Outcome.MANAGED,
    Outcome.UNDONE,
    Outcome.OPTED_OUT,
    Outcome.ALREADY_OUT,
    Outcome.NOT_OFFERED,
)
_REPORT = "The page may have changed. Nothing was touched; report it to the flow's author."


@dataclass(frozen=True)
class Verdict:
    """An outcome and why.

    Attributes:
        outcome: what the visit established.
        why: the reason as a word.
        reason: the reason as a sentence.
        next_step: what the person can do now.
    """

    outcome: Outcome
    why: Why = Why.NONE
    reason: str = ""
    next_step: str = ""


def unchanged(
    observation: Observation, target: Target, *, expected: str = "", dry_run: bool = False
) -> Verdict:
    """The outcome of a reading after which nothing was touched.

    Args:
        observation: the reading.
        target: what it is a reading of.
        expected: what the page should have shown.
        dry_run: whether a run only says what it would do.
    """
    reading = observation.reading
    if reading is Reading.OUT:
        return Verdict(Outcome.ALREADY_OUT)
    if reading is Reading.NOT_OFFERED:
        return Verdict(Outcome.NOT_OFFERED, reason=observation.detail)
    if reading is Reading.MANAGED:
        return _managed(observation)
    if reading is Reading.IN and dry_run:
        return Verdict(
            Outcome.SKIPPED,
            Why.DRY_RUN,
            "this was a dry run: the setting is in, and a run would switch it off",
            f"Switch it off with: optout run {target}",
        )
    if reading is Reading.IN:
        return Verdict(Outcome.STILL_IN, next_step=f"Switch it off with: optout run {target}")
    seen = f" (seen: {'; '.join(observation.candidates[:4])})" if observation.candidates else ""
    wanted = f"; expected {expected}" if expected else ""
    said = f"read: {observation.detail}{seen}{wanted}"
    return Verdict(Outcome.UNREADABLE, observation.why, said, _REPORT)


def accepted(observation: Observation, target: Target, waived: str) -> Verdict:
    """The outcome of a setting that is in, as somebody has accepted for a while."""
    managed = observation.reading is Reading.MANAGED
    return Verdict(
        Outcome.MANAGED if managed else Outcome.STILL_IN,
        Why.WAIVED,
        f"it is in, and that is accepted: {waived}",
        f"Take that back with: optout waive {target} --withdraw",
    )


def changed(after: Observation, writes: Sequence[Write], target: Target) -> Verdict:
    """The outcome of a change, from the reading after a fresh load."""
    if after.reading is Reading.OUT:
        return Verdict(Outcome.OPTED_OUT)
    if after.reading is Reading.MANAGED and after.locked is Reading.OUT:
        return Verdict(Outcome.OPTED_OUT, Why.LOCKED_OUT, "it is locked since")
    if after.reading in (Reading.IN, Reading.MANAGED):
        refused = [write for write in writes if write.status >= _REFUSED]
        if refused:
            said = f"the site refused to save it ({refused[0].method} answered {refused[0].status})"
            why = Why.SAVE_REFUSED
        else:
            said = "the setting is in again"
            why = Why.NOT_KEPT
        return Verdict(
            Outcome.NOT_SAVED,
            why,
            f"prove: {said}; expected it to be out after a fresh load",
            f"Try again later, or by hand with: optout run {target} --mode guided",
        )
    return Verdict(
        Outcome.UNREADABLE,
        after.why,
        f"prove: {after.detail}; expected it to be out after a fresh load",
        f"Look again with: optout check {target}",
    )


def of_error(error: OptoutError, last: Observation) -> Verdict:
    """The outcome of a visit that had to stop, after the last reading that counts."""
    if isinstance(error, PersonNeeded):
        outcome = Outcome.NEEDS_PERSON
    elif isinstance(error, PageUnexpected):
        untouchable = error.why in _STILL_IN and last.reading is Reading.IN
        outcome = Outcome.STILL_IN if untouchable else Outcome.UNREADABLE
    elif isinstance(error, SiteUnreachable):
        outcome = Outcome.UNREACHABLE
    else:
        outcome = Outcome.FAILED
    why = error.why or (
        Why.EVIDENCE_NOT_WRITTEN if isinstance(error, EvidenceNotWritten) else Why.UNFORESEEN
    )
    return Verdict(outcome, why, error.reason, error.next_step)


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict on a setting that stands once per object: as good as its worst object."""
    return min(
        verdicts,
        key=lambda verdict: (_SEVERITY.index(verdict.outcome), verdict.why is Why.LOCKED_OUT),
    )


def moved_neighbours(before: PageSeen, after: PageSeen, own: ControlSeen | None) -> tuple[str, ...]:
    """Controls other than the setting's own that changed between two loads, one sentence each."""
    then, now = _by_handle(before), _by_handle(after)
    notes = []
    for handle, control in then.items():
        if own is not None and (control is own or control.is_option_beside(own)):
            continue
        name = control.name or " / ".join(control.beside) or control.handle or control.role
        if handle not in now:
            notes.append(f'"{name}" is no longer on the page')
        elif now[handle].state != control.state:
            notes.append(f'"{name}" went from {control.state} to {now[handle].state} as well')
    notes += [f'"{now[each].name or each[0]}" is new on the page' for each in now if each not in then]
    return tuple(notes)


def _by_handle(seen: PageSeen) -> dict[tuple[str, int], ControlSeen]:
    """Each control with a state, by its handle and its place among those of the same handle."""
    found: dict[tuple[str, int], ControlSeen] = {}
    for control in seen.of_role(("switch", "checkbox", "radio", "combobox", "listbox", "menubutton")):
        same = sum(handle == control.handle for handle, _ in found)
        found[control.handle, same] = control
    return found


def _managed(observation: Observation) -> Verdict:
    if observation.locked is Reading.OUT:
        return Verdict(Outcome.MANAGED, Why.LOCKED_OUT, "it is locked, and it is out")
    return Verdict(
        Outcome.MANAGED,
        Why.LOCKED_IN,
        "it is locked, and it is in",
        "Ask whoever manages this account to switch it off.",
    )
