"""What a database's errors mean, and what the person can do about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import StatementError

from optout.errors import LedgerProblem

if TYPE_CHECKING:
    from sqlalchemy.exc import SQLAlchemyError

# SQLite's primary result codes: https://sqlite.org/rescode.html
BUSY = 5
_NO_ACCESS = (
    "{place} cannot be opened or written by this user",
    (
        "Give yourself read and write access to the file and its folder, or point OPTOUT_HOME "
        "elsewhere; nothing was changed."
    ),
)
_SQLITE = {
    3: _NO_ACCESS,  # PERM
    BUSY: (
        "another program kept {place} locked for longer than {patience:g} seconds",
        "Let the other program finish or close it, then run this again; nothing was changed.",
    ),
    8: _NO_ACCESS,  # READONLY
    10: (  # IOERR
        "the disk under {place} could not be read or written",
        "Check the disk and its free space; all that was recorded before is kept.",
    ),
    11: (  # CORRUPT
        "{place} is damaged",
        (
            "Keep a copy of it, then put back a backup or recover it with `sqlite3 FILE .recover`; "
            "nothing was changed."
        ),
    ),
    13: (  # FULL
        "the disk under {place} is full",
        "Free some space and run this again; this entry was not recorded, all before it are kept.",
    ),
    14: _NO_ACCESS,  # CANTOPEN
    26: (  # NOTADB
        "{place} is not a database",
        ("Move that file away, or point OPTOUT_HOME or OPTOUT_DATABASE elsewhere; nothing was changed."),
    ),
}
_UNFORESEEN = (
    "{place} refused",
    "Check that the database is there and answers; what was being written was not recorded.",
)


def explain(error: SQLAlchemyError, place: str, patience: float) -> LedgerProblem:
    """The ledger's own error for one of the database's.

    Args:
        error: what SQLAlchemy raised.
        place: the ledger as people know it, without any password.
        patience: how long a lock was waited for, in seconds.
    """
    cause = error.orig if isinstance(error, StatementError) else None
    if isinstance(cause, LedgerProblem):
        return cause
    if place.startswith("postgresql"):
        from optout.ledger import postgresql  # noqa: PLC0415 - its dialect is slow to import

        if said := postgresql.explain(error, place, patience):
            return said
    what, next_step = _SQLITE.get(sqlite_code(error), _UNFORESEEN)
    return LedgerProblem(
        what.format(place=place, patience=patience),
        step="ledger",
        found=_first_line(cause or error),
        next_step=next_step,
    )


def sqlite_code(error: SQLAlchemyError) -> int:
    """SQLite's primary result code, 0 where the error is not SQLite's."""
    cause = error.orig if isinstance(error, StatementError) else None
    code: int = getattr(cause, "sqlite_errorcode", 0)
    return code & 0xFF  # the upper bits only tell kinds of one primary code apart


def no_access(place: str, error: OSError) -> LedgerProblem:
    """The ledger's file or folder is not this user's to read and write."""
    what, next_step = _NO_ACCESS
    return LedgerProblem(
        what.format(place=place),
        step="ledger",
        found=error.strerror or type(error).__name__,
        next_step=next_step,
    )


def newer(place: str, head: str, found: str) -> LedgerProblem:
    """The ledger was migrated past what this program knows."""
    return LedgerProblem(
        f"{place} was written by a newer optout",
        step="ledger",
        expected=f"revision {head} or older",
        found=f"revision {found}",
        next_step="Upgrade optout, or point OPTOUT_HOME elsewhere; nothing was changed.",
    )


def older(place: str, head: str, found: str) -> LedgerProblem:
    """The ledger is of an older program than this one, which may not change it."""
    return LedgerProblem(
        f"{place} was written by an older optout",
        step="ledger",
        expected=f"revision {head}",
        found=f"revision {found}",
        next_step="Run the same version everywhere: once all workers have stopped and been upgraded, "
        "`optout status` on the machine that starts runs brings the ledger up to date; nothing was "
        "changed.",
    )


def not_ours(place: str, tables: list[str]) -> LedgerProblem:
    """The database belongs to another program."""
    return LedgerProblem(
        f"{place} holds another program's tables",
        step="ledger",
        expected="an optout ledger or an empty database",
        found=", ".join(tables),
        next_step="Point OPTOUT_DATABASE at a database of its own; nothing was changed.",
    )


def bad_url(found: str) -> LedgerProblem:
    """OPTOUT_DATABASE is not a URL that a ledger can live at; `found` must hold no password."""
    return LedgerProblem(
        "OPTOUT_DATABASE does not say where the ledger is",
        step="ledger",
        expected="sqlite:////absolute/path/ledger.sqlite3 or postgresql://user@host/name",
        found=found,
        next_step="Correct OPTOUT_DATABASE, or unset it to use the ledger in your data folder.",
    )


def no_driver(driver: str, error: ImportError) -> LedgerProblem:
    """The database's driver is not installed."""
    return LedgerProblem(
        f"{driver}, which the ledger needs, is not installed",
        step="ledger",
        found=_first_line(error),
        next_step="For PostgreSQL: python -m pip install 'optout[cluster]'; "
        "SQLite comes with Python itself.",
    )


def mistake(what: str) -> LedgerProblem:
    """What was asked for is not in the ledger, or contradicts what is."""
    return LedgerProblem(
        what,
        step="ledger",
        next_step="Nothing was recorded. This is a mistake in optout; please report it.",
    )


def _first_line(error: BaseException) -> str:
    # Drivers add hints and the statement below the first line.
    return (str(error).splitlines() or [type(error).__name__])[0]
