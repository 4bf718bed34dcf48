"""Every condition of the practice site, and what a visit makes of it: one table, one test."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import pytest
from optout_flows.linkedin.practice.conditions import CONDITIONS
from optout_flows.linkedin.practice.site import site

from optout.model import ExitBit, Outcome, Reading, Why
from optout.practice.server import serve
from optout.visit.patience import Patience
from tests.visit.rehearsal import QUICK, Rehearsal

if TYPE_CHECKING:
    from pathlib import Path

    from optout.model import Result
    from optout.practice.switchboard import Counters
    from optout.visit.browser import OpenBrowser

Mode = Literal["run", "check"]
ALL = tuple(known.name for known in CONDITIONS)
LANGUAGES = ("en", "de", "fr", "nl", "pt-BR", "it", "es", "pl", "ja")
CHALLENGES = {
    "challenge-email-code": Why.EMAIL_CODE,
    "challenge-sms-code": Why.SMS_CODE,
    "challenge-app-approval": Why.APP_APPROVAL,
    "challenge-captcha": Why.CAPTCHA,
    "challenge-identity": Why.IDENTITY_CHECK,
}


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What a visit says, what it left behind, and what it did to the site.

    Attributes:
        pictures: the pictures in the bundle; empty where there is no bundle.
        passwords: how often a password was sent.
        codes: how often a one-time code was sent.
        requests: state-changing requests that reached the site.
        changes: how often what is stored became something else.
        check: what a check says, where it says something else than a run.
    """

    outcome: Outcome
    reading: Reading
    why: Why = Why.NONE
    locked: Reading | None = None
    exit: ExitBit = ExitBit.OK
    pictures: frozenset[str] = frozenset({"before"})
    passwords: int = 1
    codes: int = 0
    requests: int = 0
    changes: int = 0
    check: Expected | None = field(default=None, compare=False)

    def by(self, mode: Mode) -> Expected:
        """What this mode is to say."""
        return self.check if mode == "check" and self.check else self


STILL_IN = Expected(outcome=Outcome.STILL_IN, reading=Reading.IN, exit=ExitBit.STILL_IN)
OPTED_OUT = Expected(
    outcome=Outcome.OPTED_OUT,
    reading=Reading.OUT,
    pictures=frozenset({"before", "after"}),
    requests=1,
    changes=1,
    check=STILL_IN,
)
ALREADY_OUT = Expected(outcome=Outcome.ALREADY_OUT, reading=Reading.OUT)
NOT_OFFERED = Expected(outcome=Outcome.NOT_OFFERED, reading=Reading.NOT_OFFERED)
NOT_SAVED = Expected(
    outcome=Outcome.NOT_SAVED,
    reading=Reading.IN,
    exit=ExitBit.STILL_IN,
    pictures=frozenset({"before", "after"}),
    requests=1,
    check=STILL_IN,
)
REFUSED = replace(NOT_SAVED, why=Why.SAVE_REFUSED)
FORGOTTEN = replace(NOT_SAVED, why=Why.NOT_KEPT)
STOPPED = frozenset({"stopped"})
NEEDS_PERSON = Expected(
    outcome=Outcome.NEEDS_PERSON,
    reading=Reading.UNKNOWN,
    exit=ExitBit.NEEDS_PERSON,
    pictures=STOPPED,
)
# Asked before anything is saved: the dialog stays unanswered, and a fresh load shows what stands.
ASKED = Expected(
    outcome=Outcome.NEEDS_PERSON,
    reading=Reading.IN,
    why=Why.CONFIRM_UNKNOWN,
    exit=ExitBit.NEEDS_PERSON,
    pictures=frozenset({"before", "after"}),
    check=STILL_IN,
)
UNREADABLE = Expected(outcome=Outcome.UNREADABLE, reading=Reading.UNKNOWN, exit=ExitBit.UNREADABLE)
UNREACHABLE = Expected(
    outcome=Outcome.UNREACHABLE,
    reading=Reading.UNKNOWN,
    why=Why.SITE_DOWN,
    exit=ExitBit.UNREACHABLE,
    pictures=STOPPED,
)
MANAGED = Expected(outcome=Outcome.MANAGED, reading=Reading.MANAGED)


def needs(why: Why) -> Expected:
    return replace(NEEDS_PERSON, why=why)


def unreadable(why: Why) -> Expected:
    return replace(UNREADABLE, why=why)


def untouched(why: Why) -> Expected:
    """Read as in, and not pressed; a fresh load says that it is in still."""
    pictures = frozenset({"before", "after"})
    return replace(STILL_IN, why=why, pictures=pictures, check=STILL_IN)


