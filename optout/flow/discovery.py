"""Finding flows: installed ones through their entry point, others in a folder of the user's own.

What this distribution brings is its own code. Anybody else's is read and hashed where it lies, and
imported only if its user has accepted exactly that.
"""

from __future__ import annotations

import importlib.metadata
import inspect
import shlex
import sys
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from optout.errors import FlowBroken, UsageProblem
from optout.flow.contract import problems
from optout.flow.flow import Flow
from optout.flow.folder import FLOW, FlowFolder
from optout.flow.memory import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from importlib.metadata import EntryPoint

    from optout.flow.trust import TrustBook

GROUP = "optout.flows"
_OURS = "optout"


@dataclass(frozen=True)
class Broken:
    """A flow that was found and cannot be used.

    Attributes:
        where: the entry point or file it came from.
        reason: what is wrong with it, in one sentence.
        next_step: what to do about it.
    """

    where: str
    reason: str
    next_step: str = "Tell the flow's author."


@dataclass(frozen=True)
class Flows:
    """Every flow that was found, by platform name, and those that are broken."""

    flows: dict[str, Flow]
    broken: tuple[Broken, ...] = field(default=())

    def __iter__(self) -> Iterator[Flow]:
        return iter(self.flows.values())


class NotAccepted(FlowBroken):
    """A third party's flow that its user has not accepted as it is now."""


def discover(folder: Path | None = None, trust: TrustBook | None = None) -> Flows:
    """Find every flow. A broken one is reported and does not stop the others.

    Args:
        folder: a folder with `<platform>/flow.py` inside.
        trust: what of third parties' code may run; without it, none.

    Raises:
        UsageProblem: the folder does not exist or holds no flow.
    """
    found: dict[str, Flow] = {}
    broken: list[Broken] = []
    for where, flow_of in _sources(folder, trust):
        try:
            flow = flow_of()
            wrong = problems(flow)
        except NotAccepted as error:
            broken.append(Broken(where, error.what, error.next_step))
            continue
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


def third_party_entries() -> list[EntryPoint]:
    """The flows that other distributions have installed; nothing of them is imported."""
    return [entry for entry in importlib.metadata.entry_points(group=GROUP) if not _is_ours(entry)]


def flow_files(folder: Path) -> list[Path]:
    """The flows in a folder of flows.

    Raises:
        UsageProblem: the folder does not exist or holds none.
    """
    files = sorted(folder.glob(f"*/{FLOW}"))
    if not files:
        raise UsageProblem(
            f"no flow in {folder}",
            expected="a folder with <platform>/flow.py inside",
            found="nothing of that shape" if folder.is_dir() else "no such folder",
            next_step="Check the path given with --flows.",
        )
    return files


def ours_at(folder: Path) -> Flow | None:
    """The flow of this distribution that lies in this folder, or None."""
    for flow in discover():
        file = sys.modules[type(flow).__module__].__file__
        if file and Path(file).parent == folder.resolve():
            return flow
    return None


def flow_in(found: FlowFolder) -> Flow:
    """Import a third party's flow. Its code runs: whoever calls this has seen to it that it may.

    Raises:
        FlowBroken: it does not define exactly one flow.
        Exception: anything that its code raises.
    """
    return _flow_in(load(found), found.where)


def _sources(folder: Path | None, trust: TrustBook | None) -> Iterator[tuple[str, Callable[[], Flow]]]:
    for entry in importlib.metadata.entry_points(group=GROUP):
        where = f"{entry.name} ({entry.value})"
        yield where, partial(_ours if _is_ours(entry) else _installed, entry, trust)
    for file in flow_files(folder) if folder else ():
        yield str(file), partial(_in_folder, file.parent, trust)


def _ours(entry: EntryPoint, _: TrustBook | None) -> Flow:
    return _flow_in(entry.load(), entry.value)


def _installed(entry: EntryPoint, trust: TrustBook | None) -> Flow:
    return _accepted(FlowFolder.of_entry(entry), trust, entry.name)


def _in_folder(folder: Path, trust: TrustBook | None) -> Flow:
    return _accepted(FlowFolder.at(folder), trust, str(folder))


def _is_ours(entry: EntryPoint) -> bool:
    return entry.dist is not None and entry.dist.name == _OURS


def _accepted(found: FlowFolder, trust: TrustBook | None, named: str) -> Flow:
    """The flow, if what is there is what was accepted."""
    accept = f"Look at it and accept it: optout flow trust {shlex.quote(named)}"
    found.states()  # what is no Python can be neither shown nor accepted
    entry = trust.entry(found) if trust else None
    if entry is None:
        raise NotAccepted("you have not accepted its code", next_step=accept)
    if entry.digest != found.digest:
        changed = ", ".join(entry.changed(found))
        raise NotAccepted(
            f"it has changed since you accepted it on {entry.at[:10]} ({changed})", next_step=accept
        )
    flow = flow_in(found)
    if not problems(flow) and (differs := entry.differs(flow)):
        raise FlowBroken(differs)
    return flow


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
