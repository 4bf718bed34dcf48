"""A ledger on PostgreSQL: how its connections behave, and what its errors mean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, event
from sqlalchemy.exc import DBAPIError, StatementError

from optout.errors import LedgerProblem, LedgerUnreachable

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import URL, Connection, Engine
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.pool import ConnectionPoolEntry

_CONNECT_S = 10
# A connection whose other end has vanished is noticed within a minute, and not after hours.
_NETWORK = {"keepalives_idle": 20, "keepalives_interval": 10, "keepalives_count": 3}
# No statement of ours takes minutes: one that does hangs, and holds up everybody behind it.
_STATEMENT_MS = 300_000
# A writer that stops in the middle holds the evidence log, which every other writer waits for.
_IDLE_WRITER_MS = 60_000
# Any number, as long as nobody else's program takes the same: "optout" in ASCII.
_MIGRATING = 0x6F70746F7574
_BEGIN = {
    # What is read in several statements is of one moment.
    "read": "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    # Each statement sees what was committed before it: whoever has waited for a lock must see what the
    # one before left. A snapshot from before the wait would let two entries follow the same one.
    "write": "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; "
    f"SET LOCAL idle_in_transaction_session_timeout = {_IDLE_WRITER_MS}",
    "migrate": "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; "
    f"SELECT pg_advisory_xact_lock({_MIGRATING})",
}
_UNREACHABLE = (
    "the database {place} does not answer",
    (
        "See that PostgreSQL runs there and lets this machine in, then run this again; what was "
        "recorded before is kept."
    ),
)
_REFUSED = (
    "the database {place} does not let this user in",
    "Correct the user in OPTOUT_DATABASE, or the password in ~/.pgpass; nothing was changed.",
)
_NOWHERE = (
    "there is no database {place}",
    "Make it (createdb), or correct its name in OPTOUT_DATABASE; nothing was changed.",
)
_FULL = (
    "the disk or the memory of the database {place} is full",
    "Make room there and run this again; this entry was not recorded, all before it are kept.",
)
# By SQLSTATE, or by its class: https://www.postgresql.org/docs/current/errcodes-appendix.html
_SAID = {
    "28": _REFUSED,
    "3D000": _NOWHERE,
    "42501": (
        "this user may not do that in the database {place}",
        "Make the user the database's owner, or let it create tables there; nothing was changed.",
    ),
    "53300": (
        "the database {place} accepts no more connections",
        "Start fewer workers, or raise its max_connections; nothing was changed.",
    ),
    "53": _FULL,
    "55P03": (
        "another program kept {place} locked for longer than {patience:g} seconds",
        "Let the other program finish or close it, then run this again; nothing was changed.",
    ),
    "57014": (
        "the database {place} took longer than {limit:g} seconds and was told to stop",
        "See what keeps it busy (pg_stat_activity), then run this again; nothing was changed.",
    ),
    "40": (
        "the database {place} undid this because somebody else wrote at the same time",
        "Run this again; nothing was changed.",
    ),
    "25P03": (
        "the database {place} hung up because this program stood still while it wrote",
        "Run this again; what was being written was not recorded.",
    ),
}
# Whoever is not let in gets no SQLSTATE from the driver, only what the server says.
_NOT_LET_IN = (
    (re.compile(r'database ".*" does not exist'), _NOWHERE),
    (
        re.compile(r"authentication failed|no pg_hba\.conf entry|role .* does not exist|no password"),
        _REFUSED,
    ),
)


def engine_for(url: URL, patience: float) -> Engine:
    """An engine that has each commit on the server's disk before it says so.

    Args:
        url: the database.
        patience: how long to wait for another program's lock, in seconds.

    Raises:
        ImportError: the database's driver is not installed.
    """
    given = {"connect_timeout": _CONNECT_S, **_NETWORK, "application_name": "optout"}
    engine = create_engine(
        url,
        hide_parameters=True,
        # The database may have been started anew since a connection was last used.
        pool_pre_ping=True,
        # What the URL asks for wins.
        connect_args={name: value for name, value in given.items() if name not in url.query},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _entry: ConnectionPoolEntry) -> None:
        connection.execute(
            "SET synchronous_commit = on; SET TIME ZONE 'UTC'; "
            f"SET lock_timeout = {int(patience * 1000)}; SET statement_timeout = {_STATEMENT_MS}"
        )
        connection.commit()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(_BEGIN[connection.get_execution_options()["optout_intent"]])

    return engine


def explain(error: SQLAlchemyError, place: str, patience: float) -> LedgerProblem | None:
    """The ledger's own error for one of PostgreSQL's; None where it says nothing in particular.

    Args:
        error: what SQLAlchemy raised.
        place: the database as people know it, without any password.
        patience: how long a lock was waited for, in seconds.
    """
    cause = error.orig if isinstance(error, StatementError) else None
    state = getattr(cause, "sqlstate", None) or ""
    text = (str(cause or error).splitlines() or [type(error).__name__])[0]
    said = _SAID.get(state) or _SAID.get(state[:2])
    if not state and _is_operational(cause):
        said = next((known for pattern, known in _NOT_LET_IN if pattern.search(text)), None)
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    # Class 08 is the connection's, 57P the server's end; without a state nobody was there to give one.
    silent = not said and (
        lost or state.startswith(("08", "57P")) or (not state and _is_operational(cause))
    )
    kind = LedgerUnreachable if silent or state == "53300" else LedgerProblem
    what, next_step = said or (_UNREACHABLE if silent else ("", ""))
    if not what:
        return None
    return kind(
        what.format(place=place, patience=patience, limit=_STATEMENT_MS / 1000),
        step="ledger",
        found=text,
        next_step=next_step,
    )


def _is_operational(cause: BaseException | None) -> bool:
    """Whether the driver says that it is about the connection; it is not imported just to ask."""
    return any(kind.__name__ == "OperationalError" for kind in type(cause).__mro__)
