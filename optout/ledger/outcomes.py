"""What visits established: recording results, and reading them back."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, text

from optout.ledger import chain_log
from optout.ledger.chain import Kind
from optout.ledger.problems import mistake
from optout.ledger.schema import outcomes, visits
from optout.model import Account, Outcome, Result, Target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from optout.ledger.ledger import Ledger

_c = outcomes.c
# Two machines may see a setting for the first time at once, and neither is to fail for it.
_SEEN = text(
    "INSERT INTO seen_settings (platform, setting) VALUES (:platform, :setting) ON CONFLICT DO NOTHING"
)


def record_result(ledger: Ledger, visit_id: str, result: Result, evidence_root: Path) -> bool:
    """Record one result; see `record_results`.

    Returns:
        False when this very result was recorded before.

    Raises:
        LedgerProblem: the result contradicts its visit or an earlier result of it, its evidence is
            elsewhere, or the ledger refused; nothing was recorded.
    """
    return record_results(ledger, visit_id, [result], evidence_root) == 1


def record_results(ledger: Ledger, visit_id: str, results: Sequence[Result], evidence_root: Path) -> int:
    """Record what a visit established, all of it or nothing.

    Each bundle enters the evidence log in the same transaction, so that there is no proven result
    outside the chain. Evidence is put in view before this; a crash between the two leaves a bundle
    without its rows, and recording what the bundle says closes that gap. Doing so twice does no harm.

    Args:
        ledger: where.
        visit_id: the visit.
        results: at most one per setting.
        evidence_root: the folder that all bundles are in.

    Returns:
        How many were new: a result that was recorded before is left as it is.

    Raises:
        LedgerProblem: a result contradicts its visit or an earlier result of it, its evidence is
            elsewhere, or the ledger refused; nothing was recorded.
    """
    with ledger.write() as connection:
        visit = connection.execute(select(visits).where(visits.c.id == visit_id)).one_or_none()
        if visit is None:
            raise mistake(f"there is no visit {visit_id}")
        of_visit = (Account(visit.platform, visit.login), visit.origin, visit.practice)
        new = 0
        for result in results:
            _same_visit(visit_id, of_visit, result)
            row = _row(visit_id, result, evidence_root)
            if not _known(connection, row):
                connection.execute(insert(outcomes).values(row))
                if not visit.practice:
                    seen = {"platform": visit.platform, "setting": result.target.setting}
                    connection.execute(_SEEN, seen)
                if row["evidence"] is not None:
                    chain_log.append(
                        connection, Kind.BUNDLE, row["evidence"], result.evidence_digest, result.at
                    )
                new += 1
    return new


def evidence_paths(ledger: Ledger) -> set[str]:
    """The bundles that outcomes point to, relative to the evidence folder, with `/` between.

    A bundle that is not among them was left by a crash. One that is may still lack an outcome of
    another setting, when results were recorded one by one.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    with ledger.read() as connection:
        known = connection.scalars(select(_c.evidence).where(_c.evidence.is_not(None)).distinct())
        return {path for path in known if path is not None}


def evidence_paths_of(ledger: Ledger, visit_id: str) -> set[str]:
    """The bundles that the outcomes of one visit point to; see `evidence_paths`.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    with ledger.read() as connection:
        known = connection.scalars(select(_c.evidence).where(_c.visit_id == visit_id))
        return {path for path in known if path is not None}


def settled_settings(ledger: Ledger, run_id: str, account: Account) -> set[str]:
    """The settings of an account that have a result in a run which another visit would not better.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    v = visits.c
    settled = (
        select(_c.setting)
        .join_from(outcomes, visits)
        .where(v.platform == account.platform, v.login == account.login, v.run_id == run_id)
        .where(_c.outcome != Outcome.FAILED)
    )
    with ledger.read() as connection:
        return set(connection.scalars(settled))


def numbers_of(ledger: Ledger, run_id: str, after: int = 0) -> list[int]:
    """The numbers of a run's results, in order, from some number on.

    They are given when a result begins to be written: one that comes later may have a lower number.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    query = select(_c.id).join_from(outcomes, visits).where(visits.c.run_id == run_id, _c.id > after)
    with ledger.read() as connection:
        return list(connection.scalars(query.order_by(_c.id)))


def results_of(
    ledger: Ledger, run_id: str, evidence_root: Path, *, numbers: Sequence[int] | None = None
) -> list[Result]:
    """All results of a run, or those of some numbers, in the order they were established.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    v = visits.c
    of_run = (
        select(outcomes, v.platform, v.login, v.origin, v.practice)
        .join_from(outcomes, visits)
        .where(v.run_id == run_id)
        .order_by(_c.at, _c.id)
    )
    if numbers is not None:
        of_run = of_run.where(_c.id.in_(numbers))
    with ledger.read() as connection:
        return [
            Result(
                target=Target(Account(row.platform, row.login), row.setting),
                at=row.at,
                reading=row.reading,
                outcome=row.outcome,
                locked=row.locked,
                why=row.why,
                reason=row.reason,
                next_step=row.next_step,
                evidence=evidence_root / row.evidence if row.evidence is not None else None,
                evidence_digest=row.evidence_digest,
                origin=row.origin,
                practice=row.practice,
                notes=tuple(row.notes),
            )
            for row in connection.execute(of_run)
        ]


def _same_visit(visit_id: str, visit: tuple[Account, str, bool], result: Result) -> None:
    """Refuse to book a result to another person, site or practice visit than it came from."""
    # A result that reached no page may not say where.
    found = (result.target.account, result.origin or visit[1], result.practice)
    if found != visit:
        raise mistake(
            f"the result for {result.target} at {result.origin} "
            f"(practice: {result.practice}) is not of visit {visit_id}, which goes to {visit[0]} "
            f"at {visit[1]} (practice: {visit[2]})"
        )


def _row(visit_id: str, result: Result, evidence_root: Path) -> dict[str, Any]:
    return {
        "visit_id": visit_id,
        "setting": result.target.setting,
        "reading": result.reading,
        "locked": result.locked,
        "outcome": result.outcome,
        "why": result.why,
        "reason": result.reason,
        "next_step": result.next_step,
        "evidence": _relative(result.evidence, evidence_root),
        "evidence_digest": result.evidence_digest,
        "notes": list(result.notes),
        "at": result.at,
    }


def _relative(evidence: Path | None, root: Path) -> str | None:
    """The path in a form that survives moving the folder, on any system."""
    if evidence is None:
        return None
    if not evidence.is_relative_to(root) or ".." in evidence.parts:
        raise mistake(f"the evidence {evidence} is not in the evidence folder {root}")
    return str(PurePosixPath(*evidence.relative_to(root).parts))


def _known(connection: Connection, row: dict[str, Any]) -> bool:
    same_target = (_c.visit_id == row["visit_id"], _c.setting == row["setting"])
    earlier = connection.execute(select(outcomes).where(*same_target)).one_or_none()
    if earlier is None:
        return False
    differing = [name for name, value in row.items() if getattr(earlier, name) != value]
    if differing:
        raise mistake(
            f"visit {row['visit_id']} has another outcome for {row['setting']} already, "
            f"with a different {' and '.join(differing)}"
        )
    return True
