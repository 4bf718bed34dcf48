"""Runs and visits: when each began and ended, and which were left open."""

from __future__ import annotations

import os
import platform
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from optout import __version__
from optout.ledger.problems import mistake
from optout.ledger.schema import runs, visits
from optout.model import Account, Mode

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from optout.ledger.ledger import Ledger


@dataclass(frozen=True)
class OpenVisit:
    """A visit that has not ended: it is going on, or its process died.

    Attributes:
        host: the name of the machine it began on.
        pid: the process it began in; dead there means that the visit was interrupted.
        started_at: UTC.
        worker: which of that process's workers; empty where it had none.
    """

    id: str
    run_id: str
    account: Account
    origin: str
    practice: bool
    mode: Mode
    host: str
    pid: int
    started_at: datetime
    worker: str = ""


def start_run(
    ledger: Ledger, command: str, *, at: datetime, wishes: dict[str, Any] | None = None
) -> str:
    """Note that a command began.

    Args:
        ledger: where.
        command: its name: `run`, `check`, `demo`.
        at: now, with its zone.
        wishes: what was asked for, where the run can be gone on with.

    Returns:
        The run's id.

    Raises:
        LedgerProblem: the ledger refused.
    """
    with ledger.write() as connection:
        return new_run(connection, command, at, wishes)


def new_run(
    connection: Connection, command: str, at: datetime, wishes: dict[str, Any] | None = None
) -> str:
    """`start_run` as a part of a larger transaction."""
    run_id = uuid.uuid4().hex
    facts = {"id": run_id, "command": command, "started_at": at, "tool_version": __version__}
    connection.execute(insert(runs).values({**facts, "wishes": wishes}))
    return run_id


def end_run(ledger: Ledger, run_id: str, *, at: datetime) -> None:
    """Note that a run ended.

    Raises:
        LedgerProblem: there is no such run, or the ledger refused.
    """
    with ledger.write() as connection:
        ended = update(runs).where(runs.c.id == run_id).values(ended_at=at)
        if not connection.execute(ended).rowcount:
            raise mistake(f"there is no run {run_id}")


def start_visit(
    ledger: Ledger,
    run_id: str,
    account: Account,
    *,
    origin: str,
    practice: bool,
    mode: Mode,
    flow_version: str,
    browser: str,
    at: datetime,
    worker: str = "",
) -> str:
    """Note that this process begins a visit.

    Args:
        ledger: where.
        run_id: the run it belongs to.
        account: whose visit.
        origin: scheme, host and port it goes to.
        practice: whether that is a practice site.
        mode: who signs in and who clicks.
        flow_version: the version of the platform's flow.
        browser: the browser's name and version.
        at: now, with its zone.
        worker: which of this process's workers makes it.

    Returns:
        The visit's id.

    Raises:
        LedgerProblem: there is no such run, or the ledger refused.
    """
    facts = {
        "id": uuid.uuid4().hex,
        "run_id": run_id,
        "platform": account.platform,
        "login": account.login,
        "origin": origin,
        "practice": practice,
        "mode": mode,
        "flow_version": flow_version,
        "browser": browser,
        "host": platform.node(),
        "pid": os.getpid(),
        "started_at": at,
        "worker": worker,
    }
    with ledger.write() as connection:
        if connection.scalar(select(runs.c.id).where(runs.c.id == run_id)) is None:
            raise mistake(f"there is no run {run_id}")
        connection.execute(insert(visits).values(facts))
    return str(facts["id"])


def visit_uses(ledger: Ledger, visit_id: str, browser: str) -> None:
    """Note which browser a visit has got.

    Raises:
        LedgerProblem: the ledger cannot be written.
    """
    with ledger.write() as connection:
        connection.execute(update(visits).where(visits.c.id == visit_id).values(browser=browser))


def end_visit(ledger: Ledger, visit_id: str, *, at: datetime) -> None:
    """Note that a visit ended.

    Raises:
        LedgerProblem: there is no such visit, or the ledger refused.
    """
    with ledger.write() as connection:
        ended = update(visits).where(visits.c.id == visit_id).values(ended_at=at)
        if not connection.execute(ended).rowcount:
            raise mistake(f"there is no visit {visit_id}")


def open_visits(ledger: Ledger) -> list[OpenVisit]:
    """The visits that have not ended, the oldest first.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    still_open = select(visits).where(visits.c.ended_at.is_(None)).order_by(visits.c.started_at)
    with ledger.read() as connection:
        return [
            OpenVisit(
                id=row.id,
                run_id=row.run_id,
                account=Account(row.platform, row.login),
                origin=row.origin,
                practice=row.practice,
                mode=row.mode,
                host=row.host,
                pid=row.pid,
                started_at=row.started_at,
                worker=row.worker,
            )
            for row in connection.execute(still_open)
        ]
