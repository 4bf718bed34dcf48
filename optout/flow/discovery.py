"""Finding flows: installed ones through their entry point, others in a folder of the user's own."""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import inspect
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from optout.errors import FlowBroken, UsageProblem
from optout.flow.contract import problems
from optout.flow.flow import Flow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from types import ModuleType

GROUP = "optout.flows"


@dataclass(frozen=True)
class Broken:
    """A flow that was found and cannot be used.

    Attributes:
        where: the entry point or file it came from.
        reason: what is wrong with it, in one sentence.
    """

    where: str
    reason: str


@dataclass(frozen=True)
class Flows:
    """Every flow that was found, by platform name, and those that are broken."""

    flows: dict[str, Flow]
    broken: tuple[Broken, ...] = field(default=())

    def __iter__(self) -> Iterator[Flow]:
        return iter(self.flows.values())


def discover(folder: Path | None = None) -> Flows:
    """Find every flow. A broken one is reported and does not stop the others.

    Args:
        folder: a folder with `<platform>/flow.py` inside, whose code the user trusts.

    Raises:
        UsageProblem: the folder does not exist or holds no flow.
    """
    found: dict[str, Flow] = {}
    broken: list[Broken] = []
    for where, load in (*_installed(), *(_in_folder(folder) if folder else ())):
        try:
            flow = _flow_in(load(), where)
            wrong = problems(flow)
        # A third party's module may raise anything at all, or even end the program, while it is
        # imported or looked at; whatever it is, the other flows must still be there.
        except (Exception, SystemExit) as error:  # noqa: BLE001
            broken.append(Broken(where, f"{type(error).__name__}: {error}"))
            continue
        if wrong:
            broken.append(Broken(where, "; ".join(wrong)))
        elif flow.name in found:
            broken.append(Broken(where, f"a flow named {flow.name} was found before this one"))
        else:
            found[flow.name] = flow
    return Flows(dict(sorted(found.items())), tuple(broken))


def _installed() -> Iterable[tuple[str, Callable[[], object]]]:
    for entry in importlib.metadata.entry_points(group=GROUP):
        yield f"{entry.name} ({entry.value})", entry.load


def _in_folder(folder: Path) -> Iterable[tuple[str, Callable[[], object]]]:
    files = sorted(folder.glob("*/flow.py"))
    if not files:
        raise UsageProblem(
            f"no flow in {folder}",
            expected="a folder with <platform>/flow.py inside",
            found="nothing of that shape" if folder.is_dir() else "no such folder",
            next_step="Check the path given with --flows.",
        )
    for file in files:
        yield str(file), functools.partial(_load_file, file)


def _load_file(file: Path) -> ModuleType:
    name = f"optout_local_flows.{file.parent.name}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise FlowBroken(f"{file} cannot be loaded as Python")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _flow_in(loaded: object, where: str) -> Flow:
    if inspect.isclass(loaded) and issubclass(loaded, Flow):
        return loaded()
    own = [
        member
        for _, member in inspect.getmembers(loaded, inspect.isclass)
        if issubclass(member, Flow) and member.__module__ == getattr(loaded, "__name__", "")
    ]
    if len(own) != 1:
        raise FlowBroken(f"{where} must define exactly one flow, and it defines {len(own)}")
    return own[0]()
