"""One target as one line of a report: the columns that every format has."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, NamedTuple

from optout.model import Reading, Why
from optout.report.standing import Kept, Stand, Standing
from optout.report.words import READINGS, REASONS, STANDINGS

if TYPE_CHECKING:
    from datetime import datetime

    from optout.ledger.coverage import History
    from optout.ledger.history import Look
    from optout.model import Account, Target

COLUMNS = {
    "platform": "Platform",
    "setting": "Setting",
    "account": "Account",
    "group": "Group",
    "standing": "Standing",
    "in_words": "In words",
    "why": "Reason code",
    "reason": "Reason",
    "details": "Details",
    "next": "What to do",
    "waiver": "Waiver",
    "mandate": "Mandate",
    "reading": "Last known reading",
    "since": "Since (UTC)",
    "last_look": "Last look (UTC)",
    "last_outcome": "Last outcome",
    "last_bundle": "Bundle of the last look",
    "proven": "Last proof (UTC)",
    "proof_bundle": "Bundle of the proof",
    "proof_digest": "SHA-256 of its manifest",
    "evidence": "Evidence",
    "site": "Site",
    "practice": "Practice",
}
"""The columns of every format, by name, in order: one per field of `Line`."""


class Line(NamedTuple):
    """One target, as every format shows it.

    Attributes:
        platform: such as `linkedin`.
        setting: such as `ai-training`; empty where nothing is known about the platform's settings.
        account: the login.
        group: the group that the account belongs to; empty for none.
        standing: one of `Standing`.
        in_words: the same for people.
        why: the reason as a word that scripts can match.
        reason: the same for people.
        details: what the visit said about it.
        next: what the person can do.
        waiver: who has accepted until when, and why, that it is not out; empty where nobody has.
        mandate: who authorised optout to act for the account, when, and where that is written down.
        reading: what was last read, for people; empty where nothing ever was.
        since: since when, ISO 8601, UTC.
        last_look: when somebody last looked.
        last_outcome: what that established.
        last_bundle: its bundle, relative to the evidence folder.
        proven: when evidence last showed it out, locked out or not offered.
        proof_bundle: that bundle.
        proof_digest: SHA-256 of its manifest.
        evidence: what became of that bundle, one of `Kept`.
        site: scheme, host and port.
        practice: `PRACTICE` where it was a practice site.
    """

    platform: str
    setting: str
    account: str
    group: str
    standing: str
    in_words: str
    why: str = ""
    reason: str = ""
    details: str = ""
    next: str = ""
    waiver: str = ""
    mandate: str = ""
    reading: str = ""
    since: str = ""
    last_look: str = ""
    last_outcome: str = ""
    last_bundle: str = ""
    proven: str = ""
    proof_bundle: str = ""
    proof_digest: str = ""
    evidence: str = Kept.NONE
    site: str = ""
    practice: str = ""


def line_of(history: History, found: Stand, *, waiver: str = "", mandate: str = "") -> Line:
    """A target and where it stands, as texts.

    Args:
        history: the target with its looks.
        found: where it stands.
        waiver: who has accepted that it is not out.
        mandate: who authorised visits to its account.
    """
    target, last, proof = history.place.target, found.last, found.proof
    known = next((look for look in reversed(history.looks) if look.reading is not Reading.UNKNOWN), None)
    return Line(
        platform=target.account.platform,
        setting=target.setting,
        account=target.account.login,
        group=history.group,
        standing=found.standing,
        in_words=STANDINGS[found.standing],
        reading=_reading(known),
        since=_time(found.since),
        waiver=waiver,
        mandate=mandate,
        site=history.place.origin,
        practice="PRACTICE" if history.place.practice else "",
        **(_last(found, last) if last else {"next": _look_at(target.account)}),
        **(_proof(found.kept, proof) if proof else {}),
    )


def _last(found: Stand, last: Look) -> dict[str, Any]:
    return {
        "why": last.why,
        "reason": _reason(found, last),
        "details": last.reason,
        "next": _look_at(last.target) if found.standing is Standing.NO_EVIDENCE else last.next_step,
        "last_look": _time(last.at),
        "last_outcome": last.outcome,
        "last_bundle": last.evidence or "",
    }


def _look_at(what: Account | Target) -> str:
    # A login can hold what a shell would run.
    return f"Look at it with: optout check {shlex.quote(str(what))}"


def _proof(kept: Kept, proof: Look) -> dict[str, Any]:
    return {
        "proven": _time(proof.at),
        "proof_bundle": proof.evidence or "",
        "proof_digest": proof.evidence_digest,
        "evidence": kept,
    }


def _reason(found: Stand, last: Look) -> str:
    if found.standing is Standing.WAIVED and not last.is_in:
        return f"waived; besides, {REASONS[last.why]}" if REASONS[last.why] else REASONS[Why.WAIVED]
    if found.standing is Standing.WAIVED:
        return REASONS[Why.WAIVED]
    if found.standing is Standing.NO_EVIDENCE:
        return _EVIDENCE[found.kept if found.proof is last else Kept.NONE]
    return REASONS[last.why]


_EVIDENCE = {
    Kept.NONE: "the newest look left no evidence",
    Kept.PURGED: "the bundle was removed on purpose; a tombstone stands in its place",
    Kept.MISSING: "the bundle is not in the evidence folder of this machine",
    Kept.CHANGED: "the bundle's manifest is not the one that was recorded",
    Kept.KEPT: "",
}


def _reading(look: Look | None) -> str:
    if look is None:
        return ""
    locked = f", {READINGS[look.locked]}" if look.locked else ""
    return f"{READINGS[look.reading]}{locked}"


def _time(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""
