"""Signatures that plain `ssh-keygen -Y verify` checks (OpenSSH's PROTOCOL.sshsig)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING

from optout.evidence.signing_key import PublicKey
from optout.evidence.wire import pack, unpack

if TYPE_CHECKING:
    from optout.evidence.signing_key import SigningKey

_MAGIC = b"SSHSIG"
_VERSION = (1).to_bytes(4, "big")
_HASH = b"sha512"
_KIND = b"ssh-ed25519"
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_WIDTH = 70


class NotSigned(Exception):
    """What is there is no signature of this message; the text says why."""


def ssh_sign(key: SigningKey, message: bytes, namespace: str) -> bytes:
    """A detached signature.

    Args:
        key: the signing half.
        message: what is signed.
        namespace: what kind of thing it is: a signature for one is none for another.
    """
    signature = key.sign(_signed(message, namespace))
    blob = pack(key.public.blob, namespace.encode(), b"", _HASH, pack(_KIND, signature))
    return _armoured(_MAGIC + _VERSION + blob)


def ssh_verify(signature: bytes, message: bytes, namespace: str) -> PublicKey:
    """Who signed a message.

    Returns:
        The key that the signature names, and that made it. Whose that is it does not say.

    Raises:
        NotSigned: it is not a signature, is for something else, or was changed.
    """
    try:
        blob, space, reserved, hashed, inner = unpack(_unarmoured(signature), 5)
        key = PublicKey.of_blob(blob)
        kind, made = unpack(inner, 2)
    except (ValueError, binascii.Error):
        raise NotSigned("it is not a signature any more, or never was one") from None
    if (space, reserved, hashed, kind) != (namespace.encode(), b"", _HASH, _KIND):
        raise NotSigned("it is a signature for something else")
    if not key.verifies(made, _signed(message, namespace)):
        raise NotSigned("it is not a signature of this content")
    return key


def _signed(message: bytes, namespace: str) -> bytes:
    return _MAGIC + pack(namespace.encode(), b"", _HASH, hashlib.sha512(message).digest())


def _unarmoured(signature: bytes) -> bytes:
    """What is within, where it is written in the one way that OpenSSH and we write it.

    Raises:
        ValueError: it is not.
    """
    start = _MAGIC + _VERSION
    data = base64.b64decode(b"".join(signature.splitlines()[1:-1]), validate=True)
    if not data.startswith(start) or _armoured(data) != signature:
        raise ValueError("another form")
    return data.removeprefix(start)


def _armoured(data: bytes) -> bytes:
    text = base64.b64encode(data).decode()
    lines = [text[start : start + _WIDTH] for start in range(0, len(text), _WIDTH)]
    return "\n".join([_BEGIN, *lines, _END, ""]).encode()
