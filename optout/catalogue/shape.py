"""Turning a TOML table into one of the catalogue's dataclasses, or saying what is wrong with it."""

from __future__ import annotations

import dataclasses
import difflib
import enum
import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

_T = TypeVar("_T")
_PLAIN = {str: "a text", bool: "true or false"}


class Misshapen(Exception):
    """A value is not what its field must be.

    Args:
        field: the way to it, such as `settings[0].kind`.
        expected: what it must be.
        found: what it is.
    """

    def __init__(self, field: str, expected: str, found: str) -> None:
        super().__init__(field, expected, found)
        self.field = field
        self.expected = expected
        self.found = found


def shaped(kind: type[_T], table: object, field: str = "") -> _T:
    """The dataclass that a table describes, with every field of the type it is annotated with.

    Raises:
        Misshapen: a field is missing, unknown, empty or of another type.
    """
    if not isinstance(table, dict):
        raise Misshapen(field or "the file", "a table", _shown(table))
    hints = _hints(kind)  # type: ignore[arg-type]
    for name in table:
        if name not in hints:
            near = difflib.get_close_matches(name, hints, n=1)
            expected = near[0] if near else f"one of {', '.join(hints)}"
            raise Misshapen(_under(field, name), expected, "a field nobody knows")
    for each in dataclasses.fields(kind):  # type: ignore[arg-type]
        required = each.default is each.default_factory is dataclasses.MISSING
        if required and each.name not in table:
            raise Misshapen(_under(field, each.name), _expected(hints[each.name]), "nothing")
    values = {name: _value(hints[name], table[name], _under(field, name)) for name in table}
    return kind(**values)


def _value(hint: Any, value: object, field: str) -> object:
    """The value as its field wants it."""
    origin = typing.get_origin(hint)
    if origin is types.UnionType:  # what may be unknown is left out, and never written as nothing
        return _value(_known(hint), value, field)
    if origin is tuple:
        if not isinstance(value, list) or not value:
            raise Misshapen(field, _expected(hint), _shown(value))
        each = typing.get_args(hint)[0]
        return tuple(_value(each, item, f"{field}[{place}]") for place, item in enumerate(value))
    if origin is Mapping:
        if not isinstance(value, dict):
            raise Misshapen(field, _expected(hint), _shown(value))
        of = typing.get_args(hint)[1]
        return {name: shaped(of, item, _under(field, name)) for name, item in value.items()}
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return shaped(hint, value, field)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        if value not in [member.value for member in hint]:
            raise Misshapen(field, _expected(hint), _shown(value))
        return hint(value)
    if type(value) is not hint or (isinstance(value, str) and not value.strip()):
        raise Misshapen(field, _expected(hint), _shown(value))
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _known(hint: Any) -> Any:
    return next(each for each in typing.get_args(hint) if each is not types.NoneType)


def _expected(hint: Any) -> str:
    origin = typing.get_origin(hint)
    if origin is types.UnionType:
        return _expected(_known(hint))
    if origin is tuple:
        return "a list with something in it"
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return f"one of {', '.join(member.value for member in hint)}"
    return _PLAIN.get(hint, "a table")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."  # noqa: PLR2004 - as much as a line holds


def _under(field: str, name: str) -> str:
    return f"{field}.{name}" if field else name
