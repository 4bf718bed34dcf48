"""Evidence that another machine has made: brought here, verified by its key, and purged everywhere."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from optout.campaign.closing import seals, write_out
from optout.campaign.evidence_here import bring_evidence, clear_store, drop_removed
from optout.campaign.surroundings import Surroundings
from optout.evidence.bundle import write_bundle
from optout.evidence.layout import Layout, is_bundle
from optout.evidence.purge import old_bundles, purge
from optout.evidence.store import EvidenceStore
from optout.evidence.tombstone import TOMBSTONE_FILE
from optout.evidence.verify import verify
from optout.evidence.witnesses import Brought
from optout.home import Home
from optout.ledger.open import open_ledger
from optout.ledger.outcomes import evidence_paths
from optout.ledger.shared import note_key
from optout.ledger.visits import start_run, start_visit
from optout.model import Account, Mode, Outcome, Reading, Result, Target
from tests.evidence.sealed import files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from optout.evidence.finding import Verification
    from optout.ledger.ledger import Ledger

ADA, ORIGIN = Account("exemplar", "ada@example.org"), "https://exemplar.test"
NOW = datetime.datetime.now(datetime.UTC)


def nobody(_: str) -> None:
    """Nobody listens."""


@dataclass
class Pair:
    """A worker that has proven something, and the machine that wants to see it."""

    ledger: Ledger
    worker: Surroundings
    chief: Surroundings
    store: EvidenceStore

    def prove(self) -> str:
        """A bundle by the worker, stored and recorded; its name."""
        folder = self.worker.evidence_folder(ADA) / "20260301T120000Z-ai-training-1b641833"
        bundle = write_bundle(folder, files(1), seals(self.worker, nobody))
        run = start_run(self.ledger, "run", at=NOW)
        visit = start_visit(
            self.ledger,
            run,
            ADA,
            origin=ORIGIN,
            practice=False,
            mode=Mode.AUTOMATIC,
            flow_version="1",
            browser="",
            at=NOW,
        )
        result = Result(
            Target(ADA, "ai-training"),
            NOW,
            Reading.OUT,
            Outcome.OPTED_OUT,
            evidence=bundle.folder,
            evidence_digest=bundle.digest,
            origin=ORIGIN,
        )
        self.worker.recording.finish(visit, result)
        (name,) = evidence_paths(self.ledger)
        return name

    def bring(self) -> list[str]:
        told: list[str] = []
        bring_evidence(self.store, self.ledger, self.chief.home, tell=told.append)
        return told

    def verified(self) -> list[Verification]:
        return list(verify(self.chief.home.data, Brought()))


@pytest.fixture
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    monkeypatch.setenv("OPTOUT_KEY_COMMAND", "echo a-key-of-more-than-32-random-characters")
    (tmp_path / "store").mkdir()
    store = EvidenceStore.at(str(tmp_path / "store"))
    with open_ledger(Home.at(tmp_path), f"sqlite:///{tmp_path}/ledger.sqlite3") as ledger:
        worker, chief = (Surroundings.of(Home.at(tmp_path / each), ledger) for each in ("one", "chief"))
        for each in (worker, chief):
            each.recording.store = store
        yield Pair(ledger, worker, chief, store)


def test_a_workers_bundle_verifies_elsewhere_once_its_key_is_noted(pair: Pair) -> None:
    name = pair.prove()
    note_key(pair.ledger, pair.worker.signing.usable().public.openssh, at=NOW)
    note_key(pair.ledger, pair.chief.signing.usable().public.openssh, at=NOW)
    assert pair.bring() == []
    assert is_bundle(pair.chief.home.evidence / name)
    assert [each.valid for each in pair.verified()] == [True, True]
    assert [key.name for key in pair.chief.signing.folder.own] == [
        pair.chief.signing.usable().public.name
    ]


def test_a_bundle_by_a_key_that_nobody_noted_does_not_verify(pair: Pair) -> None:
    pair.prove()
    pair.chief.signing.usable()
    pair.bring()
    (bundle,) = [each for each in pair.verified() if each.about_bundle]
    assert not bundle.valid
    assert any("foreign key" in finding.said for finding in bundle.findings)


def test_what_the_store_does_not_have_is_told_and_the_rest_is_brought(pair: Pair) -> None:
    name = pair.prove()
    pair.store._place.remove(name)
    (told,) = pair.bring()
    assert name in told
    assert not (pair.chief.home.evidence / name).exists()


def test_only_what_is_wanted_is_brought(pair: Pair) -> None:
    name = pair.prove()
    for only, there in (([], False), ([name], True)):
        bring_evidence(pair.store, pair.ledger, pair.chief.home, tell=nobody, only=only)
        assert is_bundle(pair.chief.home.evidence / name) is there


def test_what_is_purged_on_one_machine_goes_from_the_store_and_from_the_worker(pair: Pair) -> None:
    name = pair.prove()
    pair.bring()
    layout = Layout(pair.chief.home.data)
    later = NOW + datetime.timedelta(days=1)
    purge(pair.ledger, old_bundles(pair.ledger, layout, later), pair.chief.signing.usable())
    for _ in range(2):  # killed in between, the next purge finishes it
        clear_store(pair.store, pair.ledger, pair.chief.home)
    drop_removed(pair.ledger, pair.worker.home)
    write_out(pair.chief, nobody)
    assert TOMBSTONE_FILE in pair.store._place.names(name)
    assert "record.json" not in pair.store._place.names(name)
    assert not (pair.worker.home.evidence / name).exists()
    assert (pair.chief.home.evidence / name / TOMBSTONE_FILE).exists()
    assert pair.bring() == []
    assert all(each.valid for each in pair.verified())
