"""The evidence log in the ledger: appending to it, and keeping its written copy."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from optout.errors import LedgerProblem
from optout.home import private_folder, write_private
from optout.ledger.chain import ChainBroken, Entry, Kind, next_entry, parse
from optout.ledger.chain_table import evidence_log

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection

    from optout.ledger.ledger import Ledger

_c = evidence_log.c
_TAIL_BYTES = 1 << 16


def append(connection: Connection, kind: Kind, bundle: str, digest: str, at: datetime) -> Entry:
    """Append an entry within the transaction that records what it is about.

    Args:
        connection: of a writing transaction.
        kind: what the entry says.
        bundle: the bundle's folder, relative to the evidence folder, with `/` between.
        digest: SHA-256 of its manifest, in hex.
        at: when, with its zone.
    """
    _alone(connection)
    entry = next_entry(_last(connection), kind, bundle, digest, at.isoformat(timespec="seconds"))
    connection.execute(
        insert(evidence_log).values(number=entry.number, bundle=entry.bundle, line=entry.line)
    )
    return entry


def entries(ledger: Ledger) -> Iterator[Entry]:
    """All entries, the oldest first.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    with ledger.read() as connection:
        yield from map(_entry, connection.scalars(select(_c.line).order_by(_c.number)))


def remove(ledger: Ledger, bundle: str, digest: str, at: datetime) -> Entry:
    """Note that a bundle's time is over; doing so twice notes it once.

    Raises:
        LedgerProblem: the ledger refused.
    """
    of_bundle = select(_c.line).where(_c.bundle == bundle).order_by(_c.number)
    with ledger.write() as connection:
        _alone(connection)
        for entry in map(_entry, connection.scalars(of_bundle)):
            if entry.kind is Kind.REMOVED:
                return entry
        return append(connection, Kind.REMOVED, bundle, digest, at)


def write_log(ledger: Ledger, path: Path) -> tuple[Entry | None, bool]:
    """Bring the written log up to the ledger's.

    What is missing at its end is appended; a last line that a crash cut is written again. Where it
    says something else than the ledger, all of it is written anew.

    Args:
        ledger: what is right.
        path: the written log.

    Returns:
        The last entry, and whether the written log had been changed by somebody else.

    Raises:
        LedgerProblem: the ledger cannot be read.
        OSError: the file cannot be written.
    """
    with _locked(ledger) as connection:
        last = _last(connection)
        written = _last_line(path)
        known = connection.scalar(select(_c.number).where(_c.line == written)) if written else 0
        if known is None:
            lines = connection.scalars(select(_c.line).order_by(_c.number))
            write_private(path, "".join(f"{line}\n" for line in lines).encode())
            return last, True
        if last is not None and known < last.number:
            newer = select(_c.line).where(_c.number > known).order_by(_c.number)
            _append(path, "".join(f"{line}\n" for line in connection.scalars(newer)))
    return last, False


@contextmanager
def _locked(ledger: Ledger) -> Iterator[Connection]:
    """A transaction that no other process appends in; the written log is only touched within one."""
    with ledger.write() as connection:
        _alone(connection)
        yield connection


def _alone(connection: Connection) -> None:
    # SQLite's writer is alone already; two on PostgreSQL would both follow the same last entry.
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE evidence_log IN EXCLUSIVE MODE")


def _last(connection: Connection) -> Entry | None:
    line = connection.scalar(select(_c.line).order_by(_c.number.desc()).limit(1))
    return None if line is None else _entry(line)


def _entry(line: str) -> Entry:
    try:
        return parse(line)
    except ChainBroken as broken:
        raise LedgerProblem(
            "the evidence log in the ledger was changed by something else than optout",
            step="ledger",
            found=f"an entry that {broken}",
            next_step="Nothing was recorded. Put back a backup of the ledger, and find out who wrote "
            "to it.",
        ) from None


def _last_line(path: Path) -> str:
    """The last line that is whole; what a crash left after it is cut off."""
    try:
        with path.open("r+b") as file:
            size = file.seek(0, os.SEEK_END)
            start = file.seek(max(0, size - _TAIL_BYTES))
            tail = file.read()
            end = tail.rfind(b"\n") + 1
            if end < len(tail):
                file.truncate(start + end)
    except FileNotFoundError:
        return ""
    return tail[:end].decode(errors="replace").removesuffix("\n").rpartition("\n")[2]


def _append(path: Path, text: str) -> None:
    private_folder(path.parent)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
