"""Where bundles, keys and the log lie: alike in an installation and in what is exported from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from optout.evidence.bundle import ENVELOPE, MANIFEST, SIGNATURE
from optout.evidence.selection import FILE as SELECTION_FILE
from optout.evidence.tombstone import TOMBSTONE_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MARKS = frozenset({MANIFEST, ENVELOPE, SIGNATURE, "record.json", TOMBSTONE_FILE})


@dataclass(frozen=True)
class Layout:
    """The folders around bundles.

    Attributes:
        root: the folder that holds all of it.
    """

    root: Path

    @property
    def evidence(self) -> Path:
        """The bundles."""
        return self.root / "evidence"

    @property
    def keys(self) -> Path:
        """The public keys."""
        return self.root / "keys"

    @property
    def log(self) -> Path:
        """The written log."""
        return self.root / "log" / "evidence-log.jsonl"

    @property
    def checkpoints(self) -> Path:
        """The checkpoints of the log."""
        return self.root / "log" / "checkpoints"

    @property
    def selection(self) -> Path:
        """Which bundles an export holds; there is none in an installation."""
        return self.root / SELECTION_FILE

    @classmethod
    def around(cls, path: Path) -> Layout | None:
        """The nearest folder with a log or keys that a path lies in; None where it lies alone."""
        for folder in (path, *path.parents):
            here = cls(folder)
            if here.checkpoints.is_dir() or here.log.is_file() or any(here.keys.glob("evidence-*.pub")):
                return here
        return None


def bundles_in(folder: Path) -> Iterator[Path]:
    """The bundles in a folder, or the folder itself where it is one; hidden drafts are none."""
    if is_bundle(folder):
        yield folder
        return
    for each in sorted(folder.iterdir()):
        if each.is_dir() and not each.is_symlink() and not each.name.startswith("."):
            yield from bundles_in(each)


def is_bundle(folder: Path) -> bool:
    """Whether a folder has any of the files that a bundle has, be it whole or not."""
    return any((folder / mark).is_file() for mark in _MARKS)
