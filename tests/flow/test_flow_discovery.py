"""Finding flows: installed ones, those in a folder, and those that are broken in every way."""

from __future__ import annotations

import contextlib
import datetime
import shutil
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from optout.errors import UsageProblem
from optout.flow import Flow
from optout.flow.discovery import discover
from optout.flow.folder import FlowFolder
from optout.flow.trust import TrustBook

if TYPE_CHECKING:
    from optout.flow.discovery import Flows

SOUND = Path(__file__).parents[1] / "workshop" / "flow.py"
BROKEN = {
    "syntax": ("class Broken(", "SyntaxError"),
    "raises": ("raise OSError('no such thing')", "OSError: no such thing"),
    "leaves": ("import sys; sys.exit('never mind')", "SystemExit: never mind"),
    "missing import": ("import a_module_that_is_not_there", "ModuleNotFoundError"),
    "no class": ("x = 1", "exactly one flow, and it defines 0"),
    "two classes": (
        "from optout.flow import Flow\nclass One(Flow): pass\nclass Two(Flow): pass",
        "exactly one flow, and it defines 2",
    ),
    "raises when made": (
        "from optout.flow import Flow\nclass One(Flow):\n    def __init__(self): 1 / 0",
        "ZeroDivisionError",
    ),
    "says nothing": ("from optout.flow import Flow\nclass One(Flow): pass", "does not say its name"),
    "says nonsense": (
        """
        from optout.flow import Flow
        class One(Flow):
            name = title = version = origin = sign_in = scenes = identity = settings = terms = 7
            practice = 7
        """,
        "TypeError",
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one sound flow."""
    add(tmp_path, "workshop", SOUND.read_text())
    return tmp_path


def add(folder: Path, name: str, code: str) -> None:
    (folder / name).mkdir()
    (folder / name / "flow.py").write_text(textwrap.dedent(code))


def accepted(folder: Path) -> Flows:
    """What is found where somebody has accepted whatever is in the folder."""
    book = TrustBook(folder / "book.json")
    for file in folder.glob("*/flow.py"):
        with contextlib.suppress(SyntaxError):
            book.accept(FlowFolder.at(file.parent), datetime.datetime.now(datetime.UTC))
    return discover(folder, book)


def test_installed_flows_are_found_through_their_entry_point() -> None:
    assert {"linkedin"} <= discover().flows.keys()


def test_a_flow_in_a_folder_is_found_beside_the_installed_ones(folder: Path) -> None:
    found = accepted(folder)
    assert {"workshop", *discover().flows} == found.flows.keys()
    assert found.broken == ()


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_flow_is_named_with_its_reason_and_stops_no_other(folder: Path, kind: str) -> None:
    code, reason = BROKEN[kind]
    add(folder, "abroken", code)
    found = accepted(folder)
    assert "workshop" in found.flows
    (broken,) = found.broken
    assert broken.where.endswith("abroken/flow.py")
    assert reason in broken.reason


def test_a_flow_that_breaks_the_contract_is_broken(folder: Path) -> None:
    add(
        folder,
        "unsafe",
        SOUND.read_text().replace("https://workshop.example", "http://workshop.example"),
    )
    (broken,) = accepted(folder).broken
    assert "must be https://" in broken.reason


def test_of_two_flows_for_one_platform_the_second_is_broken(folder: Path) -> None:
    add(folder, "workshop-too", SOUND.read_text())
    found = accepted(folder)
    assert "found before this one" in found.broken[0].reason
    assert "workshop" in found.flows


def test_a_module_that_failed_leaves_no_half_of_it_behind(folder: Path) -> None:
    add(folder, "half", "from . import other\nraise OSError")
    (folder / "half" / "other.py").write_text("done = 1")
    before = set(sys.modules)
    shutil.rmtree(folder / "workshop")
    (broken,) = accepted(folder).broken
    assert "OSError" in broken.reason
    assert set(sys.modules) <= before


@pytest.mark.parametrize(("name", "found"), [("", "nothing of that shape"), ("none", "no such folder")])
def test_a_folder_without_flows_is_a_usage_problem(tmp_path: Path, name: str, found: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        discover(tmp_path / name)
    assert problem.value.found == found


def test_flows_are_told_in_the_order_of_their_names(folder: Path) -> None:
    names = [flow.name for flow in accepted(folder)]
    assert names == sorted(names)
    assert all(isinstance(flow, Flow) for flow in accepted(folder))
