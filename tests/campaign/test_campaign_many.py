"""Many accounts of a realistic mix, several at once: each ends as it must, and the numbers add up."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from optout_flows.github.practice.site import site

from optout.accounts import redact
from optout.campaign import browsers
from optout.campaign.plan import Wishes
from optout.campaign.run import Run
from optout.campaign.surroundings import Surroundings
from optout.campaign.targets import select
from optout.flow.discovery import discover
from optout.home import Home
from optout.ledger.accounts import list_accounts
from optout.ledger.open import open_ledger
from optout.ledger.tasks import count_tasks, unfinished_runs
from optout.ledger.visits import open_visits
from optout.ledger.workers import list_workers
from optout.practice.server import serve
from tests.campaign.mix import PATIENT, Town
from tests.campaign.test_campaign_run import Log
from tests.evidence.sealed import failures

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "count",
    [pytest.param(24, id="24"), pytest.param(300, id="300", marks=pytest.mark.thorough)],
)
async def test_accounts_of_all_kinds_end_as_they_must(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setenv("OPTOUT_KEY_COMMAND", "echo a-key-of-more-than-32-random-characters")
    monkeypatch.delenv("OPTOUT_DATABASE", raising=False)
    # Worn out sooner than usual: the last third of the accounts are visited in another browser.
    monkeypatch.setattr(browsers, "WORN_OUT", 2 * count // 3)
    home, log, known = Home.at(tmp_path / "optout"), Log(), dict(redact._process._holders)
    with serve(site(slow_seconds=0.3)) as server:
        town = Town.of(server, home, count)
        with open_ledger(home) as ledger:
            run = await _run(town, Surroundings.of(home, ledger), log)
            assert {each.target.account.login: town.found(each) for each in run.results} == town.expected
            assert Counter(each.outcome for each in log.results) == Counter(
                each.outcome for each in town.expected.values()
            )
            assert (open_visits(ledger), list_workers(ledger), unfinished_runs(ledger)) == ([], [], [])
            assert count_tasks(ledger, run.id) == (0, count)
    assert sum(told.startswith("chrom") for told in log.told) == 2
    assert failures(home.data) == []
    # Each account's secrets were let go of when its visit ended; those of the evidence's key are kept.
    alive = Counter(redact._process._holders) - Counter(known)
    assert not [secret for secret in alive if secret == town.password]
    assert len(alive) < 5


async def _run(town: Town, around: Surroundings, log: Log) -> Run:
    wishes = Wishes(
        command="run",
        may_change=True,
        headed=False,
        site=town.server.origin,
        parallel=4,
        patience=PATIENT,
    )
    run = Run(wishes, around, log)
    accounts = [listed.account for listed in list_accounts(around.ledger)]
    await run.over(select([], discover(), accounts))
    return run
