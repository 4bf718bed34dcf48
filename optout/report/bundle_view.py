"""A bundle as people are shown it: the verdict, the pictures, what was done, how to check it."""

from __future__ import annotations

import base64
import hashlib
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from optout.errors import EvidenceInvalid, UsageProblem
from optout.evidence.bundle import MANIFEST, SEALS
from optout.evidence.finding import Finding, Question, State
from optout.evidence.tombstone import TOMBSTONE_FILE
from optout.evidence.verify import verify
from optout.evidence.witnesses import Brought
from optout.report.fields import CLAIMED, RECORD, read_record
from optout.report.story import Picture, Story, told

if TYPE_CHECKING:
    from pathlib import Path

_KINDS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"RIFF": "image/webp",
}
_LARGEST = 32_000_000


@dataclass(frozen=True)
class Shown:
    """A picture on the page.

    Attributes:
        picture: which, and what it shows.
        address: the picture itself as a `data:` address; empty where it cannot be shown.
        problem: why it cannot be.
    """

    picture: Picture
    address: str = ""
    problem: str = ""


@dataclass(frozen=True)
class BundleView:
    """A bundle as people are shown it.

    Attributes:
        name: the folder's name.
        digest: SHA-256 of its manifest, in hex.
        story: what its record says.
        pictures: what was photographed, in order.
        findings: what verifying it where it lies has found.
        limits: what it does not prove.
        signed: whether it has a signature, be that good or not.
    """

    name: str
    digest: str
    story: Story
    pictures: tuple[Shown, ...]
    findings: tuple[Finding, ...]
    limits: tuple[str, ...]
    signed: bool

    @property
    def reliable(self) -> bool:
        """Whether nothing speaks against it; that nobody signed it is another matter."""
        failed = {each.question for each in self.findings if each.state is State.FAILED}
        return not (failed if self.signed else failed - {Question.SIGNATURE})


def view(folder: Path) -> BundleView:
    """Look at a bundle. Nothing outside its folder is read.

    Raises:
        EvidenceInvalid: there is no record in it, or it is not as a record is.
        UsageProblem: it was purged.
        OptoutError: its record is of a version that this program does not know.
    """
    if (folder / TOMBSTONE_FILE).is_file():
        raise UsageProblem(
            "this bundle was removed on purpose, and there is nothing left of it to show",
            found=f"a tombstone in {folder}",
            next_step=f"Whether it is genuine says: optout evidence verify {shlex.quote(str(folder))}",
        )
    kind, record = read_record(_content(folder, RECORD))
    story = told(record, claimed=kind == CLAIMED)
    # The last one is the bundle's own; before it come keys and log, where it lies among others.
    *_, found = verify(folder, Brought())
    return BundleView(
        name=folder.name,
        digest=hashlib.sha256(_content(folder, MANIFEST)).hexdigest(),
        story=story,
        pictures=tuple(_shown(folder, picture) for picture in story.pictures),
        findings=found.findings,
        limits=_limits(found.does_not_prove or story.limits),
        signed=any((folder / name).exists() for name in SEALS),
    )


def _limits(limits: tuple[str, ...]) -> tuple[str, ...]:
    """The limits, without those that another one says as well, and more."""
    return tuple(
        limit
        for limit in limits
        if not any(other.startswith(limit) for other in limits if other != limit)
    )


def _shown(folder: Path, picture: Picture) -> Shown:
    try:
        content = _content(folder, picture.file)
    except EvidenceInvalid as error:
        return Shown(picture, problem=error.found)
    kind = next((kind for start, kind in _KINDS.items() if content.startswith(start)), None)
    if kind is None:
        return Shown(picture, problem="it is not a picture of a kind that optout makes")
    return Shown(picture, f"data:{kind};base64,{base64.b64encode(content).decode()}")


def _content(folder: Path, name: str) -> bytes:
    """A plain file that lies in the bundle itself; a record may name anything.

    Raises:
        EvidenceInvalid: there is none of that name.
    """
    path = folder / name
    try:
        plain = name not in ("", ".", "..") and path.parent == folder and "\\" not in name
        if plain and path.is_file() and not path.is_symlink() and path.stat().st_size <= _LARGEST:
            return path.read_bytes()
        found = "no such file in the bundle"
    except (OSError, ValueError) as error:  # a name that no file can have is a ValueError
        found = f"it cannot be read: {getattr(error, 'strerror', None) or error}"
    raise EvidenceInvalid(
        f"{name} of {folder} cannot be shown",
        step="evidence",
        found=found,
        next_step="Name the folder of a bundle; to check it: optout evidence verify FOLDER",
    )
