"""A PostgreSQL server of the tests' own: thrown away afterwards, reached by a socket in its folder."""

from __future__ import annotations

import contextlib
import getpass
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import URL

if TYPE_CHECKING:
    from collections.abc import Iterator

if sys.platform != "win32":
    import pwd

# No test pulls the plug: what it takes to survive that only costs time here. Sorting is as in English
# and not by bytes, as in most databases and not as in SQLite.
_MAKE = ("--no-sync", "--auth=trust", "--username=optout", "--encoding=UTF8")
_SORT = ("--locale-provider=icu", "--icu-locale=en", "--locale=C.UTF-8")
_RUN = ("fsync=off", "full_page_writes=off", "max_connections=200", "shared_buffers=16MB")


def missing() -> str:
    """Why there is no PostgreSQL here; empty where there is."""
    if sys.platform == "win32":
        return "this is about sockets in folders, which Windows' PostgreSQL does not have"
    if _programs() is None:
        return "there is no PostgreSQL server on this machine (Debian: apt-get install postgresql)"
    return ""


@dataclass
class Server:
    """A server that is running.

    Attributes:
        folder: its data, its log and its socket.
        port: which names the socket, and the TCP port where it listens on one.
    """

    folder: Path
    port: int
    _programs: Path
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def url(self, database: str = "postgres", *, host: str = "") -> URL:
        """Where a database is: by the socket, or by TCP at a host."""
        query = {} if host else {"host": str(self.folder)}
        return URL.create("postgresql+psycopg", "optout", None, host or None, self.port, database, query)

    def database(self, like: str = "template1") -> str:
        """The name of a new database that has what another one has."""
        name = f"optout_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY FILE_COPY")
        return name

    def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self.execute(f"DROP DATABASE {database} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        """Do something that no transaction may hold."""
        where = {"host": str(self.folder), "port": self.port, "user": "optout", "dbname": "postgres"}
        with psycopg.connect(**where, autocommit=True) as connection:  # type: ignore[arg-type]
            connection.execute(statement.encode())

    def stop(self) -> None:
        """Break every connection and end."""
        self._control("stop", "--mode=immediate")

    def start(self, listen: str = "") -> None:
        """Begin, or begin again after a stop."""
        settings = [*_RUN, f"listen_addresses={listen}", f"unix_socket_directories={self.folder}"]
        given = " ".join(f"-c {setting}" for setting in [*settings, f"port={self.port}"])
        self._control("start", f"--log={self.folder / 'log'}", f"--options={given}")

    def _control(self, *words: str) -> None:
        as_user(self._programs / "pg_ctl", "--wait", f"--pgdata={self.folder / 'data'}", *words)


@contextlib.contextmanager
def running(listen: str = "", port: int = 5432) -> Iterator[Server]:
    """A new server until the block ends.

    Args:
        listen: TCP addresses besides the socket; the connections there need no password.
        port: its TCP port; without TCP it only names the socket.
    """
    programs = _programs()
    assert programs is not None, missing()
    # Not under pytest's folders: another user could not get there, and a socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="optout-pg-"))
    if os.geteuid() == 0:
        os.chown(folder, _user().pw_uid, _user().pw_gid)
    server = Server(folder, port, programs)
    try:
        as_user(programs / "initdb", *_MAKE, *_SORT, f"--pgdata={folder / 'data'}")
        if listen:
            with (folder / "data" / "pg_hba.conf").open("a") as rules:
                rules.write("host all all all trust\n")
        server.start(listen)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def as_user(*words: str | Path) -> None:
    """Run a program as somebody who is not root, which PostgreSQL refuses to run as."""
    user: dict[str, Any] = {}
    if os.geteuid() == 0:
        user = {"user": _user().pw_uid, "group": _user().pw_gid, "extra_groups": []}
    done = subprocess.run(
        [str(word) for word in words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "USER": _user().pw_name},
        **user,
    )
    assert done.returncode == 0, f"{words[0]}: {done.stdout}"


def _user() -> pwd.struct_passwd:
    if os.geteuid() != 0:
        return pwd.getpwnam(getpass.getuser())
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres")
    return pwd.getpwnam("nobody")


def _programs() -> Path | None:
    """The newest PostgreSQL's programs; Debian does not put them on the path."""
    found = shutil.which("initdb")
    here = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3])
    )
    return Path(found).parent if found else here[-1].parent if here else None
