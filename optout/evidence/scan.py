"""Looking through a bundle for secrets before it is written: the last of several locks."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from optout.accounts.redact import found_in, live_in
from optout.errors import EvidenceNotWritten
from optout.model import Why

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PNG = b"\x89PNG\r\n\x1a\n"
_PIXELS = (b"IHDR", b"PLTE", b"IDAT", b"IEND")
_LONGEST = 1 << 20  # of what is unpacked; nobody comments on a picture at such length


def scan(files: Mapping[str, bytes], *, ordinary: str = "") -> None:
    """Make sure that no file holds a live secret, in any spelling, or what looks like a token.

    Args:
        files: content by file name.
        ordinary: words that stand in a bundle whatever the secrets are, such as the platform's name. A
            password that is one of them would be found in every bundle.

    Raises:
        EvidenceNotWritten: one does. The error names the file and the kind, never the secret.
    """
    for name, content in files.items():
        kinds = _kinds_in(content, ordinary)
        if kinds:
            raise EvidenceNotWritten(
                "nothing was kept as evidence, because a secret would have been in it",
                step="evidence",
                expected="files without secrets",
                found=f"{' and '.join(kinds)} in {name}",
                next_step="See what the setting is now with: optout check. Then report it: this page "
                "shows, or its flow takes along, what must stay out of evidence.",
                why=Why.SECRET_FOUND,
            )


def _kinds_in(content: bytes, ordinary: str) -> tuple[str, ...]:
    for text in _texts_in(content):
        if kinds := found_in(text, ordinary=ordinary):
            return kinds
    return ("a live secret",) if live_in(content, ordinary=ordinary) else ()


def _texts_in(content: bytes) -> Iterator[str]:
    """What of a file is text: all of it, but of a picture only what is not its pixels."""
    if not content.startswith(_PNG):
        yield content.decode("utf-8", "replace")
        return
    at = len(_PNG)
    while at < len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        kind, data = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        if kind not in _PIXELS:
            yield _unpacked(kind, data).decode("utf-8", "replace")
        at += length + 12
        if kind == b"IEND":
            yield content[at:].decode("utf-8", "replace")
            return


def _unpacked(kind: bytes, data: bytes) -> bytes:
    """A chunk with what is compressed in it unpacked: a comment, a colour profile."""
    head, _, rest = data.partition(b"\0")
    if kind in (b"zTXt", b"iCCP"):
        packed = rest[1:]
    elif kind == b"iTXt" and rest[:1] == b"\1":
        packed = rest[2:].split(b"\0", 2)[-1]
    else:
        return data
    try:
        return head + b" " + zlib.decompressobj().decompress(packed, _LONGEST)
    except zlib.error:
        return data
