"""Strings as SSH writes them: four bytes of length, then the bytes."""

from __future__ import annotations

import struct

_LENGTH = struct.Struct(">I")


def pack(*strings: bytes) -> bytes:
    """The strings, one after the other."""
    return b"".join(_LENGTH.pack(len(string)) + string for string in strings)


def unpack(data: bytes, count: int) -> list[bytes]:
    """Exactly this many strings, and nothing after them.

    Raises:
        ValueError: there are fewer, more, or something else.
    """
    strings = []
    at = 0
    for _ in range(count):
        if len(data) < at + _LENGTH.size:
            raise ValueError("cut short")
        (length,) = _LENGTH.unpack_from(data, at)
        at += _LENGTH.size
        strings.append(data[at : at + length])
        at += length
    if at != len(data):
        raise ValueError("cut short, or followed by something else")
    return strings
