"""Signing in with stored credentials: what is sent, how often, and what is said when it fails."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pyotp
import pytest

from optout.accounts.credentials import Credentials
from optout.accounts.secret import Secret
from optout.model import Account, ExitBit, Outcome, Reading, Why
from tests.visit.rehearsal import QUICK

if TYPE_CHECKING:
    from optout.model import Result
    from tests.visit.rehearsal import Rehearsal

FORMS = pytest.mark.parametrize("form", ["", "form-react", "form-react-enter", "form-password-only"])


def said(result: Result) -> tuple[Outcome, Reading, Why, ExitBit]:
    return result.outcome, result.reading, result.why, result.exit_bit


def stopped_by(why: Why) -> tuple[Outcome, Reading, Why, ExitBit]:
    return Outcome.NEEDS_PERSON, Reading.UNKNOWN, why, ExitBit.NEEDS_PERSON


@FORMS
async def test_a_wrong_password_is_sent_once_and_never_again(rehearsal: Rehearsal, form: str) -> None:
    account = rehearsal.add(*filter(None, [form]))
    wrong = rehearsal.credentials(account, password="wrong horse, wrong battery")
    result = await rehearsal.visit(account, credentials=wrong)
    assert said(result) == stopped_by(Why.CREDENTIALS_REFUSED)
    assert account.counters.credential_submissions == 1


async def test_a_wrong_password_stops_every_setting_of_the_visit(rehearsal: Rehearsal) -> None:
    account = rehearsal.add()
    wrong = rehearsal.credentials(account, password="wrong horse, wrong battery")
    setting = rehearsal.flow.settings[0]
    another = replace(setting, name="another")
    await rehearsal.visit(account, credentials=wrong, settings=(setting, another))
    assert [said(result) for result in rehearsal.results] == [stopped_by(Why.CREDENTIALS_REFUSED)] * 2
    assert account.counters.credential_submissions == 1


async def test_an_unknown_login_is_sent_once(rehearsal: Rehearsal) -> None:
    account = rehearsal.add()
    account.login = "nobody@example.org"  # the site still knows it by the login it was added with
    result = await rehearsal.visit(account)
    assert said(result) == stopped_by(Why.CREDENTIALS_REFUSED)
    assert rehearsal.server.site.switchboard.anonymous.credential_submissions == 1


async def test_without_credentials_nothing_is_asked_of_the_site(rehearsal: Rehearsal) -> None:
    account = rehearsal.add()
    result = await rehearsal.visit(account, credentials=None)
    assert said(result) == stopped_by(Why.NO_CREDENTIALS)
    assert (rehearsal.server.site.switchboard.log, result.evidence) == ([], None)


async def test_credentials_that_name_no_source_are_no_credentials(rehearsal: Rehearsal) -> None:
    account = rehearsal.add()
    none = Credentials(Account("linkedin", account.login))
    result = await rehearsal.visit(account, credentials=none)
    assert said(result) == stopped_by(Why.NO_CREDENTIALS)


async def test_a_code_from_the_wrong_seed_is_sent_once(rehearsal: Rehearsal) -> None:
    account = rehearsal.add("challenge-authenticator")
    wrong = rehearsal.credentials(account, totp=pyotp.random_base32())
    result = await rehearsal.visit(account, credentials=wrong)
    assert said(result) == stopped_by(Why.AUTHENTICATOR_CODE)
    assert (account.counters.credential_submissions, account.counters.code_submissions) == (1, 1)


async def test_without_a_seed_no_code_is_made_up(rehearsal: Rehearsal) -> None:
    account = rehearsal.add("challenge-authenticator")
    seedless = Credentials(Account("linkedin", account.login), password=Secret(account.password))
    result = await rehearsal.visit(account, credentials=seedless)
    assert said(result) == stopped_by(Why.AUTHENTICATOR_CODE)
    assert account.counters.code_submissions == 0


async def test_a_form_that_remembers_somebody_else_gets_no_password(rehearsal: Rehearsal) -> None:
    account, other = rehearsal.add(), rehearsal.add("form-password-only")
    result = await rehearsal.visit(account)
    assert said(result) == stopped_by(Why.OTHER_PERSON)
    assert account.counters.credential_submissions + other.counters.credential_submissions == 0


@pytest.mark.parametrize(
    "challenge", ["challenge-captcha", "challenge-email-code", "challenge-app-approval", "restricted"]
)
async def test_at_a_challenge_nothing_more_is_sent(rehearsal: Rehearsal, challenge: str) -> None:
    account = rehearsal.add(challenge)
    await rehearsal.visit(account)
    sent = [path for method, path, _ in rehearsal.server.site.switchboard.log if method == "POST"]
    assert [path for path in sent if "/poll/" not in path] == ["/checkpoint/lg/login-submit"]


@pytest.mark.parametrize(("condition", "more"), [("", []), ("landing-feed", ["/feed/"])])
async def test_no_page_is_loaded_on_the_way_from_the_door_to_the_setting(
    rehearsal: Rehearsal, condition: str, more: list[str]
) -> None:
    account = rehearsal.add(*filter(None, [condition]))
    assert (await rehearsal.visit(account)).outcome is Outcome.OPTED_OUT
    (place,) = rehearsal.flow.settings[0].places[:1]
    log = rehearsal.server.site.switchboard.log
    pages = [path for method, path, _ in log if method == "GET" and path in ("/login", "/feed/", place)]
    assert pages == ["/login", *more, place, place]


async def test_a_site_that_never_answers_the_password_is_left_in_time(rehearsal: Rehearsal) -> None:
    account = rehearsal.add("sign-in-hangs")
    patience = replace(QUICK, load=2.0, sign_in=1.0)
    result = await asyncio.wait_for(rehearsal.visit(account, patience=patience), 15)
    assert said(result) == stopped_by(Why.TIMED_OUT)
    assert account.counters.credential_submissions == 1
