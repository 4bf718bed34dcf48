"""Three accounts turned away alike: the run leaves the rest of that platform alone, and says so."""

from __future__ import annotations

import pytest

from optout.campaign.stops import Stops
from optout.model import Account, ExitBit, Outcome, Reading, Result, Target, Why
from tests.campaign.test_campaign_breaker import NOON, PART, READ, look

WRONG = (Reading.UNKNOWN, Outcome.NEEDS_PERSON, Why.CREDENTIALS_REFUSED)
CAPTCHA = (Reading.UNKNOWN, Outcome.NEEDS_PERSON, Why.CAPTCHA)
LIMITED = (Reading.UNKNOWN, Outcome.UNREACHABLE, Why.RATE_LIMITED)
CODE = (Reading.UNKNOWN, Outcome.NEEDS_PERSON, Why.EMAIL_CODE)

Story = list[tuple[str, tuple[Reading, Outcome, Why]]]


def after(story: Story, *, by_session: str = "") -> Stops:
    stops = Stops()
    for login, what in story:
        stops.saw(look(login, what), signed_in=login not in by_session)
    return stops


@pytest.mark.parametrize("why", [WRONG, CAPTCHA, LIMITED])
def test_three_accounts_that_are_turned_away_alike_are_enough(
    why: tuple[Reading, Outcome, Why],
) -> None:
    stop = after([("a", why), ("b", why), ("c", why)]).at(PART.origin)
    assert stop is not None
    assert [account.login for account in stop.accounts] == ["a", "b", "c"]
    assert stop.why == why[2]
    assert "workshop is left alone" in stop.reason
    assert "optout check workshop:c --headed" in stop.next_step


@pytest.mark.parametrize(
    "story",
    [
        [("a", WRONG), ("b", WRONG)],
        [("a", WRONG), ("a", WRONG), ("a", WRONG)],  # the same account
        [("a", WRONG), ("b", CAPTCHA), ("c", LIMITED)],  # not alike
        [("a", WRONG), ("b", WRONG), ("z", READ), ("c", WRONG)],  # the door works for somebody
        [("a", CODE), ("b", CODE), ("c", CODE)],  # every new browser is asked for a code
    ],
)
def test_anything_less_is_not(story: Story) -> None:
    assert after(story).at(PART.origin) is None


def test_whoever_comes_with_a_kept_session_says_nothing_about_the_door() -> None:
    story = [("a", WRONG), ("b", WRONG), ("z", READ), ("c", WRONG)]
    assert after(story, by_session="z").at(PART.origin) is not None


def test_it_is_said_once() -> None:
    stops = Stops()
    said = [stops.saw(look(login, WRONG), signed_in=True) for login in "abcd"]
    assert [each is not None for each in said] == [False, False, True, False]


def test_what_was_left_alone_is_not_well() -> None:
    target = Target(Account(PART.platform, "a"), PART.setting)
    skipped = Result(target, NOON, Reading.UNKNOWN, Outcome.SKIPPED, why=Why.PLATFORM_STOPPED)
    assert skipped.exit_bit is ExitBit.NEEDS_PERSON
