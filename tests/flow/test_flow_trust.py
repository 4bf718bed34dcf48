"""Somebody else's code: nothing of it runs that was not accepted exactly as it is."""

from __future__ import annotations

import datetime
import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from optout.authors.scaffold import begin
from optout.errors import FlowBroken, OptoutError
from optout.flow.discovery import discover, flow_in, third_party_entries
from optout.flow.folder import FlowFolder
from optout.flow.memory import load
from optout.flow.trust import TrustBook
from optout.practice.load import practice_module, practice_site_of

if TYPE_CHECKING:
    from optout.flow.discovery import Broken

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)


@pytest.fixture
def aurora(tmp_path: Path) -> Path:
    """A flow that leaves a mark when any of its files is run."""
    begin("aurora", tmp_path / "flows", ())
    folder = tmp_path / "flows" / "aurora"
    (folder / "words.py").write_text("SAID = 'first'\n")
    with (folder / "flow.py").open("a") as file:
        file.write(
            f"\nfrom pathlib import Path\nfrom .words import SAID\n"
            f"Path({str(folder.parents[1] / 'ran')!r}).write_text(SAID)\n"
        )
    return folder


@pytest.fixture
def book(tmp_path: Path) -> TrustBook:
    return TrustBook(tmp_path / "book.json")


def ran(folder: Path) -> str:
    """What the flow's code left behind when it ran; empty where it did not."""
    mark = folder.parents[1] / "ran"
    return mark.read_text() if mark.exists() else ""


def left_out(folder: Path, book: TrustBook) -> Broken:
    found = discover(folder.parent, book)
    assert folder.name not in found.flows
    return found.broken[0]


def test_code_that_nobody_accepted_does_not_run(aurora: Path, book: TrustBook) -> None:
    broken = left_out(aurora, book)
    assert "you have not accepted its code" in broken.reason
    assert f"optout flow trust {aurora}" in broken.next_step
    assert not ran(aurora)


def test_what_was_accepted_runs(aurora: Path, book: TrustBook) -> None:
    book.accept(FlowFolder.at(aurora), NOW)
    assert "aurora" in discover(aurora.parent, book).flows
    assert ran(aurora) == "first"


@pytest.mark.parametrize("file", ["flow.py", "words.py", "practice/site.py", "practice/pages/new.html"])
def test_when_any_file_changes_it_stops_and_says_which(aurora: Path, book: TrustBook, file: str) -> None:
    book.accept(FlowFolder.at(aurora), NOW)
    (aurora / file).parent.mkdir(exist_ok=True)
    with (aurora / file).open("a") as out:
        out.write("\n")
    broken = left_out(aurora, book)
    assert f"it has changed since you accepted it on 2026-11-22 ({file})" in broken.reason
    assert "optout flow trust" in broken.next_step
    assert not ran(aurora)


def test_a_file_that_is_gone_is_a_change(aurora: Path, book: TrustBook) -> None:
    book.accept(FlowFolder.at(aurora), NOW)
    (aurora / "words.py").unlink()
    assert "(words.py)" in left_out(aurora, book).reason


def test_the_same_files_elsewhere_are_not_accepted(
    aurora: Path, book: TrustBook, tmp_path: Path
) -> None:
    book.accept(FlowFolder.at(aurora), NOW)
    moved = aurora.rename(tmp_path / "aurora")
    book_says = book.entry(FlowFolder.at(moved))
    assert book_says is None


def test_a_compiled_file_that_was_planted_is_not_used(aurora: Path, book: TrustBook) -> None:
    compiled = Path(importlib.util.cache_from_source(str(aurora / "words.py")))
    compiled.parent.mkdir()
    # "Unchecked": Python's own import would take it without a look at the source.
    code = importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little") + bytes(8)
    import marshal  # noqa: PLC0415

    compiled.write_bytes(code + marshal.dumps(compile("SAID = 'planted'", "words.py", "exec")))
    book.accept(FlowFolder.at(aurora), NOW)
    discover(aurora.parent, book)
    assert ran(aurora) == "first"


