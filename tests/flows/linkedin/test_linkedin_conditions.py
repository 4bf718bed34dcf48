"""Every condition of the practice site, and what a visit makes of it: one table, one test."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from optout_flows.linkedin.practice.conditions import CONDITIONS
from optout_flows.linkedin.practice.site import site

from optout.authors.suite import PATIENCE as PATIENT
from optout.authors.suite import serving
from optout.flow.discovery import discover
from optout.model import Outcome, Why
from optout.practice.expectations import (
    ALREADY_OUT,
    ASKED,
    DISAGREE,
    FORGOTTEN,
    LOCKED_IN,
    LOCKED_OUT,
    NEEDS_PERSON,
    NO_CONTROL,
    NOBODY,
    NOT_OFFERED,
    OPTED_OUT,
    REFUSED,
    STILL_IN,
    STRANGE_LABEL,
    UNREACHABLE,
    WITH_CODE,
    Expected,
    found,
    needs,
    unreadable,
    untouched,
)
from optout.practice.server import serve
from optout.visit.patience import Patience
from tests.flows.together import rows
from tests.visit.rehearsal import Rehearsal

if TYPE_CHECKING:
    from pathlib import Path

    from optout.practice.expectations import Mode
    from optout.visit.browser import OpenBrowser
    from tests.flows.together import Together

FLOW = discover().flows["linkedin"]
# The form is no setting, and has tests of its own.
ALL = tuple(known.name for known in CONDITIONS if known.group != "the objection form")
LANGUAGES = ("en", "de", "fr", "nl", "pt-BR", "it", "es", "pl", "ja")
CHALLENGES = {
    "challenge-email-code": Why.EMAIL_CODE,
    "challenge-sms-code": Why.SMS_CODE,
    "challenge-app-approval": Why.APP_APPROVAL,
    "challenge-captcha": Why.CAPTCHA,
    "challenge-identity": Why.IDENTITY_CHECK,
}


# Conditions joined by "+", then the language of the account; English where none is named.
TABLE: dict[str, Expected] = {
    "": OPTED_OUT,
    **{f"@{language}": OPTED_OUT for language in LANGUAGES[1:]},
    # sign-in form
    "form-react": OPTED_OUT,
    "form-react-enter": OPTED_OUT,
    "form-password-only": OPTED_OUT,
    "account-chooser": OPTED_OUT,
    "cookie-banner": OPTED_OUT,
    "cookie-banner+form-react": OPTED_OUT,
    # after signing in
    "landing-feed": OPTED_OUT,
    "landing-preload": OPTED_OUT,
    "interstitial-add-phone": OPTED_OUT,
    "interstitial-manage-account": OPTED_OUT,
    "interstitial-verify-phone": OPTED_OUT,
    "agree-to-comply": needs(Why.CONSENT_WALL),
    "new-nav": OPTED_OUT,
    "new-nav+already-out": ALREADY_OUT,
    # refusals
    "credentials-refused": needs(Why.CREDENTIALS_REFUSED),
    "login-refused": needs(Why.LOGIN_REFUSED),
    "login-refused+form-react": needs(Why.LOGIN_REFUSED),
    "restricted": needs(Why.RESTRICTED),
    "sign-in-hangs": replace(needs(Why.TIMED_OUT), pictures=frozenset()),
    # challenges
    **{name: needs(why) for name, why in CHALLENGES.items()},
    **{f"challenge-v2-path+{name}": needs(why) for name, why in CHALLENGES.items()},
    "challenge-authenticator": WITH_CODE,
    "challenge-v2-path+challenge-authenticator": WITH_CODE,
    "challenge-authenticator+challenge-sms-code": needs(Why.SMS_CODE),
    "challenge-v2-path": OPTED_OUT,
    # session
    "signed-out": OPTED_OUT,  # the password is still good
    "signed-out-late": OPTED_OUT,
    "session-expires-after-reading": replace(
        NEEDS_PERSON,
        why=Why.SIGNED_OUT,
        pictures=frozenset({"before", "stopped"}),
        requests=1,
        check=STILL_IN,
    ),
    "session-expires-after-saving": replace(
        NEEDS_PERSON,
        why=Why.SIGNED_OUT,
        pictures=frozenset({"before", "stopped"}),
        requests=1,
        changes=1,
        check=STILL_IN,
    ),
    "other-person": OPTED_OUT,  # the first visit takes whoever is there for the owner
    "nobody-named": NOBODY,
    # where the setting is
    "absent-404": NOT_OFFERED,
    "absent-404@de": NOT_OFFERED,
    "absent-redirect": NOT_OFFERED,
    "absent-redirect@fr": NOT_OFFERED,
    "absent-empty": NOT_OFFERED,
    "absent-404@ja": NO_CONTROL,  # a row under another address could not be told by its name
    "moved": OPTED_OUT,
    "moved@fr": OPTED_OUT,
    "moved@it": OPTED_OUT,
    "moved@ja": NO_CONTROL,
    "listing-changed": NO_CONTROL,
    "in-iframe": OPTED_OUT,
    "in-shadow-root": OPTED_OUT,
    "in-closed-shadow-root": NO_CONTROL,
    "covered": untouched(Why.COVERED),
    # what the control is
    "already-out": ALREADY_OUT,
    **{f"already-out@{language}": ALREADY_OUT for language in LANGUAGES[1:]},
    "locked-in": LOCKED_IN,
    "locked-in@de": LOCKED_IN,
    "locked-out": LOCKED_OUT,
    "locked-out@ja": LOCKED_OUT,
    "two-switches": OPTED_OUT,
    "two-switches+already-out": ALREADY_OUT,
    "two-switches+key-renamed": OPTED_OUT,
    "two-switches@ja": NO_CONTROL,  # only the key speaks for it
    "neighbour-moves": OPTED_OUT,
    "destructive-neighbour": OPTED_OUT,
    "label-unknown": STRANGE_LABEL,
    "label-unknown+already-out": STRANGE_LABEL,
    "label-deletes": STRANGE_LABEL,
    "label-deletes@ja": untouched(Why.FORBIDDEN),
    "key-renamed": OPTED_OUT,
    "key-renamed@de": OPTED_OUT,
    "key-renamed@it": NO_CONTROL,
    "key-renamed@ja": NO_CONTROL,
    "key-renamed+heading-gone": NO_CONTROL,
    "key-and-label-contradict": DISAGREE,
    "key-and-label-contradict+already-out": DISAGREE,
    "unknown-everything": NO_CONTROL,
    "unknown-everything+already-out": NO_CONTROL,
    "heading-gone": OPTED_OUT,
    "heading-gone@it": NO_CONTROL,
    "lang-missing": OPTED_OUT,
    "lang-missing@fr": OPTED_OUT,
    "lang-missing@it": STRANGE_LABEL,
    "lang-missing@ja": STRANGE_LABEL,
    # when the state is there
    "late-render": OPTED_OUT,
    "late-render+already-out": ALREADY_OUT,
    "skeleton": OPTED_OUT,
    "late-state": OPTED_OUT,
    "late-state+already-out": ALREADY_OUT,
    "late-state-no-json": OPTED_OUT,
    "late-state-no-json+already-out": ALREADY_OUT,
    "no-json": OPTED_OUT,
    "no-json+in-shadow-root": OPTED_OUT,
    "json-contradicts": unreadable(Why.STATE_UNCLEAR),
    "json-contradicts+already-out": unreadable(Why.STATE_UNCLEAR),
    # saving
    "save-403": REFUSED,
    "save-429": REFUSED,
    "save-500": REFUSED,
    "save-500-looks-off": REFUSED,
    "save-500-looks-off+no-json": REFUSED,
    "save-not-kept": FORGOTTEN,
    "save-not-kept+already-out": ALREADY_OUT,
    "remembered-in-page": FORGOTTEN,
    "remembered-in-page+no-json": FORGOTTEN,
    "save-delayed": OPTED_OUT,
    "confirm-dialog": ASKED,
    "confirm-dialog@de": ASKED,
    "confirm-dialog-deletes": ASKED,
    # the site itself
    "slow": OPTED_OUT,
    "server-error": UNREACHABLE,
    "rate-limited": replace(UNREACHABLE, why=Why.RATE_LIMITED),
    "blocked-999": replace(UNREACHABLE, why=Why.RATE_LIMITED),
    "hangs": replace(UNREACHABLE, pictures=frozenset()),
    "empty-page": NOBODY,
    "redirect-loop": replace(UNREACHABLE, pictures=frozenset()),
}


def test_every_condition_has_its_expectation() -> None:
    known = {name for row in TABLE for name in row.partition("@")[0].split("+") if name}
    assert known == set(ALL)


# Signing in is the same for both, and a check never gets to the saving; where a run changes nothing,
# combinations add nothing to a check.
ALIKE = ("sign-in form", "after signing in", "refusals", "challenges", "saving")
CHECKED = {known.name for known in CONDITIONS if known.name in ALL and known.group not in ALIKE}
VISITS: list[tuple[str, Mode]] = [
    *((row, "run") for row in TABLE),
    *(
        (row, "check")
        for row in TABLE
        if row in CHECKED or row in ("", "challenge-authenticator", "confirm-dialog")
    ),
]
# A check reads as a run does; what it must not do is tried where a run would.
EVERYDAY = ("", "already-out", "locked-in", "absent-404", "challenge-authenticator", "confirm-dialog")
# Each language is tried where it is switched off, each condition in English, each kind of challenge once
# under its other address, and a combination where it could make a page read as off; what remains is for
# `make thorough`.
ALSO = (
    {row for row in TABLE if "@" in row and not row.startswith("@")}
    | {f"challenge-v2-path+{name}" for name in list(CHALLENGES)[1:]}
    | {
        *("cookie-banner+form-react", "login-refused+form-react", "new-nav+already-out"),
        *("two-switches+already-out", "two-switches+key-renamed", "late-render+already-out"),
        *("no-json+in-shadow-root", "remembered-in-page+no-json", "save-not-kept+already-out"),
    }
)
HANGS = replace(PATIENT, load=3.0, sign_in=3.0)
LATE = replace(PATIENT, render=5.0)
SHOWS_LATE = ("late", "skeleton", "in-iframe", "in-shadow-root")


def _is_for_every_day(row: str, mode: Mode) -> bool:
    return row in EVERYDAY or (mode == "run" and row not in ALSO)


@pytest.mark.parametrize(
    ("row", "mode"),
    [
        *rows("linkedin", [visit for visit in VISITS if _is_for_every_day(*visit)]),
        *rows("linkedin", [visit for visit in VISITS if not _is_for_every_day(*visit)], thorough=True),
    ],
)
async def test_a_visit_says_what_is_there(  # noqa: PLR0917 - pytest's own
    row: str,
    mode: Mode,
    together: Together,
    fenced_browser: OpenBrowser,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> None:
    async def visit(row: str, mode: str) -> tuple[Expected, str]:
        return await _visited(fenced_browser, tmp_path_factory.mktemp("visit"), row, mode)

    said, told = await together.answer(request, visit)
    assert said == TABLE[row].by(mode), told


async def _visited(browser: OpenBrowser, folder: Path, row: str, mode: str) -> tuple[Expected, str]:
    names, _, language = row.partition("@")
    # A site of its own each: at the door it behaves as for the account that was added last.
    async with serving(site(slow_seconds=1.0)) as server:
        rehearsal = Rehearsal(server, browser, folder, made_up=FLOW)
        account = rehearsal.add(*filter(None, names.split("+")), language=language or "en")
        late = any(name in row for name in SHOWS_LATE)
        facts: dict[str, Any] = {"patience": LATE if late else HANGS if "hangs" in row else PATIENT}
        if row.startswith("signed-out"):
            assert server.site.session_for
            facts["session"] = server.site.session_for(account, server.origin)
        result = await rehearsal.visit(account, may_change=mode == "run", **facts)
    return found(result, account.counters), f"{result.reason} | {result.notes} | {result.evidence}"


@pytest.mark.thorough
async def test_a_site_as_slow_as_a_bad_day_is_waited_for(
    fenced_browser: OpenBrowser, tmp_path: Path
) -> None:
    with serve(site(slow_seconds=10.0)) as server:
        rehearsal = Rehearsal(server, fenced_browser, tmp_path)
        result = await rehearsal.visit(rehearsal.add("slow"), patience=Patience())
    assert result.outcome is Outcome.OPTED_OUT, result.reason
