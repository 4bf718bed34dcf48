"""The log of all evidence as a chain of hashes: its entries, and reading them without a ledger."""

from __future__ import annotations

import enum
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

GENESIS = "0" * 64
"""What the first entry has instead of the hash of the one before."""

MALFORMED = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
"""What taking JSON apart raises that somebody else wrote, however they meant it."""

_TAG = b"optout-evidence-log-v1\n"
_FIELDS = ("at", "bundle", "digest", "kind", "number", "previous")


class Kind(enum.StrEnum):
    """What an entry is about."""

    BUNDLE = "bundle"
    REMOVED = "removed"


class ChainBroken(Exception):
    """The log is not as it was written; the text names the place and the cause."""


@dataclass(frozen=True)
class Entry:
    """One line of the log.

    Attributes:
        number: counts from 1.
        kind: a bundle came into being, or was removed because its time was over.
        bundle: its folder, relative to the evidence folder, with `/` between.
        digest: SHA-256 of its `manifest.sha256`, in hex.
        at: when, UTC, in ISO form.
        previous: hash of the entry before.
    """

    number: int
    kind: Kind
    bundle: str
    digest: str
    at: str
    previous: str

    @property
    def hash(self) -> str:
        """SHA-256 over a tag and the entry in canonical JSON, in hex."""
        return hashlib.sha256(_TAG + canonical(self._body())).hexdigest()

    @property
    def line(self) -> str:
        """The entry as a line of the written log, without the line's end."""
        return canonical({**self._body(), "hash": self.hash}).decode()

    def _body(self) -> dict[str, str | int]:
        return {name: getattr(self, name) for name in _FIELDS}


def canonical(data: dict[str, str | int]) -> bytes:
    """The JSON of RFC 8785, as far as it concerns texts and whole numbers under ASCII names."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def next_entry(last: Entry | None, kind: Kind, bundle: str, digest: str, at: str) -> Entry:
    """The entry that follows `last`, or the first one."""
    number, previous = (last.number, last.hash) if last else (0, GENESIS)
    return Entry(number + 1, kind, bundle, digest, at, previous)


def parse(line: str) -> Entry:
    """A line of the written log.

    Raises:
        ChainBroken: it is not such a line, or one of its values was edited.
    """
    try:
        data = json.loads(line)
        entry = Entry(
            number=int(data["number"]),
            kind=Kind(data["kind"]),
            bundle=str(data["bundle"]),
            digest=str(data["digest"]),
            at=str(data["at"]),
            previous=str(data["previous"]),
        )
    except MALFORMED:
        raise ChainBroken("is not an entry: it was edited or cut") from None
    if entry.line != line:
        raise ChainBroken("was edited: its hash is not that of its content")
    return entry


def read_chain(lines: Iterable[str]) -> Iterator[Entry]:
    """The entries of a written log, each compared with the one before.

    Args:
        lines: without line ends.

    Raises:
        ChainBroken: a line was edited, deleted, added or moved. That lines at the end are missing,
            or that all of it was written anew, only a checkpoint from elsewhere can tell.
    """
    last: Entry | None = None
    for place, line in enumerate(lines, start=1):
        try:
            entry = parse(line)
        except ChainBroken as broken:
            raise ChainBroken(f"line {place} {broken}") from None
        _follows(last, entry, place)
        yield entry
        last = entry


def _follows(last: Entry | None, entry: Entry, place: int) -> None:
    expected = last.number + 1 if last else 1
    if entry.number > expected:
        raise ChainBroken(
            f"line {place} is entry {entry.number} where {expected} was expected: "
            "a line was deleted or the order was changed"
        )
    if entry.number < expected:
        raise ChainBroken(
            f"line {place} is entry {entry.number} again, where {expected} was expected: "
            "a line was added or the order was changed"
        )
    if entry.previous != (last.hash if last else GENESIS):
        raise ChainBroken(
            f"line {place} does not follow the line before it: one of the two was exchanged"
        )
