"""Results as JSON, one object per target."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from optout.ledger.status import StatusRow
    from optout.model import Result


def as_json(data: object) -> str:
    """Data as JSON text, in ASCII, so that it is JSON in whatever encoding it is written."""
    return json.dumps(data, indent=2)


def list_as_json(objects: Iterable[object]) -> Iterator[str]:
    """What `as_json` would make of a list, a piece at a time, so that it may be of any length."""
    said = False
    for each in objects:
        yield ",\n  " if said else "[\n  "
        yield as_json(each).replace("\n", "\n  ")
        said = True
    yield "\n]\n" if said else "[]\n"


def result_object(result: Result) -> dict[str, Any]:
    """One result as plain data."""
    return {
        "platform": result.target.account.platform,
        "setting": result.target.setting,
        "account": result.target.account.login,
        "reading": result.reading,
        "locked": result.locked,
        "outcome": result.outcome,
        "why": result.why,
        "reason": result.reason,
        "next": result.next_step,
        "evidence": str(result.evidence) if result.evidence else None,
        "evidence_digest": result.evidence_digest or None,
        "origin": result.origin,
        "practice": result.practice,
        "notes": list(result.notes),
        "at": result.at.isoformat(),
    }


def status_object(row: StatusRow, evidence: Path) -> dict[str, Any]:
    """Where one target stands, as plain data."""
    proof = row.last_proof_evidence
    return {
        "platform": row.target.account.platform,
        "setting": row.target.setting or None,
        "account": row.target.account.login,
        "reading": row.known_reading,
        "locked": row.known_locked,
        "since": row.since.isoformat() if row.since else None,
        "last_look": row.at.isoformat() if row.at else None,
        "last_reading": row.reading,
        "last_outcome": row.outcome,
        "why": row.why,
        "reason": row.reason,
        "next": row.next_step,
        "last_proof": row.last_proof_at.isoformat() if row.last_proof_at else None,
        "last_proof_evidence": str(evidence / proof) if proof else None,
        "origin": row.origin,
        "practice": row.practice,
    }
