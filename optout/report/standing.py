"""Where one target stands, given all that was ever seen of it: one word, and what it rests on."""

from __future__ import annotations

import enum
import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from optout.evidence.bundle import MANIFEST
from optout.evidence.tombstone import TOMBSTONE_FILE
from optout.model import Outcome, Reading
from optout.watch.drift import DriftName
from optout.watch.drift import standing as drift_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from optout.ledger.history import Look


class Standing(enum.StrEnum):
    """Where a target stands; every target stands in exactly one place."""

    PROVEN_OUT = "proven-out"
    NOT_OFFERED = "not-offered"
    OUT_BEFORE = "out-before"
    CLAIMED = "claimed"
    UNDONE = "undone"
    CAME_BACK_ON = "came-back-on"
    IN = "in"
    WAIVED = "waived"
    NEEDS_PERSON = "needs-person"
    UNREADABLE = "unreadable"
    UNREACHABLE = "unreachable"
    SKIPPED = "skipped"
    FAILED = "failed"
    NO_EVIDENCE = "no-evidence"
    NEVER_LOOKED = "never-looked"


class Kept(enum.StrEnum):
    """What became of the evidence of a look."""

    KEPT = "kept"
    NONE = "none"
    PURGED = "purged"
    MISSING = "missing"
    CHANGED = "changed"


@dataclass(frozen=True)
class Stand:
    """Where a target stands.

    Attributes:
        standing: the one word.
        last: the newest look; None where nobody has looked.
        since: when the unbroken row of such readings began, UTC; `unknown` does not break it.
        proof: the newest look that saw it out, locked out or not offered and left evidence.
        kept: what became of that evidence.
    """

    standing: Standing
    last: Look | None = None
    since: datetime | None = None
    proof: Look | None = None
    kept: Kept = Kept.NONE


# An outcome that says by itself where a target stands, unless it was seen out before.
_PLAIN = {
    Outcome.NEEDS_PERSON: Standing.NEEDS_PERSON,
    Outcome.MANAGED: Standing.NEEDS_PERSON,
    Outcome.CLAIMED: Standing.CLAIMED,
    Outcome.UNREADABLE: Standing.UNREADABLE,
    Outcome.UNREACHABLE: Standing.UNREACHABLE,
    Outcome.SKIPPED: Standing.SKIPPED,
    Outcome.FAILED: Standing.FAILED,
}
# Where a waiver says more than that a target is not out.
_OPEN = frozenset(
    {
        Standing.UNDONE,
        Standing.CAME_BACK_ON,
        Standing.IN,
        Standing.NEEDS_PERSON,
        Standing.UNREADABLE,
        Standing.UNREACHABLE,
        Standing.SKIPPED,
        Standing.FAILED,
        Standing.NEVER_LOOKED,
    }
)
_SEEN_OUT = (Outcome.OPTED_OUT, Outcome.ALREADY_OUT, Outcome.MANAGED)


def stand(looks: Sequence[Look], evidence: Callable[[Look], Kept], *, waived: bool = False) -> Stand:
    """Where a target stands.

    Args:
        looks: every look at it, oldest first.
        evidence: what became of a look's evidence.
        waived: whether somebody has accepted that it is not out, for now.
    """
    found = _stand(looks, evidence)
    return replace(found, standing=Standing.WAIVED) if waived and found.standing in _OPEN else found


def _stand(looks: Sequence[Look], evidence: Callable[[Look], Kept]) -> Stand:
    if not looks:
        return Stand(Standing.NEVER_LOOKED)
    last = looks[-1]
    proof = next((look for look in reversed(looks) if _shows_it(look) and look.evidence), None)
    kept = evidence(proof) if proof else Kept.NONE
    return Stand(_standing(looks, proof, kept), last, _since(looks), proof, kept)


def evidence_in(root: Path) -> Callable[[Look], Kept]:
    """Tells what became of evidence: a bundle whose manifest is there, and the one that was recorded.

    Args:
        root: the folder that all bundles are in.
    """

    def kept(look: Look) -> Kept:
        if look.evidence is None:
            return Kept.NONE
        try:
            manifest = (root / look.evidence / MANIFEST).read_bytes()
        except OSError:
            tombstone = root / look.evidence / TOMBSTONE_FILE
            return Kept.PURGED if tombstone.is_file() else Kept.MISSING
        same = hashlib.sha256(manifest).hexdigest() == look.evidence_digest
        return Kept.KEPT if same else Kept.CHANGED

    return kept


def _standing(looks: Sequence[Look], proof: Look | None, kept: Kept) -> Standing:
    last = looks[-1]
    if last.outcome is Outcome.UNDONE or last.wanted_in:
        return Standing.UNDONE
    if _shows_it(last):
        if proof is not last or kept is not Kept.KEPT:
            return Standing.NO_EVIDENCE
        return Standing.NOT_OFFERED if last.outcome is Outcome.NOT_OFFERED else Standing.PROVEN_OUT
    if last.is_in:
        drift = drift_of(looks, misses=1)
        back = drift is not None and drift.name is DriftName.CAME_BACK_ON
        return Standing.CAME_BACK_ON if back else Standing.IN
    known = next((look for look in reversed(looks) if look.reading is not Reading.UNKNOWN), None)
    if known is not None and known is proof and known.is_out and kept is Kept.KEPT:
        return Standing.OUT_BEFORE
    # A look that ended in this way has seen nothing that could be counted as out.
    return _PLAIN.get(last.outcome, Standing.UNREADABLE)


def _shows_it(look: Look) -> bool:
    """Whether a look saw with its own eyes that there is nothing left to do."""
    if look.outcome is Outcome.NOT_OFFERED:
        return look.reading is Reading.NOT_OFFERED
    return look.outcome in _SEEN_OUT and look.is_out


def _since(looks: Sequence[Look]) -> datetime | None:
    known = [look for look in looks if look.reading is not Reading.UNKNOWN]
    since = None
    for look in reversed(known):
        if (look.reading, look.locked) != (known[-1].reading, known[-1].locked):
            break
        since = look.at
    return since
