"""How much memory a process and everything it has started take together, at most."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

_PROC = Path("/proc")
_EVERY_S = 0.25


@dataclass
class Peak:
    """Looks again and again while its block lasts. Linux only: elsewhere nothing is seen.

    Attributes:
        root: the process that has started all the others.
        idle: do not look at all.
        mb: the most that was seen, in MB: what processes share counts once (PSS).
    """

    root: int
    idle: bool = False
    mb: float = 0.0
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Start looking, unless idle."""
        if not self.idle:
            self._thread = threading.Thread(target=self._look, daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop looking."""
        self._over.set()
        if self._thread:
            self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_EVERY_S):
            # A child that has not become a program of its own yet still lives in its parent's memory.
            own = _command(self.root)
            others = {each for each in family(self.root) if _command(each) != own}
            self.mb = max(self.mb, sum(map(_pss_mb, {self.root, *others})))


def family(root: int) -> set[int]:
    """A process and everything that it, or what it has started, has started."""
    children: dict[int, list[int]] = {}
    for folder in _PROC.glob("[0-9]*"):
        if (parent := _parent(folder)) is not None:
            children.setdefault(parent, []).append(int(folder.name))
    found, to_ask = {root}, [root]
    while to_ask:
        born = children.get(to_ask.pop(), [])
        found.update(born)
        to_ask += born
    return found


def _parent(folder: Path) -> int | None:
    try:
        # The name of a program stands in brackets and may hold anything, brackets too.
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return None  # it has ended meanwhile


def _command(process: int) -> bytes:
    try:
        return (_PROC / str(process) / "cmdline").read_bytes()
    except OSError:
        return b""  # as above


def _pss_mb(process: int) -> float:
    try:
        lines = (_PROC / str(process) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0  # as above
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6
