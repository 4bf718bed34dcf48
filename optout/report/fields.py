"""Reading a record that anybody may have written: a field is what it should be, or it is named."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from optout.errors import EvidenceInvalid, OptoutError

if TYPE_CHECKING:
    import enum
    from collections.abc import Mapping
    from typing import TypeVar

    _Word = TypeVar("_Word", bound=enum.StrEnum)

RECORD = "record.json"
VISITED = "optout-record"
CLAIMED = "optout-claim"
_NEWEST = {VISITED: 2, CLAIMED: 1}
_OLDEST = {VISITED: 2, CLAIMED: 1}
_VERIFY = "What the folder holds can still be read as it is; to check it: optout evidence verify FOLDER"


class Fields:
    """An object of a record.

    Args:
        data: the object.
        where: its name, for errors: `record.json`, `record.json before[0]`.

    Raises:
        EvidenceInvalid: it is no object.
    """

    def __init__(self, data: object, where: str = RECORD) -> None:
        if not isinstance(data, dict):
            raise _broken(where, "an object", data)
        self._data: Mapping[str, Any] = data
        self._where = where

    def __contains__(self, name: str) -> bool:
        """Whether it is there, and not null."""
        return self._data.get(name) is not None

    def text(self, name: str) -> str:
        """A text that has to be there."""
        return str(self._of(name, str, "a text"))

    def number(self, name: str) -> float:
        """A number that has to be there."""
        return float(self._of(name, (int, float), "a number"))

    def flag(self, name: str) -> bool:
        """Yes or no, which has to be there."""
        return bool(self._of(name, bool, "true or false"))

    def word(self, words: type[_Word], name: str) -> _Word:
        """One of the words of a vocabulary, which has to be there."""
        text = self.text(name)
        try:
            return words(text)
        except ValueError:
            expected = f"one of {', '.join(filter(None, words))}"
            raise _broken(f"{self._where} {name}", expected, text) from None

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts that has to be there."""
        found = self._of(name, list, "a list")
        if not all(isinstance(each, str) for each in found):
            raise _broken(f"{self._where} {name}", "texts", found)
        return tuple(found)

    def one(self, name: str) -> Fields:
        """An object that has to be there."""
        return Fields(self._of(name, dict, "an object"), f"{self._where} {name}")

    def many(self, name: str) -> tuple[Fields, ...]:
        """A list of objects that has to be there."""
        found = self._of(name, list, "a list")
        return tuple(Fields(each, f"{self._where} {name}[{at}]") for at, each in enumerate(found))

    def items(self) -> tuple[tuple[str, str], ...]:
        """Everything in it, whatever it is, as texts."""
        return tuple((name, str(value)) for name, value in self._data.items())

    def _of(self, name: str, kind: type | tuple[type, ...], expected: str) -> Any:
        found = self._data.get(name)
        # In Python a truth value is a number, too.
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
            raise _broken(f"{self._where} {name}", expected, found)
        return found


def read_record(content: bytes) -> tuple[str, Fields]:
    """A record, and which kind it is: `VISITED` or `CLAIMED`.

    Raises:
        EvidenceInvalid: it is not a record.
        OptoutError: it is of a version that this program does not know.
    """
    try:
        data = Fields(json.loads(content))
    except (ValueError, RecursionError):
        raise _broken(RECORD, "JSON", content[:40]) from None
    schema = data.text("schema")
    kind, _, version = schema.rpartition("/")
    if kind not in _NEWEST or not version.isdecimal():
        raise _broken(f"{RECORD} schema", " or ".join(f"{each}/…" for each in _NEWEST), schema)
    if not _OLDEST[kind] <= int(version) <= _NEWEST[kind]:
        newer = int(version) > _NEWEST[kind]
        raise OptoutError(
            f"{RECORD} was written by {'a newer' if newer else 'an early'} optout",
            step="evidence",
            expected=f"{kind}/{_NEWEST[kind]}",
            found=schema,
            next_step=f"Upgrade optout. {_VERIFY}" if newer else _VERIFY,
        )
    return kind, data


def _broken(where: str, expected: str, found: object) -> EvidenceInvalid:
    return EvidenceInvalid(
        f"{where} is not as a record is",
        step="evidence",
        expected=expected,
        found="nothing" if found is None else ascii(found)[:80],
        next_step=_VERIFY,
    )
