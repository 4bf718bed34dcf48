"""Writing a bundle so that it is there whole, or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from optout.errors import EvidenceInvalid, EvidenceNotWritten
from optout.evidence.scan import scan
from optout.home import private_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

MANIFEST = "manifest.sha256"
ENVELOPE = "manifest.dsse.json"
SIGNATURE = "manifest.dsse.json.sig"
SEALS = frozenset({ENVELOPE, SIGNATURE})
"""The files that vouch for the manifest, which therefore does not list them."""

DRAFT = ".draft-"
_ABANDONED_S = 3600


class Sealer(Protocol):
    """Something that vouches for a manifest, such as a signature."""

    def seal(self, manifest: bytes) -> Mapping[str, bytes]:
        """The files to put beside the manifest, by name."""


@dataclass(frozen=True)
class Bundle:
    """A bundle in its place.

    Attributes:
        folder: where it is.
        digest: SHA-256 of its manifest, in hex.
    """

    folder: Path
    digest: str


def manifest_of(files: Mapping[str, bytes]) -> bytes:
    """A line per file, in the form that `sha256sum --check` reads."""
    lines = (f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return "".join(lines).encode()


def write_bundle(
    folder: Path, files: Mapping[str, bytes], sealers: Sequence[Sealer] = (), *, ordinary: str = ""
) -> Bundle:
    """Write a bundle under a hidden name, then rename it into view.

    Args:
        folder: where it shall be; must not exist.
        files: content by file name.
        sealers: what else vouches for the manifest.
        ordinary: words that stand in these files whatever the secrets are; see `scan`.

    Raises:
        EvidenceNotWritten: a file holds a secret, or it could not be written; nothing is in view.
    """
    scan(files, ordinary=ordinary)
    manifest = manifest_of(files)
    seals = {name: content for sealer in sealers for name, content in sealer.seal(manifest).items()}
    draft = folder.with_name(f"{DRAFT}{folder.name}-{uuid.uuid4().hex[:8]}")
    try:
        private_folder(draft)
        for name, content in {**files, **seals, MANIFEST: manifest}.items():
            _write(draft / name, content)
        _sync(draft)
        draft.rename(folder)
        _sync(folder.parent)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise EvidenceNotWritten(
            f"the evidence could not be written to {folder.parent}",
            step="evidence",
            found=error.strerror or type(error).__name__,
            next_step="Make room or make the folder writable, then run again: without its evidence "
            "the result does not count as proven.",
        ) from None
    return Bundle(folder, hashlib.sha256(manifest).hexdigest())


def listed(manifest: bytes) -> dict[str, str]:
    """SHA-256 in hex by file name, as a manifest lists them; what is no such line is left out."""
    lines = manifest.decode(errors="replace").split("\n")
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines) if name}


def check_bundle(folder: Path) -> Bundle:
    """Compare every file of a bundle with its manifest; of its signature see `evidence.verify`.

    Raises:
        EvidenceInvalid: a file was changed, is missing, or was added.
    """
    try:
        manifest = (folder / MANIFEST).read_bytes()
        others = (file for file in folder.iterdir() if file.name not in {MANIFEST, *SEALS})
        found = {file.name: file.read_bytes() for file in others}
    except OSError as error:
        raise _invalid(folder, f"{error.filename or folder}: {error.strerror}") from None
    if manifest != manifest_of(found):
        said_so = listed(manifest)
        changed = sorted(
            name
            for name, content in found.items()
            if name in said_so and hashlib.sha256(content).hexdigest() != said_so[name]
        )
        added, missing = sorted(found.keys() - said_so), sorted(said_so.keys() - found.keys())
        parts = (("changed", changed), ("added", added), ("missing", missing))
        said = "; ".join(f"{word}: {', '.join(names)}" for word, names in parts if names)
        raise _invalid(folder, said or "the manifest itself was changed")
    return Bundle(folder, hashlib.sha256(manifest).hexdigest())


def sweep_drafts(root: Path, now: float) -> int:
    """Remove what killed writers left behind; bundles in view are never touched.

    Args:
        root: the evidence folder.
        now: seconds since the epoch; a draft younger than an hour may belong to a run that is alive.

    Returns:
        How many drafts were removed.
    """
    drafts = [
        draft
        for draft in root.rglob(f"{DRAFT}*")
        if draft.is_dir() and now - draft.stat().st_mtime > _ABANDONED_S
    ]
    for draft in drafts:
        shutil.rmtree(draft, ignore_errors=True)
    return len(drafts)


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows cannot open folders for this, and keeps renames in order by itself.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _invalid(folder: Path, found: str) -> EvidenceInvalid:
    return EvidenceInvalid(
        f"the bundle {folder} is not as it was written",
        step="evidence",
        found=found,
        next_step="Do not rely on it; run the visit again.",
    )
