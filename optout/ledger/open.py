"""Opening the ledger: where it is, who may read it, and whether its schema is ours."""

from __future__ import annotations

import os
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Column, MetaData, String, Table, inspect, make_url, select
from sqlalchemy.exc import ArgumentError

from optout.home import private_folder
from optout.ledger import problems
from optout.ledger.ledger import Ledger, engine_for
from optout.ledger.schema import HEAD, VERSION_TABLE, metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from optout.home import Home

_PATIENCE = 30.0
_DRIVERS = ("sqlite+pysqlite", "postgresql+psycopg")
# As Alembic itself would make it.
_version = Table(VERSION_TABLE, MetaData(), Column("version_num", String(32), primary_key=True))


def open_ledger(
    home: Home, url: str | None = None, *, patience: float = _PATIENCE, may_migrate: bool = True
) -> Ledger:
    """The ledger, made where there is none and brought to this program's schema.

    Args:
        home: whose ledger, unless `url` or the environment's `OPTOUT_DATABASE` names another.
        url: an SQLAlchemy URL of an SQLite file or a PostgreSQL database.
        patience: how long to wait for another program's lock, in seconds.
        may_migrate: whether an older ledger may be changed; not by one of many workers, because the
            others may still be of the older version.

    Raises:
        LedgerUnreachable: the database does not answer.
        LedgerProblem: the URL is wrong, its driver is missing, or what is there cannot be opened,
            is not a ledger, is newer than this program or stays locked; nothing was changed.
    """
    given = url or os.environ.get("OPTOUT_DATABASE")
    where = _parse(given) if given else URL.create("sqlite", database=str(home.ledger))
    try:
        engine = engine_for(where, patience)
    except ImportError as error:
        raise problems.no_driver(_driver(where), error) from None
    with ExitStack() as on_failure:
        ledger = Ledger(engine, _place(where), patience)
        on_failure.callback(ledger.close)
        if ledger.is_sqlite:
            _protect(Path(ledger.place))
        _bring_up_to_date(ledger, may_migrate=may_migrate)
        if ledger.is_sqlite:
            ledger.use_write_ahead_log()
        on_failure.pop_all()
    return ledger


def _parse(given: str) -> URL:
    try:
        url = make_url(given)
        driver = _driver(url)
    except (ArgumentError, ValueError) as error:
        # The text given may hold a password, and so may the error.
        raise problems.bad_url(f"a text that is no URL ({type(error).__name__})") from None
    if driver not in _DRIVERS:
        raise problems.bad_url(driver)
    if driver == "sqlite+pysqlite" and (url.database or ":memory:").startswith((":", "file:")):
        raise problems.bad_url(f"SQLite without a plain file: {url.database or ':memory:'}")
    return url


def _driver(url: URL) -> str:
    return f"{url.get_backend_name()}+{url.get_driver_name()}"


def _place(url: URL) -> str:
    database = url.database or ""
    if url.get_backend_name() == "sqlite":
        return str(Path(database).absolute())
    # Neither user nor password nor options, but where the socket is: any other may hold a secret.
    socket = url.query.get("host", "")
    query = {"host": socket} if isinstance(socket, str) and socket.startswith("/") else {}
    port = None if query else url.port
    made = URL.create(url.get_backend_name(), None, None, url.host, port, database, query)
    return made.render_as_string().replace("%2F", "/")


def _protect(path: Path) -> None:
    """Make the file before SQLite does, so that it and its side files are 0600 from the start."""
    try:
        private_folder(path.parent)
        if not path.exists():
            with suppress(FileExistsError):  # another process made it just now, in the same way
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        for suffix in ("", "-wal", "-shm"):
            file = path.with_name(path.name + suffix)
            with suppress(FileNotFoundError):  # side files go when the last process closes
                if file.stat().st_mode & 0o077:
                    file.chmod(0o600)
    except OSError as error:
        raise problems.no_access(str(path), error) from None


def ledger_is_ours(ledger: Ledger) -> None:
    """See that nobody has migrated an open ledger meanwhile.

    Raises:
        LedgerProblem: somebody has, or it cannot be read.
    """
    with ledger.read() as connection:
        revision = _revision(connection)
    if revision != HEAD:
        raise problems.newer(ledger.place, HEAD, revision or "none")


def _bring_up_to_date(ledger: Ledger, *, may_migrate: bool) -> None:
    with ledger.read() as connection:
        if _revision(connection) == HEAD:
            return
    with ledger.migrate() as connection:
        revision = _revision(connection)  # another process may have migrated meanwhile
        if revision is None:
            _refuse_another_programs(connection, ledger)
            _make_new(connection)
        elif revision != HEAD:
            _migrate(connection, ledger, revision, may_migrate=may_migrate)


def _make_new(connection: Connection) -> None:
    """Make an empty ledger at the newest schema; a test holds that the migrations lead to the same."""
    metadata.create_all(connection)
    _version.create(connection)
    connection.execute(_version.insert().values(version_num=HEAD))


def _migrate(connection: Connection, ledger: Ledger, revision: str, *, may_migrate: bool) -> None:
    # Imported here: Alembic takes as long to import as everything else together.
    from optout.ledger import migrate  # noqa: PLC0415

    if not migrate.knows(revision):
        raise problems.newer(ledger.place, HEAD, revision)
    if not may_migrate:
        raise problems.older(ledger.place, HEAD, revision)
    migrate.upgrade(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.scalar(select(_version.c.version_num))


def _refuse_another_programs(connection: Connection, ledger: Ledger) -> None:
    """An SQLite file with any tables is somebody's; a PostgreSQL schema may well be shared."""
    tables = set(inspect(connection).get_table_names())
    if not ledger.is_sqlite:
        tables &= set(metadata.tables)
    if tables:
        raise problems.not_ours(ledger.place, sorted(tables))
