"""How often a platform is visited: never more often than its flow says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.campaign import turns
from optout.campaign.pace import limits_for
from optout.campaign.plan import Wishes
from optout.ledger.tasks import Limits
from optout.ledger.visits import open_visits
from tests.campaign.test_campaign_run import PRACTICE, Log, a_run, job, told
from tests.workshop.flow import Workshop

if TYPE_CHECKING:
    import pytest

    from optout.campaign.surroundings import Surroundings


class Paced(Workshop):
    """A platform that wants to be visited every minute, thirty times an hour, by one at a time."""

    pace_s = 60.0
    visits_per_hour = 30
    visits_at_once = 1


FLOWS = {"workshop": Paced()}


def limits(origin: str = Paced.origin, **wishes: object) -> Limits:
    asked = {"command": "run", "may_change": True, **wishes}
    return limits_for(origin, FLOWS, Wishes(**asked))  # type: ignore[arg-type]


def test_a_platform_is_visited_as_often_as_its_flow_says() -> None:
    assert limits() == Limits(60.0, 30.0, 30, 1)


def test_whoever_runs_can_only_make_it_slower() -> None:
    assert limits(gap_s=10.0, per_hour=100) == limits()
    assert limits(gap_s=90.0, per_hour=10) == Limits(90.0, 45.0, 10, 1)


def test_practice_is_paced_only_where_somebody_asks_for_it() -> None:
    site = PRACTICE.origin
    assert limits(site, site=site) == Limits(0.0, 0.0, None, None)
    assert limits(site, site=site, gap_s=5.0, per_hour=7) == Limits(5.0, 0.0, 7, None)


async def test_a_run_keeps_the_pace_and_says_what_it_waits_for(
    around: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPTOUT_BROWSER", "/no/such/browser")
    # However long the first visit takes here, what is left of the gap is worth saying.
    monkeypatch.setattr(turns, "_WORTH_SAYING_S", 0.0)
    run = a_run(around, site=PRACTICE.origin, gap_s=5.0)
    await run.over([job(), job("bob@example.org")])
    first, second = run.results
    assert (second.at - first.at).total_seconds() > 2
    assert [each for each in told(run) if each.endswith(f"before the next visit to {PRACTICE.origin}.")]
    assert isinstance(run.audience, Log)
    assert open_visits(around.ledger) == []