def test_a_file_that_was_written_after_the_look_is_not_imported(aurora: Path) -> None:
    (aurora / "flow.py").write_text("from .late import LATE\n")
    found = FlowFolder.at(aurora)
    (aurora / "late.py").write_text("LATE = True\n")
    with pytest.raises(ModuleNotFoundError, match=r"no file late/__init__\.py|no file late"):
        load(found)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("Aurora.origin = 'https://other.example'", "the origin https://other.example"),
        ("Aurora.hosts = ('other.example',)", "the hosts ['other.example']"),
        ("Aurora.sign_in = SignIn(path='/', hosts=('other.example',))", "the hosts ['other.example']"),
        ("Aurora.name = 'linkedin'", "the name linkedin"),
    ],
)
def test_what_the_source_did_not_show_is_refused(
    aurora: Path, book: TrustBook, line: str, what: str
) -> None:
    with (aurora / "flow.py").open("a") as out:
        out.write(f"{line}\n")
    book.accept(FlowFolder.at(aurora), NOW)
    assert f"it names {what}, which its source did not show" in left_out(aurora, book).reason


def test_the_hosts_are_read_from_the_source(aurora: Path) -> None:
    text = (aurora / "flow.py").read_text()
    text = text.replace(
        'SignIn(path="/sign-in")',
        'SignIn(path="/sign-in", hosts=("id.example",))\n    hosts = ["cdn.example"]',
    )
    (aurora / "flow.py").write_text(text)
    says = FlowFolder.at(aurora).states()
    assert (says.name, says.origin) == ("aurora", "https://aurora.example")
    assert says.hosts == ("cdn.example", "id.example")


def test_more_than_facts_is_named(aurora: Path) -> None:
    assert [line.partition(": ")[2] for line in FlowFolder.at(aurora).goes_beyond()] == [
        "imports from pathlib"
    ]


def test_its_practice_site_is_found_beside_it(aurora: Path) -> None:
    flow = flow_in(FlowFolder.at(aurora))
    assert practice_site_of(flow).platform == "aurora"
    assert practice_module(flow).__file__ == str(aurora / "practice" / "site.py")


def test_a_practice_site_outside_its_folder_is_refused(aurora: Path) -> None:
    text = (aurora / "flow.py").read_text()
    (aurora / "flow.py").write_text(text.replace(".practice.site:site", "os:abort"))
    with pytest.raises(FlowBroken, match="not in the flow's own folder"):
        practice_site_of(flow_in(FlowFolder.at(aurora)))


def test_acceptance_can_be_withdrawn(aurora: Path, book: TrustBook) -> None:
    book.accept(FlowFolder.at(aurora), NOW)
    assert book.withdraw(str(aurora))
    assert "you have not accepted" in left_out(aurora, book).reason
    assert not book.withdraw(str(aurora))


@pytest.mark.parametrize("text", ["", "[]", '{"x": {"name": 1}}'])
def test_a_list_that_cannot_be_read_accepts_nothing(aurora: Path, book: TrustBook, text: str) -> None:
    book.file.write_text(text)
    with pytest.raises(OptoutError, match="cannot be read"):
        book.entry(FlowFolder.at(aurora))
    assert "cannot be read" in left_out(aurora, book).reason


@pytest.fixture
def installed(aurora: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same flow as another distribution brings it."""
    site = tmp_path / "site"
    package = site / "acme_flows"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(f"open({str(tmp_path / 'package ran')!r}, 'w')\n")
    aurora.rename(package / "aurora")
    info = site / "acme_flows-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-flows\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[optout.flows]\naurora = acme_flows.aurora.flow\n")
    listed = [path.relative_to(site).as_posix() for path in package.rglob("*.py")]
    (info / "RECORD").write_text("".join(f"{file},,\n" for file in listed))
    monkeypatch.syspath_prepend(str(site))
    return package / "aurora"


def test_an_installed_flow_is_not_imported_until_it_is_accepted(
    installed: Path, book: TrustBook, tmp_path: Path
) -> None:
    broken = discover(trust=book).broken
    assert [each.where for each in broken] == ["aurora (acme_flows.aurora.flow)"]
    assert broken[0].next_step.endswith("optout flow trust aurora")
    assert "acme_flows" not in sys.modules
    (entry,) = third_party_entries()
    book.accept(FlowFolder.of_entry(entry), NOW)
    assert "aurora" in discover(trust=book).flows
    # What was not hashed, such as the package around it, does not run even then.
    assert not (tmp_path / "package ran").exists()
    (installed / "words.py").write_text("SAID = 'upgraded'\n")
    assert "(words.py)" in discover(trust=book).broken[0].reason


def test_an_installed_flow_that_cannot_be_seen_is_left_out(installed: Path, book: TrustBook) -> None:
    record = installed.parents[1] / "acme_flows-1.0.dist-info" / "RECORD"
    record.write_text("__editable__.acme_flows.pth,,\n")
    (broken,) = discover(trust=book).broken
    assert "does not list acme_flows/aurora/flow.py" in broken.reason
