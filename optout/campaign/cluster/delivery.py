"""Bringing tasks to workers with Procrastinate: ids only, in the ledger's own database.

The ledger says what is left to do and who does it. What is lost or doubled on the way does no harm: it
is handed out again, or refused when it is claimed.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import procrastinate
from procrastinate import exceptions, jobs, retry
from procrastinate.schema import SchemaManager
from sqlalchemy import inspect

from optout.errors import LedgerUnreachable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from sqlalchemy import Connection

    from optout.ledger.ledger import Ledger
    from optout.ledger.tasks import Task

_TASK = "optout.visit"
# A worker that has not been heard of for so long is dead; it says that it is alive every five seconds.
_BEAT_S, _SILENT_S = 5.0, 15.0
_POLL_S = 5.0
# How long the database may take before it counts as gone.
_ANSWER_S = 10.0
_CONNECTION = {"application_name": "optout", "connect_timeout": int(_ANSWER_S)}
_AGAIN = retry.RetryStrategy(max_attempts=3, linear_wait=5)


@dataclass(frozen=True)
class Parcel:
    """A task on its way."""

    task_id: str
    run_id: str


class Delivery:
    """An open connection to the tasks on their way.

    Args:
        ledger: one on PostgreSQL.
        visit: what is done with a task that arrives; where it raises, it is brought again, three times.
    """

    def __init__(self, ledger: Ledger, visit: Callable[[Parcel], Awaitable[None]] | None = None) -> None:
        self._ledger = ledger
        self._app = procrastinate.App(
            connector=procrastinate.PsycopgConnector(
                conninfo=ledger.conninfo, min_size=1, max_size=4, timeout=_ANSWER_S, kwargs=_CONNECTION
            )
        )

        @self._app.task(name=_TASK, retry=_AGAIN)
        async def arrived(task_id: str, run_id: str) -> None:
            if visit:
                await visit(Parcel(task_id, run_id))

    async def __aenter__(self) -> Self:
        """Open it; the tables are made where there are none.

        Raises:
            LedgerUnreachable: the database does not answer.
        """
        _make_tables(self._ledger)
        try:
            # The pool's own limit holds only from when it is open.
            async with asyncio.timeout(_ANSWER_S):
                await self._app.open_async()
        except (exceptions.ConnectorException, TimeoutError) as error:
            await self._app.close_async()
            raise self._unreachable(error) from None
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it."""
        await self._app.close_async()

    async def send(self, tasks: Sequence[Task]) -> int:
        """Send tasks on their way; one that is on its way already is not sent twice.

        Returns:
            How many were sent.

        Raises:
            LedgerUnreachable: the database does not answer.
        """
        sent = 0
        for task in tasks:
            deferrer = self._app.configure_task(
                _TASK,
                queue=task.account.platform,
                lock=_name_of_account(task),
                queueing_lock=task.id,
            )
            try:
                await deferrer.defer_async(task_id=task.id, run_id=task.run_id)
            except exceptions.AlreadyEnqueued:
                continue
            except exceptions.ConnectorException as error:
                raise self._unreachable(error) from None
            sent += 1
        return sent

    async def receive(self, platform: str, at_once: int) -> None:
        """Take what arrives for a platform until this is cancelled; then what was begun is ended first.

        Args:
            platform: whose tasks.
            at_once: how many at the same time.

        Raises:
            LedgerUnreachable: the database does not answer any more.
        """
        try:
            await self._app.run_worker_async(
                queues=[platform],
                concurrency=at_once,
                install_signal_handlers=False,
                delete_jobs=jobs.DeleteJobCondition.ALWAYS,
                fetch_job_polling_interval=_POLL_S,
                update_heartbeat_interval=_BEAT_S,
                stalled_worker_timeout=_SILENT_S,
            )
        except exceptions.ConnectorException as error:
            raise self._unreachable(error) from None
        # It ends by itself only where its connection does, and says no more about it.
        raise self._unreachable(ConnectionError("the connection was lost"))

    async def sweep(self) -> int:
        """Send on what was brought to workers that are dead by now.

        This is no task of its own, so that it cannot get stuck with them.

        Returns:
            How many tasks that were.

        Raises:
            LedgerUnreachable: the database does not answer.
        """
        swept = 0
        try:
            stalled = await self._app.job_manager.get_stalled_jobs(
                task_name=_TASK, seconds_since_heartbeat=_SILENT_S
            )
            for job in stalled:
                # The same task may have been sent anew meanwhile.
                try:
                    await self._app.job_manager.retry_job(job)
                except exceptions.UniqueViolation:
                    await self._app.job_manager.finish_job(job, jobs.Status.FAILED, delete_job=True)
                swept += 1
        except exceptions.ConnectorException as error:
            raise self._unreachable(error) from None
        return swept

    def _unreachable(self, error: BaseException) -> LedgerUnreachable:
        said = str(error.__cause__ or error).splitlines() or [type(error).__name__]
        return LedgerUnreachable(
            f"the database {self._ledger.place} does not answer",
            step="ledger",
            found=said[0],
            next_step="See that PostgreSQL runs there and lets this machine in.",
        )


def _name_of_account(task: Task) -> str:
    """What stands for an account in the database's queue, where its login has no place."""
    return hashlib.sha256(f"{task.account} {task.origin}".encode()).hexdigest()[:32]


def _make_tables(ledger: Ledger) -> None:
    """Make Procrastinate's tables beside the ledger's, unless they are there."""
    with ledger.read() as connection:
        if _has_tables(connection):
            return
    with ledger.migrate() as connection:
        if not _has_tables(connection):  # another process may have made them meanwhile
            cursor = connection.connection.cursor()
            cursor.execute(SchemaManager.get_schema())


def _has_tables(connection: Connection) -> bool:
    return inspect(connection).has_table("procrastinate_jobs")
