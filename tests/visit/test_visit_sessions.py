"""Kept sessions: used, found dead, or found to be somebody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from optout.flow import SignIn
from optout.model import ExitBit, Outcome, Reading, Why
from optout.visit.entry import session_of

if TYPE_CHECKING:
    from playwright.async_api import Page

    from optout.model import Result
    from optout.practice.switchboard import PracticeAccount
    from tests.visit.pages import Pages
    from tests.visit.rehearsal import Rehearsal

SIGNED_OUT = (Outcome.NEEDS_PERSON, Why.SIGNED_OUT, ExitBit.NEEDS_PERSON)
OTHER_PERSON = (Outcome.NEEDS_PERSON, Why.OTHER_PERSON, ExitBit.NEEDS_PERSON)


def said(result: Result) -> tuple[Outcome, Why, ExitBit]:
    return result.outcome, result.why, result.exit_bit


@pytest.fixture
async def kept(rehearsal: Rehearsal) -> PracticeAccount:
    """An account whose session was kept by an earlier check; its counters start anew."""
    account = rehearsal.add()
    await rehearsal.visit(account, may_change=False)
    account.counters = type(account.counters)()
    return account


async def test_a_visit_reports_the_session_and_whose_it_is(
    rehearsal: Rehearsal, kept: PracticeAccount
) -> None:
    ((state, who),) = rehearsal.signed_in
    assert who == kept.name
    assert "li_at" in {cookie["name"] for cookie in state["cookies"]}


@pytest.mark.parametrize(
    ("in_cookies_alone", "kept"), [(False, {"localStorage", "indexedDB"}), (True, set())]
)
async def test_what_pages_keep_is_read_only_where_the_session_may_hang_on_it(
    page: Page, pages: Pages, in_cookies_alone: bool, kept: set[str]
) -> None:
    await page.goto(pages.put("/", "<title>A page with letters</title>"))
    await page.context.add_cookies([{"name": "a", "value": "b", "url": pages.origin}])
    await page.evaluate(
        """() => new Promise((resolve) => {
          localStorage.setItem('letter', 'from Ada');
          const opening = indexedDB.open('letters', 1);
          opening.onupgradeneeded = () => opening.result.createObjectStore('all');
          opening.onsuccess = () => { opening.result.close(); resolve(); };
        })"""
    )
    state = await session_of(page.context, SignIn(path="/", in_cookies_alone=in_cookies_alone))
    assert [cookie["name"] for cookie in state["cookies"]] == ["a"]
    assert {key for origin in state["origins"] for key in origin} - {"origin"} == kept


@pytest.mark.parametrize("with_credentials", [True, False])
async def test_a_kept_session_is_used_and_no_password_is_sent(
    rehearsal: Rehearsal, kept: PracticeAccount, with_credentials: bool
) -> None:
    credentials = {} if with_credentials else {"credentials": None}
    result = await rehearsal.visit(kept, session=rehearsal.session, **credentials)
    assert result.outcome is Outcome.OPTED_OUT
    assert (kept.counters.credential_submissions, kept.counters.changes) == (0, 1)


async def test_a_dead_session_without_credentials_needs_the_person(
    rehearsal: Rehearsal, kept: PracticeAccount
) -> None:
    kept.revoke_sessions()
    result = await rehearsal.visit(kept, session=rehearsal.session, credentials=None)
    assert said(result) == SIGNED_OUT
    assert len(rehearsal.signed_in) == 1  # of the first visit


async def test_a_dead_session_with_credentials_is_replaced_by_signing_in_once(
    rehearsal: Rehearsal, kept: PracticeAccount
) -> None:
    kept.revoke_sessions()
    dead = rehearsal.session
    result = await rehearsal.visit(kept, session=dead)
    assert (result.outcome, kept.counters.credential_submissions) == (Outcome.OPTED_OUT, 1)
    assert rehearsal.session != dead


async def test_a_session_sent_in_circles_is_a_dead_session(
    rehearsal: Rehearsal, kept: PracticeAccount
) -> None:
    rehearsal.server.site.switchboard.change_conditions(kept.login, ["redirect-loop"])
    result = await rehearsal.visit(kept, session=rehearsal.session, credentials=None)
    assert said(result) == SIGNED_OUT


async def test_a_site_that_sends_a_new_session_in_circles_too_is_not_to_be_reached(
    rehearsal: Rehearsal, kept: PracticeAccount
) -> None:
    rehearsal.server.site.switchboard.change_conditions(kept.login, ["redirect-loop"])
    result = await rehearsal.visit(kept, session=rehearsal.session)
    assert said(result) == (Outcome.UNREACHABLE, Why.SITE_DOWN, ExitBit.UNREACHABLE)
    assert kept.counters.credential_submissions == 1


@pytest.mark.parametrize("condition", ["session-expires-after-saving", "session-expires-after-reading"])
async def test_a_session_that_ends_in_between_is_replaced_once(
    rehearsal: Rehearsal, kept: PracticeAccount, condition: str
) -> None:
    rehearsal.server.site.switchboard.change_conditions(kept.login, [condition])
    result = await rehearsal.visit(kept, session=rehearsal.session)
    assert kept.counters.credential_submissions == 1
    assert result.outcome is (
        Outcome.OPTED_OUT if condition.endswith("saving") else Outcome.NEEDS_PERSON
    )


async def test_what_was_touched_and_not_read_back_is_said_to_be_so(rehearsal: Rehearsal) -> None:
    result = await rehearsal.visit(rehearsal.add("session-expires-after-saving"))
    assert (result.reading, result.notes) == (
        Reading.UNKNOWN,
        ("it was touched and has not been read back yet",),
    )


@pytest.mark.parametrize("may_change", [True, False])
@pytest.mark.parametrize("with_session", [True, False])
async def test_somebody_else_than_before_is_found_out_before_anything_is_touched(
    rehearsal: Rehearsal, kept: PracticeAccount, with_session: bool, may_change: bool
) -> None:
    session = {"session": rehearsal.session} if with_session else {}
    result = await rehearsal.visit(kept, pinned="Grace Example", may_change=may_change, **session)
    assert said(result) == OTHER_PERSON
    assert kept.counters.state_changing_requests == 0


async def test_the_session_of_another_account_is_not_touched(
    rehearsal: Rehearsal, kept: PracticeAccount
) -> None:
    owner = rehearsal.add(name="Grace Example")
    result = await rehearsal.visit(owner, session=rehearsal.session, pinned="Grace Example")
    assert said(result) == OTHER_PERSON
    assert kept.counters.changes + owner.counters.changes == 0


async def test_whose_session_is_not_the_pinned_persons_is_not_reported_as_signed_in(
    rehearsal: Rehearsal, kept: PracticeAccount
) -> None:
    await rehearsal.visit(kept, session=rehearsal.session, pinned="Grace Example")
    assert len(rehearsal.signed_in) == 1


async def test_a_new_owner_is_accepted_when_that_is_asked_for(
    rehearsal: Rehearsal, kept: PracticeAccount
) -> None:
    result = await rehearsal.visit(
        kept, session=rehearsal.session, pinned="Grace Example", new_owner=True
    )
    assert result.outcome is Outcome.OPTED_OUT


async def test_somebody_else_on_the_page_that_should_prove_it_proves_nothing(
    rehearsal: Rehearsal,
) -> None:
    account = rehearsal.add()

    def change_hands(_: dict[str, Any], __: str) -> None:
        account.name = "Grace Example"

    result = await rehearsal.visit(account, on_signed_in=change_hands)
    assert said(result) == OTHER_PERSON
    assert result.reading is Reading.UNKNOWN


async def test_typography_makes_nobody_somebody_else(
    rehearsal: Rehearsal, kept: PracticeAccount
) -> None:
    kept.name = "Ada  O\u2019Example"
    result = await rehearsal.visit(kept, session=rehearsal.session, pinned="ada o'example")
    assert result.outcome is Outcome.OPTED_OUT
