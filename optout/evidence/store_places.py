"""Where an evidence store can be: a folder that machines share, or whatever fsspec speaks to."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any, Protocol

from optout.errors import NotUsableHere, UsageProblem
from optout.evidence.bundle import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class Place(Protocol):
    """The little that a place for files has to be able to do; names are relative, with `/`.

    What goes wrong is raised as the place has it: each kind has errors of its own.
    """

    def write(self, name: str, content: bytes) -> None:
        """Write a file, and the folder it is in."""

    def read(self, name: str) -> bytes:
        """What is in a file."""

    def names(self, folder: str) -> list[str]:
        """The files of a folder; none where there is no such folder."""

    def move(self, draft: str, folder: str, files: Iterable[str]) -> None:
        """Give a folder its final name, at once or with the manifest last."""

    def remove(self, folder: str) -> None:
        """Remove a folder with what is in it, if it is there."""


class Folder:
    """A folder of this machine, or one that is mounted."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def write(self, name: str, content: bytes) -> None:
        """Write a file that is on the disk once this returns."""
        path = self._there() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def read(self, name: str) -> bytes:
        """What is in a file."""
        return (self._root / name).read_bytes()

    def names(self, folder: str) -> list[str]:
        """The files of a folder; none where there is no such folder."""
        path = self._there() / folder
        return [each.name for each in path.iterdir()] if path.is_dir() else []

    def move(self, draft: str, folder: str, files: Iterable[str]) -> None:  # noqa: ARG002 - all at once
        """Give a folder its final name."""
        (self._root / draft).rename(self._root / folder)

    def remove(self, folder: str) -> None:
        """Remove a folder with what is in it, if it is there."""
        if (self._root / folder).exists():
            shutil.rmtree(self._root / folder)

    def _there(self) -> Path:
        # Where a share is not mounted, nothing is to be written beneath it.
        if not self._root.is_dir():
            raise FileNotFoundError(2, "there is no such folder; is it mounted?", str(self._root))
        return self._root


class Remote:
    """A place that fsspec speaks to."""

    def __init__(self, files: Any, root: str) -> None:
        self._files = files
        self._root = root.rstrip("/")

    @classmethod
    def at(cls, url: str) -> Remote:
        """The place at a URL.

        Raises:
            UsageProblem: there is no such kind of place.
            NotUsableHere: what speaks to it is not installed.
        """
        try:
            import fsspec  # noqa: PLC0415 - only clusters have such stores

            files, root = fsspec.core.url_to_fs(url, use_listings_cache=False)
        except ImportError as error:
            raise NotUsableHere(
                f"the evidence store {without_secrets(url)} cannot be reached from here",
                found=words(error),
                next_step="Install what speaks to it next to optout: python -m pip install "
                "'optout[cluster]', and for example s3fs.",
            ) from None
        except ValueError as error:
            raise UsageProblem(
                f"{without_secrets(url)} is not where an evidence store can be",
                expected="an absolute path, or a URL such as s3://bucket/folder",
                found=words(error),
            ) from None
        return cls(files, root)

    def write(self, name: str, content: bytes) -> None:
        """Write a file that is on the disk once this returns."""
        path = self._at(name)
        # Stores of objects have no folders, and say so by doing nothing.
        self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
        self._files.pipe_file(path, content)

    def read(self, name: str) -> bytes:
        """What is in a file."""
        return bytes(self._files.cat_file(self._at(name)))

    def names(self, folder: str) -> list[str]:
        """The files of a folder; none where there is no such folder."""
        try:
            return [each.rpartition("/")[2] for each in self._files.ls(self._at(folder), detail=False)]
        except FileNotFoundError:
            return []

    def move(self, draft: str, folder: str, files: Iterable[str]) -> None:
        """Give a folder its final name."""
        # Such places cannot rename a folder at once: the manifest comes last, and what has none is not
        # in view.
        self._files.makedirs(self._at(folder), exist_ok=True)
        for name in sorted(files, key=lambda each: each == MANIFEST):
            self._files.mv(self._at(f"{draft}/{name}"), self._at(f"{folder}/{name}"))

    def remove(self, folder: str) -> None:
        """Remove a folder with what is in it, if it is there."""
        if self._files.exists(self._at(folder)):
            self._files.rm(self._at(folder), recursive=True)

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"


def without_secrets(url: str) -> str:
    """The URL without user, password and whatever follows a question mark."""
    kind, _, rest = url.partition("://")
    host, slash, path = rest.partition("?")[0].partition("/")
    return f"{kind}://{host.rpartition('@')[2]}{slash}{path}"


def words(error: BaseException) -> str:
    """What an error says, unless it repeats a URL, which may hold a secret."""
    said = (error.strerror if isinstance(error, OSError) else None) or str(error)
    line = (said.splitlines() or [""])[0]
    return f"{type(error).__name__}: {line[:160]}" if "://" not in line else type(error).__name__
