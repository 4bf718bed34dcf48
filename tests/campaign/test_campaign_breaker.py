"""The circuit breaker: three accounts in a row that fail alike, and how a flow is let out again."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from optout_flows.github.practice.site import site

from optout.campaign.breaker import Breaker, Part, part_for
from optout.campaign.targets import Job
from optout.flow.discovery import discover
from optout.ledger.accounts import add_account
from optout.ledger.history import Look
from optout.ledger.outcomes import record_result
from optout.ledger.visits import start_run, start_visit
from optout.model import (
    Account,
    ExitBit,
    Mode,
    Outcome,
    Reading,
    Result,
    SecretKind,
    SecretSource,
    Target,
    Why,
)
from optout.practice.server import serve
from tests.campaign.conftest import ADA
from tests.campaign.mix import PASSWORD
from tests.campaign.test_campaign_run import PRACTICE, a_run, job

if TYPE_CHECKING:
    from collections.abc import Iterable

    from optout.campaign.surroundings import Surroundings

NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
FLOW = job().flow
PART = part_for(FLOW, job().settings[0], PRACTICE.origin)
READ = (Reading.OUT, Outcome.ALREADY_OUT, Why.NONE)
CHANGED = (Reading.UNKNOWN, Outcome.UNREADABLE, Why.CONTROL_MISSING)
OTHERWISE = (Reading.UNKNOWN, Outcome.UNREADABLE, Why.LABEL_UNKNOWN)
NEWCOMERS = [f"{letter}@example.org" for letter in "defg"]
SIGNED_OUT = (Reading.UNKNOWN, Outcome.NEEDS_PERSON, Why.SIGNED_OUT)
DOWN = (Reading.UNKNOWN, Outcome.UNREACHABLE, Why.SITE_DOWN)


def look(login: str, what: tuple[Reading, Outcome, Why], minute: int = 0) -> Look:
    return Look(
        target=Target(Account(PART.platform, login), PART.setting),
        origin=PART.origin,
        practice=True,
        at=NOON + datetime.timedelta(minutes=minute),
        reading=what[0],
        outcome=what[1],
        why=what[2],
        flow_version=PART.flow_version,
    )


def after(*story: tuple[str, tuple[Reading, Outcome, Why]]) -> Breaker:
    return Breaker.after(look(login, what, minute) for minute, (login, what) in enumerate(story))


def test_three_accounts_in_a_row_that_fail_alike_are_enough() -> None:
    found = after(("a", CHANGED), ("b", CHANGED), ("c", CHANGED), ("d", CHANGED)).quarantine(PART)
    assert found is not None
    assert [account.login for account in found.accounts] == ["a", "b", "c", "d"]
    assert (found.why, found.since) == (Why.CONTROL_MISSING, NOON + datetime.timedelta(minutes=2))


@pytest.mark.parametrize(
    "story",
    [
        [("a", CHANGED), ("b", CHANGED)],
        [("a", CHANGED), ("a", CHANGED), ("a", CHANGED)],  # one odd account is not the page
        [("a", CHANGED), ("b", CHANGED), ("c", READ), ("d", CHANGED)],  # it works for somebody
        [("a", CHANGED), ("b", CHANGED), ("c", OTHERWISE)],  # not alike
        # Odd ones stay odd, however they are put in a row later.
        [("a", CHANGED), ("z", READ), ("b", CHANGED), ("z", READ), *((n, CHANGED) for n in "abc")],
        [("a", SIGNED_OUT), ("b", SIGNED_OUT), ("c", SIGNED_OUT)],
        [("a", DOWN), ("b", DOWN), ("c", DOWN)],
    ],
)
def test_anything_less_is_not(story: list[tuple[str, tuple[Reading, Outcome, Why]]]) -> None:
    assert after(*story).quarantine(PART) is None


def test_an_odd_account_that_was_read_again_counts_again() -> None:
    breaker = after(("a", CHANGED), ("z", READ), ("a", READ), *((n, CHANGED) for n in "abc"))
    assert breaker.quarantine(PART) is not None


def test_what_reaches_no_page_does_not_break_the_row() -> None:
    breaker = after(("a", CHANGED), ("b", DOWN), ("c", CHANGED), ("d", SIGNED_OUT), ("e", CHANGED))
    assert breaker.quarantine(PART) is not None


def test_another_version_setting_or_origin_has_a_row_of_its_own() -> None:
    breaker = after(("a", CHANGED), ("b", CHANGED), ("c", CHANGED))
    others = (
        PART._replace(flow_version="2099-01-01"),
        PART._replace(setting="other"),
        PART._replace(origin="https://workshop.test"),
    )
    assert [breaker.quarantine(part) for part in others] == [None, None, None]


def test_one_account_is_tried_and_it_is_one_that_has_not_failed() -> None:
    breaker = after(("a", CHANGED), ("b", CHANGED), ("c", CHANGED))
    accounts = [Account(PART.platform, login) for login in "abcd"]
    assert set(breaker.allow_trials({PART: accounts})) == {accounts[3]}
    held = [breaker.held_back(PART, account) is not None for account in accounts]
    assert held == [True, True, True, False]


def test_a_trial_that_works_lets_the_others_in() -> None:
    breaker = after(("a", CHANGED), ("b", CHANGED), ("c", CHANGED))
    assert breaker.looked(look("d", READ)) is None
    assert breaker.held_back(PART, ADA) is None


@pytest.mark.parametrize("found", [READ, CHANGED, SIGNED_OUT], ids=lambda found: found[1])
def test_a_trial_is_over_once_it_has_come_to_something(found: tuple[Reading, Outcome, Why]) -> None:
    breaker = after(("a", CHANGED), ("b", CHANGED), ("c", CHANGED))
    breaker.allow_trials({PART: [Account(PART.platform, "d")]})
    assert (breaker.is_trying(PART.origin), breaker.is_trying("https://other.test")) == (True, False)
    breaker.looked(look("d", found))
    assert not breaker.is_trying(PART.origin)


def result(
    login: str, reading: Reading, outcome: Outcome, why: Why = Why.NONE, *, part: Part = PART
) -> Result:
    target = Target(Account(part.platform, login), part.setting)
    return Result(target, NOON, reading, outcome, why=why, origin=part.origin, practice=True)


def failed_before(around: Surroundings, logins: Iterable[str], part: Part = PART) -> None:
    """Enter visits of another day that could not read the page."""
    for login in logins:
        found = result(login, *CHANGED, part=part)
        visit_id = start_visit(
            around.ledger,
            start_run(around.ledger, "check", at=NOON),
            found.target.account,
            origin=part.origin,
            practice=True,
            mode=Mode.AUTOMATIC,
            flow_version=part.flow_version,
            browser="",
            at=NOON,
        )
        record_result(around.ledger, visit_id, found, around.home.evidence)


async def outcomes(
    around: Surroundings, *logins: str, **wishes: object
) -> list[tuple[str, Outcome, Why]]:
    """What a run comes to on a machine without a browser, in its order."""
    run = a_run(around, site=PRACTICE.origin, **wishes)
    await run.over([job(login) for login in logins])
    return [(each.target.account.login, each.outcome, each.why) for each in run.results]


@pytest.fixture
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPTOUT_BROWSER", "/no/such/browser")


VISITED = (Outcome.NEEDS_PERSON, Why.UNFORESEEN)
HELD = (Outcome.SKIPPED, Why.FLOW_QUARANTINED)


@pytest.mark.usefixtures("no_browser")
async def test_a_run_tries_one_account_first_and_skips_the_rest(around: Surroundings) -> None:
    failed_before(around, "abc")
    found = await outcomes(around, "a", "b", "d", "e")
    assert found == [("d", *VISITED), ("a", *HELD), ("b", *HELD), ("e", *HELD)]


@pytest.mark.usefixtures("no_browser")
async def test_a_person_can_have_every_account_visited(around: Surroundings) -> None:
    failed_before(around, "abc")
    found = await outcomes(around, "a", "d", despite_quarantine=True)
    assert sorted(found) == [("a", *VISITED), ("d", *VISITED)]


async def test_several_at_once_wait_for_what_the_trial_finds(around: Surroundings) -> None:
    flow = discover().flows["github"]
    with serve(site()) as server:
        failed_before(around, "abc", part_for(flow, flow.settings[0], server.origin))
        for login in NEWCOMERS:
            server.site.switchboard.add(login, PASSWORD)
            source = SecretSource(SecretKind.COMMAND, ("echo", PASSWORD))
            add_account(around.ledger, Account("github", login), at=NOON, password=source)
        run = a_run(around, site=server.origin, headed=False, parallel=len(NEWCOMERS))
        jobs = [Job(Account("github", login), flow, flow.settings[:1]) for login in NEWCOMERS]
        await run.over(jobs)
    assert [each.outcome for each in run.results] == [Outcome.OPTED_OUT] * len(NEWCOMERS)


@pytest.mark.usefixtures("no_browser")
async def test_two_failures_are_no_quarantine(around: Surroundings) -> None:
    failed_before(around, "ab")
    assert await outcomes(around, "a", "b") == [("a", *VISITED), ("b", *VISITED)]


def test_a_target_left_out_is_not_well() -> None:
    skipped = result("a", Reading.UNKNOWN, *HELD)
    assert skipped.exit_bit is ExitBit.UNREADABLE
    assert replace(skipped, why=Why.DRY_RUN, reading=Reading.OUT).exit_bit is ExitBit.OK
