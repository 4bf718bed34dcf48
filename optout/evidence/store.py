"""One place for the bundles of many machines: a folder that they share, or whatever fsspec knows."""

from __future__ import annotations

import contextlib
import os
import shutil
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from optout.errors import EvidenceInvalid, EvidenceNotWritten, OptoutError, UsageProblem
from optout.evidence.bundle import DRAFT, MANIFEST, check_bundle
from optout.evidence.store_places import Folder, Remote, without_secrets, words
from optout.home import private_folder, write_private

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from optout.evidence.store_places import Place

VARIABLE = "OPTOUT_EVIDENCE_STORE"
"""Where the store is: an absolute path, or a URL such as s3://bucket/folder."""

_NEXT = (
    "Nothing is lost: the bundle stays in {folder}, and its result is recorded once it is stored. Make "
    "room there, or bring it back."
)


class EvidenceStore:
    """Bundles by their name: the folder's path relative to the evidence folder, with `/` between.

    Attributes:
        shown: where it is, without what may be secret in its URL.
    """

    def __init__(self, place: Place, shown: str) -> None:
        self._place = place
        self.shown = shown

    @classmethod
    def at(cls, where: str) -> EvidenceStore:
        """The store at an absolute path or a URL.

        Raises:
            UsageProblem: it is neither.
            NotUsableHere: what speaks to such a place is not installed here.
        """
        if "://" in where and not where.startswith("file://"):
            return cls(Remote.at(where), without_secrets(where))
        folder = Path(where.removeprefix("file://")).expanduser()
        if not folder.is_absolute():
            raise UsageProblem(
                f"{VARIABLE} does not say where the evidence store is",
                expected="an absolute path, or a URL such as s3://bucket/folder",
                found=f"the text {where[:80]!a}",
                next_step="Name a folder that every machine reaches under this path.",
            )
        return cls(Folder(folder), str(folder))

    @classmethod
    def named(cls, environ: Mapping[str, str] = os.environ) -> EvidenceStore | None:
        """The store that the environment names; None where it names none.

        Raises:
            UsageProblem: what it says is no place.
            NotUsableHere: what speaks to such a place is not installed here.
        """
        where = environ.get(VARIABLE, "").strip()
        return cls.at(where) if where else None

    def put(self, folder: Path, name: str) -> None:
        """Store a bundle. It is written under a hidden name, read back, compared, and then in view.

        Doing so twice does no harm.

        Args:
            folder: the bundle here.
            name: what it is called there.

        Raises:
            EvidenceNotWritten: the store is full or gone; the bundle here is untouched.
            EvidenceInvalid: the bundle here is not as it was written, or another one has its name.
        """
        check_bundle(folder)
        files = {file.name: file.read_bytes() for file in folder.iterdir()}
        parent, _, last = name.rpartition("/")
        draft = f"{parent}/{DRAFT}{last}-{uuid.uuid4().hex[:8]}".lstrip("/")
        with self._said(folder):
            if self._same(name, files):
                return
            try:
                for each, content in files.items():
                    self._place.write(f"{draft}/{each}", content)
                if not self._holds(draft, files):
                    raise OSError("what was read back is not what was written")
                self._place.move(draft, name, files)
            finally:
                with contextlib.suppress(Exception):  # what went wrong before matters more
                    self._place.remove(draft)

    def fetch(self, name: str, root: Path, digest: str) -> Path:
        """A bundle of the store in the evidence folder here, copied where it is not there yet.

        Args:
            name: the bundle.
            root: the evidence folder.
            digest: SHA-256 of its manifest, in hex, as the ledger has it.

        Raises:
            EvidenceInvalid: it is not in the store, or not as it was written.
            OptoutError: the store cannot be read.
            OSError: the folder here is not writable.
        """
        folder = root.joinpath(*name.split("/"))
        if folder.exists():
            return folder
        with self._said(folder, reading=True):
            files = {each: self._place.read(f"{name}/{each}") for each in self._place.names(name)}
        draft = folder.with_name(f"{DRAFT}{folder.name}-{uuid.uuid4().hex[:8]}")
        try:
            private_folder(draft)
            for each, content in files.items():
                write_private(draft / each, content)
            if MANIFEST not in files or check_bundle(draft).digest != digest:
                found = "another one" if MANIFEST in files else "a part of one" if files else "none"
                raise EvidenceInvalid(
                    f"the bundle {name} in the evidence store {self.shown} is not the one in the ledger",
                    step="evidence",
                    found=found,
                    next_step="Do not rely on it. Look for it on the worker that made it; else run the "
                    "visit again.",
                )
            with contextlib.suppress(FileExistsError, NotADirectoryError):
                draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return folder

    def replace(self, folder: Path, name: str) -> None:
        """Store what is left of a bundle whose time is over in its place, unless that was done before.

        Raises:
            EvidenceNotWritten: the store is full or gone.
        """
        files = {file.name: file.read_bytes() for file in folder.iterdir()}
        with self._said(folder):
            if set(self._place.names(name)) == set(files):
                return
            self._place.remove(name)
            for each, content in files.items():
                self._place.write(f"{name}/{each}", content)

    def _same(self, name: str, files: Mapping[str, bytes]) -> bool:
        """Whether the bundle is there already; a part of one, left by a crash, is not in view."""
        there = set(self._place.names(name))
        if MANIFEST not in there:
            return False
        if there == set(files) and all(
            self._place.read(f"{name}/{each}") == files[each] for each in files
        ):
            return True
        raise EvidenceInvalid(
            f"the evidence store {self.shown} has another bundle named {name}",
            step="evidence",
            next_step="Move that one away and find out who wrote it; then run this again.",
        )

    def _holds(self, name: str, files: Mapping[str, bytes]) -> bool:
        return all(self._place.read(f"{name}/{each}") == files[each] for each in files)

    @contextlib.contextmanager
    def _said(self, folder: Path, *, reading: bool = False) -> Iterator[None]:
        try:
            yield
        except OptoutError:
            raise
        # Each kind of place has errors of its own, and what they say may hold a URL with a secret.
        except Exception as error:  # noqa: BLE001
            found = words(error)
            if reading:
                raise OptoutError(
                    f"the evidence store {self.shown} cannot be read",
                    step="evidence",
                    found=found,
                    next_step=f"Bring it back, or correct {VARIABLE}.",
                ) from None
            raise EvidenceNotWritten(
                f"the evidence store {self.shown} cannot be written",
                step="evidence",
                found=found,
                next_step=_NEXT.format(folder=folder),
            ) from None
