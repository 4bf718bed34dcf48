"""The evidence log: in the same transaction as the result, and written out so that crashes mend."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from optout.errors import LedgerProblem
from optout.ledger import chain_log
from optout.ledger.chain import GENESIS, Kind, read_chain
from optout.ledger.chain_log import write_log
from optout.ledger.outcomes import record_result
from optout.model import Reading

if TYPE_CHECKING:
    from pathlib import Path

    from optout.home import Home
    from optout.ledger.ledger import Ledger
    from tests.ledger.conftest import Diary

NOW = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log" / "evidence-log.jsonl"


def lines(log: Path) -> list[str]:
    return log.read_text().splitlines()


def test_every_result_with_evidence_enters_the_log(diary: Diary, ledger: Ledger, log: Path) -> None:
    diary.record(Reading.OUT, proof="one")
    diary.record(Reading.IN)
    diary.record(Reading.OUT, proof="two")
    write_log(ledger, log)
    entries = list(read_chain(lines(log)))
    assert [(entry.number, entry.kind, entry.bundle) for entry in entries] == [
        (1, Kind.BUNDLE, "one"),
        (2, Kind.BUNDLE, "two"),
    ]
    assert [entry.previous for entry in entries] == [GENESIS, entries[0].hash]
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_recording_twice_enters_once(diary: Diary, ledger: Ledger, home: Home, log: Path) -> None:
    visit, result = diary.visit(), diary.result(Reading.OUT, proof="one")
    for _ in range(2):
        record_result(ledger, visit, result, home.evidence)
    write_log(ledger, log)
    assert len(lines(log)) == 1


def test_a_result_that_is_refused_leaves_no_entry(diary: Diary, ledger: Ledger, home: Home) -> None:
    with pytest.raises(LedgerProblem):
        record_result(ledger, "no visit", diary.result(Reading.OUT, proof="one"), home.evidence)
    assert list(chain_log.entries(ledger)) == []


def test_only_what_is_new_is_written(diary: Diary, ledger: Ledger, log: Path) -> None:
    diary.record(Reading.OUT, proof="one")
    write_log(ledger, log)
    inode = log.stat().st_ino
    diary.record(Reading.OUT, proof="two")
    last, mended = write_log(ledger, log)
    assert (last.number if last else 0, mended, log.stat().st_ino) == (2, False, inode)
    assert len(list(read_chain(lines(log)))) == 2


@pytest.mark.parametrize("cut", [1, 30, 10_000])
def test_what_a_crash_cut_is_written_again(diary: Diary, ledger: Ledger, log: Path, cut: int) -> None:
    for name in ("one", "two", "three"):
        diary.record(Reading.OUT, proof=name)
    write_log(ledger, log)
    whole = log.read_bytes()
    log.write_bytes(whole[:-cut])
    _, mended = write_log(ledger, log)
    assert (log.read_bytes(), mended) == (whole, False)


def test_what_somebody_changed_is_written_anew_and_said(diary: Diary, ledger: Ledger, log: Path) -> None:
    diary.record(Reading.OUT, proof="one")
    write_log(ledger, log)
    whole = log.read_bytes()
    log.write_bytes(whole.replace(b"one", b"two"))
    assert write_log(ledger, log)[1]
    assert log.read_bytes() == whole


def test_a_removal_is_noted_once(diary: Diary, ledger: Ledger) -> None:
    diary.record(Reading.OUT, proof="one")
    first = chain_log.remove(ledger, "one", "d", NOW)
    assert chain_log.remove(ledger, "one", "d", NOW) == first
    assert [entry.kind for entry in chain_log.entries(ledger)] == [Kind.BUNDLE, Kind.REMOVED]


def test_a_ledger_that_somebody_edited_is_not_written_on(diary: Diary, ledger: Ledger) -> None:
    diary.record(Reading.OUT, proof="one")
    with ledger.write() as connection:
        connection.exec_driver_sql("UPDATE evidence_log SET line = replace(line, 'one', 'two')")
    with pytest.raises(LedgerProblem, match="changed by something else than optout"):
        diary.record(Reading.OUT, proof="two")


def test_a_name_in_any_script_is_canonical(ledger: Ledger, log: Path) -> None:
    with ledger.write() as connection:
        made = chain_log.append(connection, Kind.BUNDLE, 'a/"ü"\u2028\\', "d", NOW)
    write_log(ledger, log)
    text = log.read_text(encoding="utf-8")
    assert list(read_chain(text.split("\n")[:-1])) == [made]
    assert json.loads(text)["bundle"] == 'a/"ü"\u2028\\'
