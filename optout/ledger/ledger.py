"""An open ledger: its engine, and transactions whose errors people can act on."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, Self

from sqlalchemy import create_engine, event
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from optout.ledger.problems import BUSY, explain, sqlite_code

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from types import TracebackType

    from sqlalchemy import URL, Connection, Engine
    from sqlalchemy.pool import ConnectionPoolEntry

    Intent = Literal["read", "write", "migrate", "configure"]

# A writer takes the lock at once: a reader that turns writer half way is refused without waiting.
_SQLITE_BEGIN = {
    "read": ("BEGIN",),
    "write": ("BEGIN IMMEDIATE",),
    # Copying a table that others refer to would count as deleting its rows.
    "migrate": ("PRAGMA foreign_keys=OFF", "BEGIN IMMEDIATE"),
    # Some settings cannot be changed inside a transaction.
    "configure": (),
}


class Ledger:
    """An open ledger; threads may share it, a forked process opens its own.

    Attributes:
        place: where it is, as people know it, without any password.
    """

    def __init__(self, engine: Engine, place: str, patience: float) -> None:
        self.place = place
        self._engine = engine
        self._patience = patience
        self._closed = False

    def __enter__(self) -> Self:
        """The ledger itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Give back the connections; SQLite folds its side files into the ledger.

        One that a thread is still busy with goes when that is done.
        """
        self._closed = True
        self._engine.dispose()

    @property
    def is_sqlite(self) -> bool:
        """Whether the ledger is a file of this machine."""
        return self._engine.dialect.name == "sqlite"

    @property
    def conninfo(self) -> str:
        """Where the database is, for a program that connects to PostgreSQL by itself.

        Never to be shown: it may hold the password.
        """
        url = self._engine.url.set(drivername="postgresql")
        return url.render_as_string(hide_password=False)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the ledger throughout.

        Raises:
            LedgerProblem: the database refused.
        """
        with self._transaction("read") as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is recorded as a whole, and is on the disk once this returns.

        Raises:
            LedgerProblem: the database refused; nothing of the transaction was recorded.
        """
        with self._transaction("write") as connection:
            yield connection

    @contextmanager
    def migrate(self) -> Iterator[Connection]:
        """A transaction that may rebuild tables.

        Raises:
            LedgerProblem: the database refused; nothing was changed.
        """
        try:
            with self._transaction("migrate") as connection:
                yield connection
        finally:
            self._engine.dispose()  # foreign keys stay off on the connection that was used

    def use_write_ahead_log(self) -> None:
        """Let readers and a writer work at the same time.

        Where the file system cannot do it, SQLite stays with its rollback journal, which is as safe.
        The same while another process has the ledger open without such a log: SQLite will not wait
        for it, and the next opening tries again.

        Raises:
            LedgerProblem: the database refused.
        """
        with self._transaction("configure") as connection:
            try:
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            except OperationalError as error:
                if sqlite_code(error) != BUSY:
                    raise

    @contextmanager
    def _transaction(self, intent: Intent) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                connection.execution_options(optout_intent=intent)
                with connection.begin():
                    yield connection
                if self._closed:
                    connection.detach()  # nobody would ever take it from the pool and close it
        except SQLAlchemyError as error:
            # The original may hold the URL and the parameters of the statement.
            raise explain(error, self.place, self._patience) from None


def engine_for(url: URL, patience: float) -> Engine:
    """An engine that writes to the disk before it says so, and whose errors hold no parameters.

    Args:
        url: the database.
        patience: how long to wait for another program's lock on an SQLite file, in seconds.

    Raises:
        ImportError: the database's driver is not installed.
        sqlalchemy.exc.ArgumentError: the URL does not name a database SQLAlchemy knows.
    """
    if url.get_backend_name() != "sqlite":
        from optout.ledger import postgresql  # noqa: PLC0415 - most ledgers are files

        return postgresql.engine_for(url, patience)
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": patience})

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        # Python's sqlite3 would begin transactions by its own rules, and none around a SELECT.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        for statement in _SQLITE_BEGIN[connection.get_execution_options()["optout_intent"]]:
            connection.exec_driver_sql(statement)

    return engine
