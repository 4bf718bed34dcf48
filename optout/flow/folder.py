"""A third party's flow as it lies in its folder: read whole and understood without being run."""

from __future__ import annotations

import ast
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from optout.errors import FlowBroken
from optout.flow.confinement import transgressions

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

FLOW = "flow.py"
PRACTICE = "practice/"
# Never read: what is imported is compiled from the files themselves.
_CACHE = "__pycache__"


@dataclass(frozen=True)
class Statement:
    """What a flow's source says of itself in so many words; what it computes is not in here.

    Attributes:
        name: the platform's; empty where it is not written out.
        origin: scheme and host; empty where it is not written out.
        hosts: every other host it names, those for signing in included.
    """

    name: str
    origin: str
    hosts: tuple[str, ...]


@dataclass(frozen=True)
class FlowFolder:
    """The files of one flow, as they were when they were read.

    Attributes:
        where: what it is remembered by: its folder, or the distribution that brought it.
        folder: where its files are.
        files: every file by its path in the folder, but no compiled one.
    """

    where: str
    folder: Path
    files: dict[str, bytes] = field(repr=False)

    @classmethod
    def at(cls, folder: Path, where: str = "") -> FlowFolder:
        """Read a folder with a `flow.py` in it.

        Raises:
            FlowBroken: there is none.
            OSError: a file cannot be read.
        """
        folder = folder.resolve()
        if not (folder / FLOW).is_file():
            raise FlowBroken(f"there is no {FLOW} in {folder}", next_step="Name the flow's own folder.")
        paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
        files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in paths
            if _CACHE not in path.parts
        }
        return cls(where or str(folder), folder, files)

    @classmethod
    def of_entry(cls, entry: EntryPoint) -> FlowFolder:
        """Read the folder that an installed distribution names, without importing any of it.

        Raises:
            FlowBroken: the distribution does not say where it is.
            OSError: a file cannot be read.
        """
        module = Path(*entry.module.split(".")).with_suffix(".py")
        listed = {Path(file): file for file in (entry.dist.files if entry.dist else None) or ()}
        if module not in listed or module.name != FLOW or len(module.parts) == 1:
            raise FlowBroken(
                f"its distribution does not list {module}",
                expected=f"the module of a file {FLOW} in a folder of its own, installed as a copy",
                next_step="Install it without --editable, or name its folder with --flows.",
            )
        file = Path(str(listed[module].locate()))
        return cls.at(file.parent, f"{entry.dist.name if entry.dist else ''}: {entry.value}")

    @property
    def hashes(self) -> dict[str, str]:
        """The SHA-256 of each file, in hex."""
        return {name: hashlib.sha256(content).hexdigest() for name, content in self.files.items()}

    @property
    def digest(self) -> str:
        """One SHA-256 over all of them, in hex: that of the lines `sha256sum` would print."""
        lines = (f"{digest}  {name}\n" for name, digest in self.hashes.items())
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def states(self) -> Statement:
        """What its source says of itself.

        Raises:
            SyntaxError: it is no Python.
        """
        tree = ast.parse(self.files[FLOW], FLOW)
        classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
        facts = next(filter(_OWN.issubset, map(_facts, classes)), {})
        door = facts.get("sign_in")
        keywords = door.keywords if isinstance(door, ast.Call) else []
        at_the_door = {each.arg: each.value for each in keywords}
        return Statement(
            name=_text(facts.get("name")),
            origin=_text(facts.get("origin")),
            hosts=(*_texts(facts.get("hosts")), *_texts(at_the_door.get("hosts"))),
        )

    def goes_beyond(self) -> list[str]:
        """What its code does besides stating facts, one line each; its practice site aside.

        Raises:
            SyntaxError: it is no Python.
        """
        return [
            f"{name} {what}"
            for name, content in self.files.items()
            if name.endswith(".py") and not name.startswith(PRACTICE)
            for what in transgressions(content.decode(), self.folder.name)
        ]


_OWN = frozenset({"name", "origin"})


def _facts(made: ast.ClassDef) -> dict[str, ast.expr]:
    """What the class assigns to plain names."""
    return {
        target.id: node.value
        for node in made.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _texts(node: ast.expr | None) -> tuple[str, ...]:
    return tuple(filter(None, map(_text, node.elts))) if isinstance(node, ast.Tuple | ast.List) else ()
