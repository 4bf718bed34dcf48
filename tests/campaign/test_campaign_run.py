"""A run over several accounts: pace, surprises, and what next steps lead to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from optout.accounts.credentials import Credentials
from optout.accounts.secret import Secret
from optout.campaign.plan import Wishes
from optout.campaign.run import Run
from optout.campaign.targets import Job
from optout.errors import UsageProblem
from optout.ledger.status import status
from optout.model import Account, Mode, Outcome, Why
from optout.visit.site import Site
from tests.campaign.conftest import ADA
from tests.workshop.flow import Workshop

if TYPE_CHECKING:
    from optout.campaign.surroundings import Surroundings
    from optout.model import Result
    from optout.visit.browser import OpenBrowser

REAL = Site("https://workshop.test")
PRACTICE = Site("http://127.0.0.1:8000", practice=True)


class Paced(Workshop):
    """A platform that is visited at most every 0.6 s."""

    pace_s = 0.6


@dataclass
class Log:
    """Whoever watches."""

    told: list[str] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)

    def tell(self, message: str) -> None:
        self.told.append(message)

    def uses(self, browser: OpenBrowser) -> None:
        self.told.append(str(browser.found))

    def begins(self, job: Job) -> None:
        """Nothing to do."""

    def established(self, result: Result) -> None:
        self.results.append(result)


def a_run(around: Surroundings, *, site: str | None = None, **wishes: object) -> Run:
    asked = {"command": "run", "may_change": True, "mode": Mode.AUTOMATIC, "site": site, **wishes}
    return Run(Wishes(**asked), around, Log())  # type: ignore[arg-type]


def told(run: Run) -> list[str]:
    assert isinstance(run.audience, Log)
    return run.audience.told


def job(login: str = ADA.login) -> Job:
    return Job(Account("workshop", login), Paced(), Paced.settings[:1])


async def test_a_contradiction_is_found_before_the_first_visit(around: Surroundings) -> None:
    run = a_run(around, site="http://example.org")
    with pytest.raises(UsageProblem):
        await run.over([job()])
    assert status(around.ledger, practice=True)[0].outcome is None


async def test_what_stops_one_visit_is_a_result_and_the_next_one_begins(
    around: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPTOUT_BROWSER", "/no/such/browser")
    run = a_run(around, site=PRACTICE.origin)
    await run.over([job(), job("bob@example.org")])
    results = run.results
    assert [(each.target.account.login, each.outcome) for each in results] == [
        ("ada@example.org", Outcome.NEEDS_PERSON),
        ("bob@example.org", Outcome.NEEDS_PERSON),
    ]
    assert run.audience.results == results  # type: ignore[attr-defined]


class Broken:
    """A form that breaks once somebody wants to go there."""

    hosts = ()
    leads_to = ""
    password = ("input[type=password]",)

    @property
    def path(self) -> str:
        raise LookupError("canary-4f9a1c")


class Surprising(Workshop):
    """A platform whose flow breaks where nobody asks it a question."""

    name = "surprising"
    sign_in = Broken()  # type: ignore[assignment]


async def test_a_surprise_costs_its_own_account_only(around: Surroundings) -> None:
    credentials = Credentials(ADA, password=Secret("right horse"))
    run = a_run(around, site="http://127.0.0.1:9", headed=False, credentials=credentials)
    surprising = Job(Account("surprising", ADA.login), Surprising(), Surprising.settings[:1])
    await run.over([surprising, job("bob@example.org")])
    results = run.results
    assert [(each.outcome, each.why) for each in results] == [
        (Outcome.FAILED, Why.UNFORESEEN),
        (Outcome.UNREACHABLE, Why.SITE_DOWN),
    ]
    assert "LookupError: canary-4f9a1c" in results[0].reason


async def test_from_a_practice_site_no_next_step_leads_to_the_platform(around: Surroundings) -> None:
    run = a_run(around, site=PRACTICE.origin, headed=False)
    await run.over([job()])
    (result,) = run.results
    assert result.next_step.startswith("Sign in yourself: optout sign-in --site http://127.0.0.1:8000 ")
