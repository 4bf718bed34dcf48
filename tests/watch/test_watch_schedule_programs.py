"""What macOS and Windows are told, by stand-ins for their programs: neither system is here."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

import pytest

from optout.errors import NotUsableHere
from optout.home import Home
from optout.watch.schedule.entry import entry_for
from optout.watch.schedule.launchd import Launchd
from optout.watch.schedule.rhythm import Rhythm
from optout.watch.schedule.windows import Windows

if TYPE_CHECKING:
    from pathlib import Path

    from optout.watch.schedule.entry import Entry

# Keeps what it was told, and of a task its definition, as the Task Scheduler does.
PROGRAM = """#!/bin/sh
echo "$@" >> "$(dirname "$0")/told"
case "$1" in
  /Create) cat "$5" > "$(dirname "$0")/task" ;;
  /Query) cat "$(dirname "$0")/task" ;;
  /Delete) rm "$(dirname "$0")/task" ;;
esac
"""


@pytest.fixture
def entry(tmp_path: Path) -> Entry:
    rhythm = Rhythm("week", time(9), date(2026, 11, 22))
    return entry_for(Home.at(tmp_path / "optout"), rhythm, {}, None)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home, and a folder of programs that keep what they are told."""
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    for name in ("launchctl", "schtasks"):
        (folder / name).write_text(PROGRAM)
        (folder / name).chmod(0o700)
    return folder


def test_launchd_loads_the_agent_and_unloads_it_without_a_trace(
    programs: Path, entry: Entry, tmp_path: Path
) -> None:
    launchd = Launchd()
    launchd.install(entry)
    (written,) = launchd.found(entry.name)
    assert written == launchd.planned(entry).texts[0]
    entry.log.write_text("what it printed")
    assert launchd.remove(entry.name)
    load, unload = (programs / "told").read_text().splitlines()
    assert load.startswith("bootstrap gui/")
    assert load.endswith(written.place)
    assert unload.endswith(f"/org.optout.{entry.name}")
    assert [path for path in tmp_path.rglob("*") if entry.name in path.name] == []
    assert not entry.log.exists()


def test_an_agent_that_launchd_refuses_leaves_no_file(programs: Path, entry: Entry) -> None:
    (programs / "launchctl").write_text("#!/bin/sh\necho not today >&2; exit 5\n")
    with pytest.raises(NotUsableHere, match="not today"):
        Launchd().install(entry)
    assert Launchd().found(entry.name) == ()


def test_the_task_scheduler_registers_the_task_and_deletes_it(programs: Path, entry: Entry) -> None:
    windows = Windows()
    windows.install(entry)
    kept = (programs / "task").read_bytes().decode("utf-16")
    assert kept == windows.planned(entry).texts[0].text
    assert windows.remove(entry.name)
    assert not (programs / "task").exists()
    verbs = [line.split()[0] for line in (programs / "told").read_text().splitlines()]
    assert verbs == ["/Create", "/Query", "/Delete"]