NO_CONTROL = unreadable(Why.CONTROL_MISSING)
STRANGE_LABEL = unreadable(Why.LABEL_UNKNOWN)
NOBODY = replace(UNREADABLE, why=Why.IDENTITY_UNREADABLE, pictures=STOPPED)
LOCKED_IN = replace(MANAGED, why=Why.LOCKED_IN, locked=Reading.IN, exit=ExitBit.NEEDS_PERSON)
LOCKED_OUT = replace(MANAGED, why=Why.LOCKED_OUT, locked=Reading.OUT)
WITH_CODE = replace(OPTED_OUT, codes=1, check=replace(STILL_IN, codes=1))

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
    "landing-preload": OPTED_OUT,
    "interstitial-add-phone": OPTED_OUT,
    "interstitial-manage-account": OPTED_OUT,
    "interstitial-verify-phone": OPTED_OUT,
    "agree-to-comply": needs(Why.CONSENT_WALL),
    "new-nav": OPTED_OUT,
    "new-nav+already-out": ALREADY_OUT,
    # refusals
    "login-refused": needs(Why.LOGIN_REFUSED),
    "login-refused+form-react": needs(Why.LOGIN_REFUSED),
    "restricted": needs(Why.RESTRICTED),
    # challenges
    **{name: needs(why) for name, why in CHALLENGES.items()},
    **{f"challenge-v2-path+{name}": needs(why) for name, why in CHALLENGES.items()},
    "challenge-authenticator": WITH_CODE,
    "challenge-v2-path+challenge-authenticator": WITH_CODE,
    "challenge-authenticator+challenge-sms-code": needs(Why.SMS_CODE),
    "challenge-v2-path": OPTED_OUT,
    # session
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
    "label-unknown": STRANGE_LABEL,
    "label-unknown+already-out": STRANGE_LABEL,
    "label-deletes": STRANGE_LABEL,
    "label-deletes@ja": untouched(Why.FORBIDDEN),
    "key-renamed": OPTED_OUT,
    "key-renamed@de": OPTED_OUT,
    "key-renamed@it": NO_CONTROL,
    "key-renamed@ja": NO_CONTROL,
    "key-renamed+heading-gone": NO_CONTROL,
    "key-and-label-contradict": unreadable(Why.ANCHORS_DISAGREE),
    "key-and-label-contradict+already-out": unreadable(Why.ANCHORS_DISAGREE),
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
CHECKED = {known.name for known in CONDITIONS if known.group not in ALIKE}
VISITS: list[tuple[str, Mode]] = [
    *((row, "run") for row in TABLE),
    *(
        (row, "check")
        for row in TABLE
        if row in CHECKED or row in ("", "challenge-authenticator", "confirm-dialog")
    ),
]
HANGS = replace(QUICK, load=2.0)
LATE = replace(QUICK, render=4.0)
SHOWS_LATE = ("late", "skeleton", "in-iframe", "in-shadow-root")


@pytest.mark.parametrize(("row", "mode"), VISITS)
async def test_a_visit_says_what_is_there(rehearsal: Rehearsal, row: str, mode: Mode) -> None:
    names, _, language = row.partition("@")
    account = rehearsal.add(*filter(None, names.split("+")), language=language or "en")
    late = any(name in row for name in SHOWS_LATE)
    patience = LATE if late else HANGS if row == "hangs" else QUICK
    result = await rehearsal.visit(account, may_change=mode == "run", patience=patience)
    found = _found(result, account.counters)
    assert found == TABLE[row].by(mode), f"{result.reason} | {result.notes}"


async def test_a_site_as_slow_as_a_bad_day_is_waited_for(
    fenced_browser: OpenBrowser, tmp_path: Path
) -> None:
    with serve(site(slow_seconds=10.0)) as server:
        rehearsal = Rehearsal(server, fenced_browser, tmp_path)
        result = await rehearsal.visit(rehearsal.add("slow"), patience=Patience())
    assert result.outcome is Outcome.OPTED_OUT, result.reason


def _found(result: Result, counters: Counters) -> Expected:
    """What came of it, in the terms of the table."""
    pictures = {file.stem for file in result.evidence.glob("*.png")} if result.evidence else set()
    return Expected(
        outcome=result.outcome,
        reading=result.reading,
        why=result.why,
        locked=result.locked,
        exit=result.exit_bit,
        pictures=frozenset(pictures),
        passwords=counters.credential_submissions,
        codes=counters.code_submissions,
        requests=counters.state_changing_requests,
        changes=counters.changes,
    )
