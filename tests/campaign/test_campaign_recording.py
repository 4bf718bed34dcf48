"""A result is in the ledger when its bundle is in the store; what is away is waited for."""

from __future__ import annotations

import asyncio
import datetime
import shutil
from typing import TYPE_CHECKING

import pytest

from optout.campaign import recording as module
from optout.campaign.recording import Recording
from optout.errors import EvidenceInvalid, LedgerUnreachable
from optout.evidence.bundle import write_bundle
from optout.evidence.store import EvidenceStore
from optout.home import Home
from optout.ledger.open import open_ledger
from optout.ledger.outcomes import evidence_paths, results_of
from optout.ledger.visits import start_run, start_visit
from optout.model import Account, Mode, Outcome, Reading, Result, Target
from tests.ledger.conftest import START

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ADA, ORIGIN = Account("exemplar", "ada@example.org"), "https://exemplar.test"


class Installation:
    """An installation with a visit that has proven something."""

    def __init__(self, root: Path) -> None:
        self.home = Home.at(root / "home")
        self.ledger = open_ledger(self.home, f"sqlite:///{root}/ledger.sqlite3")
        self.store = root / "store"
        self.store.mkdir()
        self.recording = Recording(self.ledger, self.home.evidence, EvidenceStore.at(str(self.store)))
        self.run = start_run(self.ledger, "run", at=START)
        self.visit = start_visit(
            self.ledger,
            self.run,
            ADA,
            origin=ORIGIN,
            practice=False,
            mode=Mode.AUTOMATIC,
            flow_version="2026.3",
            browser="chromium 141",
            at=START,
        )
        self.told: list[str] = []
        self.news = asyncio.Event()

    def proven(self, setting: str = "ai-training") -> Result:
        folder = self.home.evidence / "exemplar" / setting
        folder.parent.mkdir(parents=True, exist_ok=True)
        bundle = write_bundle(folder, {"record.json": setting.encode()})
        return Result(
            Target(ADA, setting),
            START + datetime.timedelta(minutes=1),
            Reading.OUT,
            Outcome.OPTED_OUT,
            evidence=bundle.folder,
            evidence_digest=bundle.digest,
            origin=ORIGIN,
        )

    async def settle(self) -> list[Result]:
        return await self.recording.settle(self.visit, self.tell)

    def tell(self, message: str) -> None:
        self.told.append(message)
        self.news.set()

    @property
    def recorded(self) -> list[Result]:
        return results_of(self.ledger, self.run, self.home.evidence)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    monkeypatch.setattr(module, "_FIRST_WAIT_S", 0.02)
    made = Installation(tmp_path)
    yield made
    made.ledger.close()


async def until_told(here: Installation) -> None:
    async with asyncio.timeout(5):
        await here.news.wait()


async def test_a_result_is_recorded_once_its_bundle_is_stored(here: Installation) -> None:
    result = here.proven()
    assert not here.recording.record(here.visit, result)
    assert here.recorded == []
    assert await here.settle() == [result]
    assert here.recorded == [result]
    assert (here.store / "exemplar" / "ai-training" / "record.json").exists()


async def test_a_result_without_a_bundle_is_recorded_at_once(here: Installation) -> None:
    seen = Result(Target(ADA, "ads"), START, Reading.UNKNOWN, Outcome.UNREACHABLE, origin=ORIGIN)
    assert here.recording.record(here.visit, seen)
    assert here.recorded == [seen]


async def test_without_a_store_a_proven_result_is_recorded_at_once(here: Installation) -> None:
    here.recording.store = None
    result = here.proven()
    assert here.recording.record(here.visit, result)
    assert here.recorded == [result]


async def test_a_store_that_is_gone_is_named_once_and_waited_for(here: Installation) -> None:
    shutil.rmtree(here.store)
    here.recording.record(here.visit, here.proven())
    settling = asyncio.create_task(here.settle())
    await until_told(here)
    await asyncio.sleep(0.1)
    assert len(here.told) == 1
    assert "is it mounted" in here.told[0]
    assert here.recorded == []
    here.store.mkdir()
    assert [result.outcome for result in await settling] == [Outcome.OPTED_OUT]
    assert here.told[1:] == ["What had to wait is stored and recorded."]


async def test_ctrl_c_while_waiting_loses_nothing(here: Installation) -> None:
    shutil.rmtree(here.store)
    result = here.proven()
    here.recording.record(here.visit, result)
    settling = asyncio.create_task(here.settle())
    await until_told(here)
    settling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await settling
    assert result.evidence
    assert result.evidence.exists()
    assert here.recording.unsettled == [here.visit]
    here.store.mkdir()
    assert await here.settle() == [result]
    assert here.recording.unsettled == []


async def test_a_bundle_that_was_changed_meanwhile_is_not_recorded_and_holds_up_no_other(
    here: Installation,
) -> None:
    bad, good = here.proven("ads"), here.proven()
    for result in (bad, good):
        here.recording.record(here.visit, result)
    assert bad.evidence
    (bad.evidence / "record.json").write_bytes(b"changed")
    with pytest.raises(EvidenceInvalid):
        await here.settle()
    assert await here.settle() == [good]
    assert evidence_paths(here.ledger) == {"exemplar/ai-training"}


class Away(Recording):
    """A ledger whose database is away for a while."""

    away = True

    def finish(self, visit_id: str, result: Result) -> None:
        if self.away:
            raise LedgerUnreachable("the database postgresql://db/optout does not answer")
        super().finish(visit_id, result)


async def test_a_database_that_is_away_is_waited_for_and_the_order_is_kept(here: Installation) -> None:
    here.recording = Away(here.ledger, here.home.evidence)
    first, then = here.proven(), Result(Target(ADA, "ads"), START, Reading.IN, Outcome.STILL_IN)
    assert [here.recording.record(here.visit, each) for each in (first, then)] == [False, False]
    settling = asyncio.create_task(here.settle())
    await until_told(here)
    here.recording.away = False
    assert await settling == [first, then]
    assert "does not answer" in here.told[0]
