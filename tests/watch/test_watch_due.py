"""When a target is looked at again: a pure function of what happened to it last."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optout.errors import UsageProblem
from optout.ledger.history import Place
from optout.ledger.watch_rules import WatchRule
from optout.ledger.watch_tables import Scope
from optout.model import Account, Target, Why
from optout.watch.due import Due, due
from optout.watch.rules import DEFAULTS, MISSES, Event, Rules, parse_rule
from tests.watch.looks import DAY, KINDS, ORIGIN, START, TARGET, VERSION, look, looks

if TYPE_CHECKING:
    import datetime

HERE = Place(TARGET, ORIGIN, practice=False)
ADA = TARGET.account


def due_after(
    *story: str, rules: Rules | None = None, version: str = VERSION, waived: bool = False
) -> Due:
    return due(HERE, looks(*story), rules or Rules(), flow_version=version, waived=waived)


@pytest.mark.parametrize(
    ("story", "event"),
    [
        ((), Event.NEVER_LOOKED),
        (("opted",), Event.PROVEN_OUT),
        (("locked out",), Event.PROVEN_OUT),
        (("gone",), Event.PROVEN_OUT),
        (("in",), Event.STILL_IN),
        (("out", "in"), Event.DRIFTED),
        (("out", "gone"), Event.DRIFTED),  # the next look decides, so it is soon
        (("out", "gone", "gone"), Event.PROVEN_OUT),  # known by then, and nothing to hurry for
        (("out", "changed"), Event.UNREADABLE),
        (("out", "skipped"), Event.UNREADABLE),
        (("out", "signed out"), Event.NEEDS_PERSON),
        (("out", "no browser"), Event.UNREACHABLE),  # this machine's trouble, not the account's
        (("out", "down"), Event.UNREACHABLE),
        (("out", "failed"), Event.UNREACHABLE),
        (("opted", "undone"), Event.WAIVED),
        (("opted", "undone", "in"), Event.WAIVED),
        (("opted", "undone", "out"), Event.PROVEN_OUT),
    ],
)
def test_the_event_is_what_happened_last(story: tuple[str, ...], event: Event) -> None:
    assert due_after(*story).event is event


def test_a_waived_setting_is_still_looked_at() -> None:
    assert due_after("in", waived=True).event is Event.WAIVED
    assert due_after("changed", waived=True).event is Event.UNREADABLE


def test_another_version_of_the_flow_looks_at_once_at_what_could_not_be_read() -> None:
    found = due_after("out", "changed", version="2026-04-01")
    assert (found.event, found.is_due(START + DAY)) == (Event.FLOW_CHANGED, True)
    assert due_after("out", version="2026-04-01").event is Event.PROVEN_OUT


def test_somebody_who_signs_in_again_need_not_wait_a_week() -> None:
    story = looks("out", "signed out")
    later = due(HERE, story, Rules(), flow_version=VERSION, signed_in=START + 2 * DAY)
    earlier = due(HERE, story, Rules(), flow_version=VERSION, signed_in=START)
    assert (later.event, later.is_due(START + 2 * DAY)) == (Event.SIGNED_IN, True)
    assert earlier.event is Event.NEEDS_PERSON


@given(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=8), st.integers(0, 10_000))
@settings(max_examples=200)
def test_it_is_due_a_little_early_and_never_late(story: list[str], number: int) -> None:
    target = Target(Account("exemplar", f"{number}@example.org"), "ai-training")
    found = due(Place(target, ORIGIN, practice=False), looks(*story), Rules(), flow_version=VERSION)
    assert found.at is not None
    assert found.since is not None
    days = DEFAULTS[found.event]
    assert 0.75 * days * DAY <= found.at - found.since <= 0.95 * days * DAY


def test_five_hundred_accounts_do_not_fall_due_in_one_minute() -> None:
    minutes: dict[datetime.datetime, int] = {}
    for number in range(500):
        target = Target(Account("exemplar", f"{number}@example.org"), "ai-training")
        found = due(Place(target, ORIGIN, practice=False), looks("out"), Rules(), flow_version=VERSION)
        assert found.at is not None
        minute = found.at.replace(second=0, microsecond=0)
        minutes[minute] = minutes.get(minute, 0) + 1
    assert max(minutes.values()) <= 5


def test_the_same_target_is_always_due_at_the_same_time() -> None:
    assert due_after("out") == due_after("out")


def test_what_a_clock_that_was_wrong_put_into_the_future_is_due_now() -> None:
    ahead = due(HERE, [look("out", day=4000)], Rules(), flow_version=VERSION)
    assert ahead.is_due(START)


def rule(scope: Scope, name: str, number: float, word: str = Event.PROVEN_OUT) -> WatchRule:
    return WatchRule(scope, name, word, number)


def test_the_narrowest_rule_wins() -> None:
    chosen = (
        rule(Scope.EVERYWHERE, "", 10),
        rule(Scope.PLATFORM, "exemplar", 20),
        rule(Scope.GROUP, "sales", 30),
        rule(Scope.GROUP, "board", 25),
        rule(Scope.ACCOUNT, str(ADA), 40),
    )
    rules = Rules(chosen)
    bob, eve = Account("exemplar", "bob@example.org"), Account("other", "eve@example.org")
    days = [
        rules.days(Event.PROVEN_OUT, ADA, ["sales"]),
        rules.days(Event.PROVEN_OUT, bob, ["sales", "board"]),  # of several, the soonest
        rules.days(Event.PROVEN_OUT, bob),
        rules.days(Event.PROVEN_OUT, eve),
        rules.days(Event.UNREADABLE, ADA, ["sales"]),
    ]
    assert days == [40, 25, 20, 10, 1]


def test_a_rule_moves_the_date() -> None:
    found = due_after("out", rules=Rules((rule(Scope.EVERYWHERE, "", 100),)))
    assert found.at is not None
    assert found.at >= START + 75 * DAY


def test_how_many_looks_make_an_alarm_follows_the_same_rules() -> None:
    rules = Rules((rule(Scope.PLATFORM, "exemplar", 4, MISSES),))
    assert (rules.misses(ADA), rules.misses(Account("other", "eve"))) == (4, 2)


@pytest.mark.parametrize(
    "typed", ["", "proven-out", "proven-out=", "proven-out=soon", "proven-out=-1", "proven-out=nan"]
)
def test_a_rule_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(UsageProblem):
        parse_rule(typed)


@pytest.mark.parametrize("typed", ["misses=0", "misses=1.5", "misses=inf", "proven-out=1e9", "sooner=1"])
def test_a_number_that_makes_no_sense_is_refused(typed: str) -> None:
    with pytest.raises(UsageProblem, match="expected"):
        parse_rule(typed)


def test_rules_are_typed_as_they_are_shown() -> None:
    assert [parse_rule(f"{word}=3") for word in DEFAULTS] == [(word, 3.0) for word in DEFAULTS]


def test_every_event_has_a_default() -> None:
    assert set(DEFAULTS) == {*Event, MISSES}


@pytest.mark.parametrize("reason", [Why.NO_MANDATE, Why.MANDATE_EXPIRED])
def test_what_nobody_authorised_waits_and_what_somebody_has_since_does_not(reason: Why) -> None:
    story = [replace(each, why=reason) for each in looks("skipped")]
    waits = due(HERE, story, Rules(), flow_version=VERSION)
    goes_on = due(HERE, story, Rules(), flow_version=VERSION, mandated=True)
    assert (waits.event, waits.is_due(START + DAY)) == (Event.NEEDS_PERSON, False)
    assert (goes_on.event, goes_on.is_due(START)) == (Event.SIGNED_IN, True)
