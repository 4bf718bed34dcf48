"""Files that a command is asked to write: whole or not at all, and for this user's eyes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

from optout.home import private_file

if TYPE_CHECKING:
    from collections.abc import Callable


def write_file(name: str, fill: Callable[[IO[bytes]], object]) -> Path | None:
    """Write a file that only this user can read, or to stdout where it is named `-`.

    Args:
        name: the file, or `-`.
        fill: given the open file.

    Returns:
        The file; None for stdout.

    Raises:
        OSError: it cannot be written; what was there before is as it was.
    """
    if name == "-":
        fill(sys.stdout.buffer)
        return None
    path = Path(name)
    # What is there and is no file, such as a pipe or a device, is written to and not replaced.
    into = path.open("wb") if path.exists() and not path.is_file() else private_file(path.resolve())
    with into as out:
        fill(out)
    return path
