"""The format of a sealed file: a header to read, a content to open only with the right key."""

from __future__ import annotations

import secrets
import struct
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_MAGIC = b"optout sealed\n"
_VERSION = 1
_START = struct.Struct(f">{len(_MAGIC)}sBI")  # magic, version, length of the header
_NONCE_BYTES = 12


class SealBroken(Exception):
    """The file is not a sealed one, was changed, or belongs to another key or owner."""


@dataclass(frozen=True)
class Sealed:
    """A sealed file, taken apart but not opened.

    Attributes:
        header: what is written in clear; trusted only once the content has opened.
        nonce: the number used once with this key.
        content: what is sealed, and its tag.
    """

    header: bytes
    nonce: bytes
    content: bytes


def seal(key: bytes, content: bytes, *, header: bytes, owner: bytes) -> bytes:
    """Seal `content` so that it opens only with this key, under this header, for this owner.

    Args:
        key: 32 bytes.
        content: what to seal.
        header: kept in clear.
        owner: not kept in the file; must be named again to open it.
    """
    start = _start(header)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return start + nonce + AESGCM(key).encrypt(nonce, content, start + owner)


def take_apart(file: bytes) -> Sealed:
    """Read a sealed file's header.

    Raises:
        SealBroken: it is not a sealed file of this version.
    """
    if len(file) < _START.size:
        raise SealBroken("it is cut short")
    magic, version, length = _START.unpack_from(file)
    if magic != _MAGIC or version != _VERSION:
        raise SealBroken("it is not a sealed file of this version")
    header_end = _START.size + length
    content_start = header_end + _NONCE_BYTES
    if len(file) < content_start:
        raise SealBroken("it is cut short")
    return Sealed(file[_START.size : header_end], file[header_end:content_start], file[content_start:])


def open_sealed(key: bytes, sealed: Sealed, *, owner: bytes) -> bytes:
    """The content.

    Raises:
        SealBroken: a byte was changed, or it was sealed with another key or for another owner.
    """
    try:
        return AESGCM(key).decrypt(sealed.nonce, sealed.content, _start(sealed.header) + owner)
    except InvalidTag:
        raise SealBroken("it was changed, or sealed for another account or with another key") from None


def _start(header: bytes) -> bytes:
    return _START.pack(_MAGIC, _VERSION, len(header)) + header
