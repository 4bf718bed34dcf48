"""Checkpoints: how long the log was at a moment and what its last entry was, signed."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from optout.evidence.signed import SUFFIX, Kind
from optout.evidence.sshsig import NotSigned
from optout.ledger.chain import MALFORMED

if TYPE_CHECKING:
    from pathlib import Path

    from optout.evidence.signing_key import PublicKey, SigningKey
    from optout.ledger.chain import Entry

CHECKPOINT = Kind("checkpoint")
STAMP_SUFFIX = ".tsr"


@dataclass(frozen=True)
class Checkpoint:
    """The log at a moment.

    Attributes:
        path: the file.
        size: how many entries there were.
        head: hash of the last one.
        at: when, UTC, in ISO form, by this computer's clock.
        key: who signed it.
    """

    path: Path
    size: int
    head: str
    at: str
    key: PublicKey

    @property
    def signature(self) -> Path:
        """Its signature's file."""
        return self.path.with_name(self.path.name + SUFFIX)

    @property
    def stamp(self) -> Path:
        """The file of a third party's time stamp, if there is one."""
        return self.path.with_name(self.path.name + STAMP_SUFFIX)


def make_checkpoint(folder: Path, last: Entry, key: SigningKey) -> Checkpoint:
    """Sign the log as it is; of a log that has not grown there is a checkpoint already.

    Args:
        folder: of checkpoints.
        last: the log's last entry.
        key: signs it.

    Raises:
        OSError: the folder is not writable.
    """
    path = folder / f"{last.number}.json"
    if not path.exists():
        at = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        CHECKPOINT.write(path, {"size": last.number, "head": last.hash, "at": at}, key)
    return read_checkpoint(path)


def read_checkpoint(path: Path) -> Checkpoint:
    """A checkpoint, with its signature checked.

    Raises:
        NotSigned: it was changed, or its signature is missing.
        TooNew: a newer optout wrote it.
        OSError: it cannot be read.
    """
    facts, key = CHECKPOINT.read(path)
    try:
        size = int(facts["size"])
        if size >= 1:
            return Checkpoint(path, size, str(facts["head"]), str(facts["at"]), key)
    except MALFORMED:
        pass
    raise NotSigned("it is not a checkpoint of optout")


def checkpoint_files(folder: Path) -> list[Path]:
    """The checkpoints in a folder, the newest first."""
    files = [file for file in folder.glob("*.json") if file.stem.isdecimal()]
    return sorted(files, key=lambda file: int(file.stem), reverse=True)
