"""What stands in a bundle's place once its time is over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from optout.evidence.signed import Kind
from optout.evidence.sshsig import NotSigned

if TYPE_CHECKING:
    from pathlib import Path

    from optout.evidence.signing_key import PublicKey, SigningKey

TOMBSTONE = Kind("tombstone")
TOMBSTONE_FILE = "tombstone.json"


@dataclass(frozen=True)
class Tombstone:
    """Says that a bundle was removed.

    Attributes:
        bundle: where it was, relative to the evidence folder.
        digest: SHA-256 of its manifest, in hex.
        at: when it was removed, UTC, in ISO form.
        key: who says so.
    """

    bundle: str
    digest: str
    at: str
    key: PublicKey


def lay(folder: Path, bundle: str, digest: str, at: str, key: SigningKey) -> None:
    """Write a tombstone into a folder.

    Raises:
        OSError: the folder is not writable.
    """
    TOMBSTONE.write(folder / TOMBSTONE_FILE, {"bundle": bundle, "digest": digest, "at": at}, key)


def read_tombstone(folder: Path) -> Tombstone:
    """The tombstone in a folder.

    Raises:
        NotSigned: it was changed, or its signature is missing.
        TooNew: a newer optout wrote it.
        OSError: it cannot be read.
    """
    facts, key = TOMBSTONE.read(folder / TOMBSTONE_FILE)
    try:
        return Tombstone(facts["bundle"], facts["digest"], facts["at"], key)
    except KeyError:
        raise NotSigned("it is not a tombstone of optout") from None
