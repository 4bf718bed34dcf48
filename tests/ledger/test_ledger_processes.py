from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from optout.ledger.open import open_ledger
from optout.ledger.outcomes import evidence_paths
from optout.ledger.visits import open_visits

if TYPE_CHECKING:
    from optout.home import Home

WRITER = Path(__file__).with_name("writer.py")


def write(home: Home, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(WRITER), str(home.data), name, str(count)],
        stdout=subprocess.PIPE,
        text=True,
    )


def integrity(home: Home) -> object:
    with open_ledger(home) as ledger, ledger.read() as connection:
        return connection.exec_driver_sql("PRAGMA integrity_check").scalar()


def test_two_processes_recording_at_once_lose_nothing(home: Home) -> None:
    writers = [write(home, name, 200) for name in ("one", "two")]
    said = {line for writer in writers for line in writer.communicate(timeout=60)[0].split()}
    with open_ledger(home) as ledger:
        assert evidence_paths(ledger) == said
    assert len(said) == 400
    assert integrity(home) == "ok"


def test_a_killed_process_loses_nothing_it_had_recorded(home: Home) -> None:
    with write(home, "one", 1_000_000) as writer:
        assert writer.stdout
        said = {writer.stdout.readline().strip() for _ in range(50)}
        writer.kill()
        said |= set(writer.stdout.read().split())
    with open_ledger(home) as ledger:
        assert said <= evidence_paths(ledger)
    assert integrity(home) == "ok"


def test_at_most_the_visit_of_the_killed_process_is_open(home: Home) -> None:
    with write(home, "one", 1_000_000) as writer:
        assert writer.stdout
        writer.stdout.readline()
        writer.kill()
    with open_ledger(home) as ledger:
        assert {visit.pid for visit in open_visits(ledger)} <= {writer.pid}
        assert len(open_visits(ledger)) <= 1
