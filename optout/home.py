"""Where optout keeps its files, and how they are protected."""

from __future__ import annotations

import contextlib
import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# A planted link under the draft's name is not followed where the system can refuse it.
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)


@dataclass(frozen=True)
class Home:
    """The folders optout writes to.

    Attributes:
        data: ledger, evidence and sealed sessions.
        logs: log files.
    """

    data: Path
    logs: Path

    @property
    def ledger(self) -> Path:
        """The default SQLite ledger."""
        return self.data / "ledger.sqlite3"

    @property
    def evidence(self) -> Path:
        """The folder of sealed bundles."""
        return self.data / "evidence"

    @property
    def sessions(self) -> Path:
        """The folder of sealed browser sessions."""
        return self.data / "sessions"

    @classmethod
    def at(cls, root: Path) -> Home:
        """Everything under one folder, as `OPTOUT_HOME` asks for."""
        return cls(data=root, logs=root / "logs")

    @classmethod
    def of_user(cls) -> Home:
        """`OPTOUT_HOME` where it is set, else the folders this system gives to programs."""
        if root := os.environ.get("OPTOUT_HOME"):
            return cls.at(Path(root).expanduser().absolute())
        # Imported here: `optout --help` needs no folders and should start at once.
        import platformdirs  # noqa: PLC0415

        dirs = platformdirs.PlatformDirs("optout", appauthor=False)
        return cls(data=Path(dirs.user_data_dir), logs=Path(dirs.user_log_dir))


def private_folder(path: Path) -> Path:
    """Make a folder, and its missing parents, that only this user can enter (0700).

    Returns:
        The same path.

    Raises:
        OSError: it cannot be made here.
    """
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)  # mkdir's mode is subject to the umask
    return path


@contextlib.contextmanager
def private_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that only this user can read (0600), to be written whole or not at all.

    The content goes to a neighbour first, reaches the disk, and is then renamed, so that neither a
    crash nor a full disk leaves half a file under the final name.

    Raises:
        OSError: the disk is full or the folder is not writable; what was under `path` is as it was.
    """
    private_folder(path.parent)
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex[:12]}.draft")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW, 0o600)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only this user can read (0600), whole or not at all; see `private_file`.

    Raises:
        OSError: the disk is full or the folder is not writable; what was under `path` is as it was.
    """
    with private_file(path) as file:
        file.write(content)
