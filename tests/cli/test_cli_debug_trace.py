"""`--debug-trace`: a recording for whoever looks for a mistake, apart from all evidence."""

from __future__ import annotations

import os
import zipfile
from typing import TYPE_CHECKING

from optout.model import ExitBit
from optout.visit.trace import KEPT_FOR_DAYS, sweep_traces
from tests.cli.shell import PASSWORD, Desk

if TYPE_CHECKING:
    from pathlib import Path

DAY_S = 86_400


def test_a_trace_begins_after_signing_in_and_stays_out_of_the_bundle(desk: Desk) -> None:
    desk.add("ada@example.org")
    ended = desk.shell.optout("run", *desk.site, "--headless", "--debug-trace")
    assert ended.status == ExitBit.OK, ended
    home = desk.shell.home
    recordings = [file for file in home.data.rglob("*") if file.suffix in (".zip", ".har", ".webm")]
    assert [file.parent for file in recordings] == [home.logs / "traces"]
    assert oct(recordings[0].stat().st_mode & 0o777) == ("0o600" if os.name != "nt" else "0o666")
    assert f"A trace is kept in {recordings[0]}. It holds the session" in ended.err
    with zipfile.ZipFile(recordings[0]) as trace:
        inside = [trace.read(name) for name in trace.namelist()]
    assert any(b"data-for-ai-improvement" in content for content in inside)
    assert not [content for content in inside if PASSWORD.encode() in content]


def test_a_trace_is_deleted_after_its_days(tmp_path: Path) -> None:
    (tmp_path / "traces").mkdir()
    old, young = (tmp_path / "traces" / f"{name}.zip" for name in ("old", "young"))
    for file, days in ((old, KEPT_FOR_DAYS + 1), (young, KEPT_FOR_DAYS - 1)):
        file.touch()
        os.utime(file, (0, 100 * DAY_S - days * DAY_S))
    sweep_traces(tmp_path, 100 * DAY_S)
    assert [old.exists(), young.exists()] == [False, True]
