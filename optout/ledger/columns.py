"""Column types that keep their meaning on every database."""
# ruff: noqa: ARG002 -- the signatures are SQLAlchemy's

from __future__ import annotations

import enum
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import DateTime, String, TypeDecorator

from optout.errors import LedgerProblem

if TYPE_CHECKING:
    from sqlalchemy import Dialect

E = TypeVar("E", bound=enum.StrEnum)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, stored and returned in UTC; a time without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC, because SQLite drops the zone when it stores a time."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise LedgerProblem(
                "a time without a time zone is not a moment and is not recorded",
                step="ledger",
                expected="a time with its zone",
                found=value.isoformat(),
                next_step="This is a mistake in optout or in a flow; please report it.",
            )
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment with its zone, which SQLite does not return."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[E]):
    """A word of a closed vocabulary, stored as text.

    Text rather than a database enum, so that a vocabulary grows without a migration.
    """

    impl = String
    cache_ok = True

    def __init__(self, vocabulary: type[E]) -> None:
        super().__init__()
        self.vocabulary = vocabulary

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        """The word as text; text outside the vocabulary is refused."""
        return None if value is None else self.vocabulary(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        """The text as a word."""
        if value is None:
            return None
        try:
            return self.vocabulary(value)
        except ValueError:
            raise LedgerProblem(
                f"the ledger holds a {self.vocabulary.__name__} that this optout does not know",
                step="ledger",
                expected=", ".join(word.value or "''" for word in self.vocabulary),
                found=value,
                next_step="A newer optout wrote it; upgrade optout. Nothing was changed.",
            ) from None
