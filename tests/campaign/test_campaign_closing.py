"""The end of a run: the log is written, signed and handed over, and nothing of that costs a result."""

from __future__ import annotations

import datetime
import shutil
from typing import TYPE_CHECKING

import pytest

from optout.campaign import closing
from optout.campaign.closing import AUTHORITY, DESTINATIONS, close_log, seals, send_on
from optout.campaign.surroundings import Surroundings
from optout.errors import SiteUnreachable
from optout.evidence.bundle import write_bundle
from optout.evidence.checkpoint import read_checkpoint
from optout.evidence.layout import Layout
from optout.evidence.purge import old_bundles, purge
from optout.ledger.outcomes import record_result
from optout.ledger.visits import start_run, start_visit
from optout.model import Mode, Outcome, Reading, Result, Target
from tests.campaign.conftest import ADA
from tests.evidence.authority import Authority
from tests.evidence.sealed import failures, files, verified

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)


def nobody(_: str) -> None:
    """Nobody listens."""


def visited(around: Surroundings, number: int, *, at: datetime.datetime = NOW) -> Path:
    """A result with its bundle, as a visit records it."""
    folder = around.evidence_folder(ADA) / f"{number:03}-ai-training"
    bundle = write_bundle(folder, files(number), seals(around, nobody))
    run = start_run(around.ledger, "run", at=at)
    visit = start_visit(
        around.ledger,
        run,
        ADA,
        origin="https://workshop.test",
        practice=False,
        mode=Mode.AUTOMATIC,
        flow_version="1",
        browser="",
        at=at,
    )
    result = Result(
        target=Target(ADA, "ai-training"),
        at=at,
        reading=Reading.OUT,
        outcome=Outcome.OPTED_OUT,
        evidence=bundle.folder,
        evidence_digest=bundle.digest,
    )
    record_result(around.ledger, visit, result, around.home.evidence)
    return folder


def test_what_runs_leave_behind_verifies(around: Surroundings) -> None:
    told: list[str] = []
    for number in (1, 2):
        visited(around, number)
        close_log(around, told.append)
    assert (failures(around.home.data), told) == ([], [])
    assert len(verified(around.home.data)) == 3


def test_a_run_that_adds_nothing_makes_no_new_checkpoint(around: Surroundings) -> None:
    visited(around, 1)
    first, second = (close_log(around, nobody) for _ in range(2))
    assert first == second


def test_without_a_key_the_log_is_written_and_nothing_signed(
    around: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPTOUT_KEY_COMMAND", "false")
    keyless = Surroundings.of(around.home, around.ledger)
    told: list[str] = []
    assert seals(keyless, told.append) == seals(keyless, told.append) == ()
    visited(keyless, 1)
    assert close_log(keyless, told.append) is None
    assert len(told) == 1
    assert told[0].startswith("Evidence is not signed because the program")
    layout = Layout(around.home.data)
    assert (layout.log.exists(), layout.checkpoints.exists()) == (True, False)
    assert [each.question for each in failures(around.home.data)] == ["signature"]


def test_a_written_log_that_was_changed_is_mended_and_said(around: Surroundings) -> None:
    visited(around, 1)
    close_log(around, nobody)
    log = Layout(around.home.data).log
    log.write_text(log.read_text().replace("ai-training", "xx-training"))
    told: list[str] = []
    close_log(around, told.append)
    assert "written anew" in told[0]
    assert failures(around.home.data) == []


def test_a_disk_that_refuses_costs_no_result(
    around: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    visited(around, 1)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(closing, "write_log", full)
    told: list[str] = []
    assert close_log(around, told.append) is None
    assert "No space left on device" in told[0]


def test_everybody_who_is_named_gets_the_checkpoint(around: Surroundings, tmp_path: Path) -> None:
    visited(around, 1)
    checkpoint = close_log(around, nobody)
    assert checkpoint
    told: list[str] = []
    to = f"'{tmp_path}/first usb.json' ftp://nowhere '{tmp_path}/second.json'"
    send_on(checkpoint, told.append, {DESTINATIONS: to, AUTHORITY: "http://127.0.0.1:9/"})
    assert [read_checkpoint(tmp_path / f"{name}.json").head for name in ("first usb", "second")] == [
        checkpoint.head
    ] * 2
    # The authority did not answer and one destination is none: said, and the others were served.
    assert len(told) == 2
    assert "optout evidence checkpoint --tsa" in told[0]


def test_an_authority_that_was_away_can_stamp_later(around: Surroundings, tmp_path: Path) -> None:
    visited(around, 1)
    checkpoint = close_log(around, nobody)
    assert checkpoint
    with pytest.raises(SiteUnreachable):
        closing.stamp(checkpoint, "http://127.0.0.1:9/")
    assert not checkpoint.stamp.exists()
    authority = Authority(tmp_path / "authority")
    authority.make()
    with authority.answering():
        assert [closing.stamp(checkpoint, authority.url) for _ in range(2)] == [True, False]
    found = verified(around.home.data, authority=authority.root)[1].findings
    assert [each.state for each in found if each.question == "time"] == ["ok"]


def test_what_is_old_makes_room_for_a_tombstone(around: Surroundings) -> None:
    old = visited(around, 1, at=NOW)
    young = visited(around, 2, at=NOW + datetime.timedelta(days=100))
    layout = Layout(around.home.data)
    found = old_bundles(around.ledger, layout, NOW + datetime.timedelta(days=50))
    assert [each.folder for each in found] == [old]
    purge(around.ledger, found, around.signing.usable())
    close_log(around, nobody)
    assert sorted(file.name for file in old.iterdir()) == ["tombstone.json", "tombstone.json.sig"]
    assert (young / "record.json").exists()
    assert failures(around.home.data) == []
    assert old_bundles(around.ledger, layout, NOW + datetime.timedelta(days=50)) == []


def test_a_removal_that_was_interrupted_is_finished(around: Surroundings, tmp_path: Path) -> None:
    folder = visited(around, 1)
    copy = shutil.copytree(folder, tmp_path / "copy")
    layout = Layout(around.home.data)
    found = old_bundles(around.ledger, layout, NOW + datetime.timedelta(days=1))
    purge(around.ledger, found, around.signing.usable())
    # As a crash after the log's entry leaves it: the bundle is there, and the log says it is not.
    shutil.rmtree(folder)
    shutil.copytree(copy, folder)
    close_log(around, nobody)
    assert "run the same optout evidence purge again" in failures(around.home.data)[0].said
    purge(around.ledger, old_bundles(around.ledger, layout, NOW), around.signing.usable())
    close_log(around, nobody)
    assert failures(around.home.data) == []
