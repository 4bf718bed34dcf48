"""What a killed process had sealed and not recorded is recorded by the next run, and only that."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from optout.campaign.adoption import adopt
from optout.campaign.closing import close_log, seals
from optout.campaign.presence import is_alive, present
from optout.campaign.surroundings import Surroundings
from optout.evidence.bundle import write_bundle
from optout.evidence.seal import Seal
from optout.evidence.signing_key import SigningKey
from optout.home import Home
from optout.ledger import tasks, workers
from optout.ledger.outcomes import results_of, settled_settings
from optout.ledger.visits import open_visits, start_run, start_visit
from optout.model import Account, Mode, Outcome, Reading, Why
from tests.campaign.conftest import ADA
from tests.evidence.sealed import failures, files

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime.datetime.now(datetime.UTC)
SITE = "https://workshop.test"


def nobody(_: str) -> None:
    """Nobody listens."""


def dead_worker(around: Surroundings, run: str) -> str:
    """A worker that was at a run and died."""
    script = (
        "import sys, pathlib; from optout.home import Home\n"
        "from optout.campaign.presence import present\n"
        "with present(Home.at(pathlib.Path(sys.argv[1]))) as me:\n"
        "    print(me, flush=True); sys.stdin.read()"
    )
    words = [sys.executable, "-c", script, str(around.home.data)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        worker = process.stdout.readline().strip()
        workers.enter(around.ledger, worker, run, at=NOW)
        (listed,) = workers.list_workers(around.ledger, run)
        assert is_alive(around.home, listed, NOW)
        process.kill()
    assert not is_alive(around.home, listed, NOW)
    return worker


def visit(around: Surroundings, run: str, worker: str, account: Account = ADA) -> str:
    return start_visit(
        around.ledger,
        run,
        account,
        origin=SITE,
        practice=False,
        mode=Mode.AUTOMATIC,
        flow_version="1",
        browser="",
        at=NOW,
        worker=worker,
    )


def sealed(around: Surroundings, visit_id: str, account: Account = ADA, **said: Any) -> Path:
    """A bundle of a visit, as the visit leaves it the moment before it records its result."""
    folder = around.evidence_folder(account) / f"20260301T120000Z-ai-training-{visit_id[:8]}"
    made = files(1)
    record = json.loads(made["record.json"]) | {
        "visit": visit_id,
        "platform": account.platform,
        "setting": "ai-training",
        "origin": SITE,
        "practice": False,
        "why": "",
        "reason": "",
        "ended": NOW.isoformat(timespec="milliseconds"),
        **said,
    }
    made["record.json"] = json.dumps(record).encode()
    return write_bundle(folder, made, seals(around, nobody)).folder


@pytest.fixture
def run(around: Surroundings) -> str:
    return start_run(around.ledger, "run", at=NOW, wishes={})


async def test_a_sealed_result_of_a_dead_process_is_recorded_and_its_visit_ends(
    around: Surroundings, run: str
) -> None:
    visit_id = visit(around, run, dead_worker(around, run))
    bundle = sealed(around, visit_id)
    told: list[str] = []
    (result,) = await adopt(around, told.append, NOW)
    assert (result.target.account, result.outcome, result.reading) == (
        ADA,
        Outcome.OPTED_OUT,
        Reading.OUT,
    )
    assert result.evidence == bundle
    assert results_of(around.ledger, run, around.home.evidence) == [result]
    assert (open_visits(around.ledger), workers.list_workers(around.ledger)) == ([], [])
    assert settled_settings(around.ledger, run, ADA) == {"ai-training"}
    assert told == ["Took over 1 result that a run had proven and not recorded when it was killed."]
    close_log(around, nobody)
    assert failures(around.home.data) == []


async def test_doing_it_again_does_no_harm(around: Surroundings, run: str) -> None:
    sealed(around, visit(around, run, dead_worker(around, run)))
    assert len(await adopt(around, nobody, NOW)) == 1
    assert await adopt(around, nobody, NOW) == []


async def test_a_visit_that_sealed_nothing_just_ends_and_its_task_is_free(
    around: Surroundings, run: str
) -> None:
    worker = dead_worker(around, run)
    tasks.add_tasks(around.ledger, run, [tasks.NewTask(ADA, SITE, ("ai-training",))])
    tasks.claim(around.ledger, run, worker, lambda _: tasks.NO_LIMITS, now=lambda: NOW)
    visit(around, run, worker)
    assert await adopt(around, nobody, NOW) == []
    assert open_visits(around.ledger) == []
    found = tasks.claim(around.ledger, run, "next", lambda _: tasks.NO_LIMITS, now=lambda: NOW)
    assert isinstance(found, tasks.Task)


async def test_a_visit_that_is_going_on_is_left_alone(around: Surroundings, run: str) -> None:
    with present(around.home) as worker:
        workers.enter(around.ledger, worker, run, at=NOW)
        sealed(around, visit(around, run, worker))
        later = NOW + datetime.timedelta(days=3)  # the machine slept, and its clock did not
        assert await adopt(around, nobody, later) == []
        assert len(open_visits(around.ledger)) == 1


async def test_another_machines_visit_is_left_to_that_machine(
    around: Surroundings, run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed(around, visit(around, run, dead_worker(around, run)))
    monkeypatch.setattr("platform.node", lambda: "elsewhere")
    later = NOW + datetime.timedelta(days=3)
    assert await adopt(around, nobody, later) == []
    assert len(open_visits(around.ledger)) == 1


async def test_a_bundle_that_was_changed_is_not_believed(around: Surroundings, run: str) -> None:
    bundle = sealed(around, visit(around, run, dead_worker(around, run)))
    record = bundle / "record.json"
    record.write_bytes(record.read_bytes().replace(b"workshop", b"workshoq"))
    told: list[str] = []
    assert await adopt(around, told.append, NOW) == []
    assert "does not verify" in told[0]
    assert results_of(around.ledger, run, around.home.evidence) == []


async def test_a_bundle_that_somebody_else_sealed_is_not_believed(
    around: Surroundings, run: str
) -> None:
    around.signing.usable()
    visit_id = visit(around, run, dead_worker(around, run))
    folder = around.evidence_folder(ADA) / f"20260301T120000Z-ai-training-{visit_id[:8]}"
    made = files(1)
    made["record.json"] = json.dumps(json.loads(made["record.json"]) | {"visit": visit_id}).encode()
    write_bundle(folder, made, [Seal(SigningKey.make())])
    told: list[str] = []
    assert await adopt(around, told.append, NOW) == []
    assert "is not sealed by this installation" in told[0]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ({"outcome": "needs-person", "why": "captcha"}, (Reading.UNKNOWN, None)),
        ({"outcome": "failed", "why": "unforeseen"}, (Reading.UNKNOWN, None)),
        ({"outcome": "unreadable", "why": "label-unknown"}, (Reading.UNKNOWN, None)),
    ],
)
async def test_what_does_not_say_out_beyond_doubt_is_unknown(
    around: Surroundings, run: str, said: dict[str, Any], read: tuple[Reading, Reading | None]
) -> None:
    sealed(around, visit(around, run, dead_worker(around, run)), **said)
    (result,) = await adopt(around, nobody, NOW)
    assert (result.reading, result.locked) == read
    assert result.why is Why(said["why"])
    assert result.next_step == f"Look again with: optout check {result.target}"


async def test_a_dead_check_that_nobody_can_go_on_with_is_over(around: Surroundings) -> None:
    check = start_run(around.ledger, "check", at=NOW)
    dead_worker(around, check)
    tasks.add_tasks(around.ledger, check, [tasks.NewTask(ADA, SITE, ("ai-training",))])
    await adopt(around, nobody, NOW)
    assert tasks.count_tasks(around.ledger, check) == (0, 0)


async def test_another_installation_of_this_machine_keeps_what_its_dead_have_sealed(
    around: Surroundings, run: str, tmp_path: Path
) -> None:
    visit_id = visit(around, run, dead_worker(around, run))
    sealed(around, visit_id)
    other = Surroundings.of(Home.at(tmp_path / "another"), around.ledger)
    much_later = NOW + datetime.timedelta(hours=1)
    assert await adopt(other, nobody, much_later) == []
    assert [each.id for each in open_visits(around.ledger)] == [visit_id]
    (result,) = await adopt(around, nobody, much_later)
    assert result.outcome is Outcome.OPTED_OUT
