"""Turning a bundle back into the result it was sealed for, where nobody lived to record that."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

from optout.errors import EvidenceInvalid
from optout.evidence import claim, record
from optout.evidence.bundle import check_bundle
from optout.ledger.chain import MALFORMED
from optout.model import Account, Outcome, Reading, Result, Target, Why

if TYPE_CHECKING:
    from pathlib import Path

# What was read, where the outcome leaves no doubt. Whatever else was read then counts as unknown.
_READ = {
    Outcome.OPTED_OUT: (Reading.OUT, Reading.MANAGED),
    Outcome.ALREADY_OUT: (Reading.OUT,),
    Outcome.NOT_OFFERED: (Reading.NOT_OFFERED,),
    Outcome.MANAGED: (Reading.MANAGED,),
    Outcome.STILL_IN: (Reading.IN,),
    Outcome.NOT_SAVED: (Reading.IN, Reading.MANAGED),
    Outcome.SKIPPED: (Reading.IN,),
    Outcome.UNDONE: (Reading.IN,),
}
_WELL = (Outcome.OPTED_OUT, Outcome.ALREADY_OUT, Outcome.NOT_OFFERED, Outcome.UNDONE)


def says_visit(folder: Path) -> str:
    """The visit that a bundle says it is of; empty where it says none."""
    try:
        return str(json.loads((folder / claim.RECORD).read_bytes())["visit"])
    except (OSError, *MALFORMED):
        return ""


def result_of(folder: Path, account: Account) -> Result:
    """The result that a bundle was sealed for.

    Args:
        folder: the bundle.
        account: whose visit it is of; in the bundle their name is masked.

    Raises:
        EvidenceInvalid: it is not as it was written, or does not say what a result needs.
    """
    bundle = check_bundle(folder)
    try:
        said = json.loads((folder / claim.RECORD).read_bytes())
        outcome, target = Outcome(said["outcome"]), Target(account, said["setting"])
        reading, locked = _reading(said, outcome)
        return Result(
            target=target,
            at=datetime.datetime.fromisoformat(said["ended" if _is_visit(said) else "recorded"]),
            reading=reading,
            locked=locked,
            outcome=outcome,
            why=Why(said["why"]),
            reason=str(said.get("reason", said.get("statement", ""))),
            next_step="" if outcome in _WELL else f"Look again with: optout check {target}",
            evidence=bundle.folder,
            evidence_digest=bundle.digest,
            origin=str(said.get("origin", "")),
            practice=bool(said.get("practice", False)),
            notes=tuple(map(str, said.get("notes", ()))),
        )
    except MALFORMED:
        raise EvidenceInvalid(
            f"the bundle {folder} does not say what was established",
            step="evidence",
            expected=f"a record as {record.SCHEMA} or {claim.SCHEMA} describes it",
            next_step="Do not rely on it; run the visit again.",
        ) from None


def _is_visit(said: dict[str, Any]) -> bool:
    if said["schema"] not in (record.SCHEMA, claim.SCHEMA):
        raise ValueError(said["schema"])
    return bool(said["schema"] == record.SCHEMA)


def _reading(said: dict[str, Any], outcome: Outcome) -> tuple[Reading, Reading | None]:
    """The last reading that goes with an outcome: unknown is never out, and doubt is unknown."""
    for step in reversed([*said.get("before", ()), *said.get("after", ())]):
        if step["reading"] in _READ.get(outcome, ()):
            return Reading(step["reading"]), Reading(step["locked"]) if step["locked"] else None
    return Reading.UNKNOWN, None
