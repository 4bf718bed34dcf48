"""The promises of the design, one by one; each of these tests would fail without its promise."""

from __future__ import annotations

import base64
import logging
import random
import re
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from PIL import Image

from optout.accounts.browser_state import Binding
from optout.accounts.keyring_store import KeyringStore
from optout.accounts.keys import KeySource
from optout.accounts.sessions import SessionStore, SignedInProof
from optout.errors import UsageProblem
from optout.evidence.bundle import check_bundle, sweep_drafts
from optout.flow.confinement import transgressions
from optout.home import Home
from optout.ledger.open import open_ledger
from optout.ledger.outcomes import record_result, results_of
from optout.ledger.visits import open_visits, start_run, start_visit
from optout.model import Account, Mode, Outcome, Reading, Why
from optout.practice.server import serve
from tests.visit.rehearsal import ADVICE, FAILURE, PASSWORD, QUICK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from optout.model import Result
    from optout.practice.switchboard import PracticeAccount
    from optout.visit.browser import OpenBrowser
    from tests.visit.rehearsal import Rehearsal

ROOT = Path(__file__).parents[1]
WARNING = (138, 75, 0)


async def test_promise_01_what_a_tab_remembers_proves_nothing(rehearsal: Rehearsal) -> None:
    account = rehearsal.add("remembered-in-page")
    result = await rehearsal.visit(account)
    assert (result.outcome, account.out) == (Outcome.NOT_SAVED, False)


async def test_promise_01_the_proof_comes_from_a_get_after_the_change(rehearsal: Rehearsal) -> None:
    account = rehearsal.add()
    await rehearsal.visit(account)
    place = rehearsal.flow.settings[0].places[0]
    log = [(method, path) for method, path, _ in rehearsal.server.site.switchboard.log]
    saved = next(number for number, (method, _) in enumerate(log) if method == "PUT")
    assert ("GET", place) in log[saved:]


@pytest.mark.parametrize("condition", ["late-state-no-json", "json-contradicts"])
async def test_promise_01_a_state_that_has_not_come_is_never_out(
    rehearsal: Rehearsal, condition: str
) -> None:
    result = await rehearsal.visit(rehearsal.add(condition), may_change=False)
    assert result.reading in (Reading.IN, Reading.UNKNOWN)


async def test_promise_01_what_else_moved_is_reported(rehearsal: Rehearsal) -> None:
    result = await rehearsal.visit(rehearsal.add("neighbour-moves"))
    assert [note for note in result.notes if "went from on to off as well" in note]


@pytest.mark.parametrize("condition", ["", "confirm-dialog", "cookie-banner"])
async def test_promise_02_check_changes_nothing(rehearsal: Rehearsal, condition: str) -> None:
    account = rehearsal.add(*filter(None, [condition]))
    result = await rehearsal.visit(account, may_change=False)
    assert (result.outcome, account.out) == (Outcome.STILL_IN, False)
    assert account.counters.state_changing_requests == 0


def test_promise_02_what_reads_knows_nothing_of_what_clicks() -> None:
    for name in ("read", "survey", "locate", "understand", "listing", "verdict"):
        source = (ROOT / "optout" / "visit" / f"{name}.py").read_text()
        assert "visit.act" not in source, name


async def test_promise_03_a_second_run_changes_nothing_and_says_so(rehearsal: Rehearsal) -> None:
    account = rehearsal.add()
    outcomes = [(await rehearsal.visit(account)).outcome for _ in range(2)]
    assert outcomes == [Outcome.OPTED_OUT, Outcome.ALREADY_OUT]
    assert (account.counters.changes, account.counters.state_changing_requests) == (1, 1)


async def test_promise_04_no_secret_is_in_anything_that_is_kept_or_said(
    rehearsal: Rehearsal, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    home = Home.at(tmp_path / "home")
    accounts = [
        rehearsal.add(*conditions)
        for conditions in ([], ["challenge-authenticator"], ["login-refused"], ["hangs"], ["save-403"])
    ]
    hasty = replace(QUICK, load=1.5)
    for account in accounts:
        await _kept(rehearsal, home, account, patience=hasty)
    wrong = rehearsal.credentials(accounts[0], password="wrong horse, wrong battery")
    await _kept(rehearsal, home, accounts[0], credentials=wrong)
    cookies = {
        cookie["value"].strip('"')
        for state, _ in rehearsal.signed_in
        for cookie in state["cookies"]
        if cookie["name"] in ("li_at", "JSESSIONID")
    }
    assert cookies
    secrets = {PASSWORD, "wrong horse, wrong battery", *(each.totp for each in accounts), *cookies}
    said = caplog.text + "".join(f"{result}" for result in rehearsal.results)
    kept = [file.read_bytes() for file in home.data.rglob("*") if file.is_file()]
    assert len(kept) > 10
    assert _found(secrets, [said.encode(), *kept]) == []


@pytest.mark.parametrize("condition", ["login-refused", "session-expires-after-saving"])
async def test_promise_04_a_password_is_sent_at_most_once(rehearsal: Rehearsal, condition: str) -> None:
    account = rehearsal.add(condition)
    await rehearsal.visit(account)
    assert account.counters.credential_submissions == 1


@pytest.mark.parametrize("challenge", ["captcha", "sms-code", "app-approval"])
async def test_promise_05_at_a_challenge_the_tool_stops_and_hands_over(
    rehearsal: Rehearsal, challenge: str
) -> None:
    account = rehearsal.add(f"challenge-{challenge}")
    result = await rehearsal.visit(account)
    assert (result.outcome, "--mode attended" in result.next_step) == (Outcome.NEEDS_PERSON, True)
    assert (account.counters.credential_submissions, account.counters.code_submissions) == (1, 0)


async def test_promise_05_nothing_about_being_automated_is_hidden(fenced_browser: OpenBrowser) -> None:
    context = await fenced_browser.new_context(None)
    page = await context.new_page()
    said = await page.evaluate("[navigator.webdriver, navigator.userAgent]")
    await context.close()
    assert said[0] is True
    assert "HeadlessChrome" in said[1]


async def test_promise_06_a_control_that_speaks_of_deleting_is_never_clicked(
    rehearsal: Rehearsal,
) -> None:
    # In a language without known words the label does not keep it from being found.
    account = rehearsal.add("label-deletes", language="ja")
    result = await rehearsal.visit(account)
    assert (result.why, account.counters.state_changing_requests) == (Why.FORBIDDEN, 0)


async def test_promise_06_a_confirm_button_that_speaks_of_deleting_is_never_clicked(
    rehearsal: Rehearsal,
) -> None:
    account = rehearsal.add("confirm-dialog-deletes")
    await rehearsal.visit(account)
    assert account.counters.state_changing_requests == 0


async def test_promise_07_a_dead_session_never_overwrites_a_good_one(
    rehearsal: Rehearsal, tmp_path: Path
) -> None:
    account = rehearsal.add()
    who = Account("linkedin", account.login)
    store = _store(tmp_path)
    origin = rehearsal.server.origin

    def keep(state: dict[str, Any], seen_as: str) -> None:
        proof = SignedInProof(seen_as, origin, datetime.now(UTC))
        store.save(who, proof, Binding("Chrome", "chromium"), state, hosts=["127.0.0.1"])

    await rehearsal.visit(account, on_signed_in=keep, may_change=False)
    good = store.load(who, origin)
    assert good is not None
    account.revoke_sessions()
    for condition in ([], ["redirect-loop"], ["agree-to-comply"], ["server-error"]):
        rehearsal.server.site.switchboard.change_conditions(account.login, condition)
        result = await rehearsal.visit(account, session=good.state, credentials=None, on_signed_in=keep)
        assert result.outcome is Outcome.NEEDS_PERSON
    assert store.load(who, origin) == good


def test_promise_07_nothing_is_saved_unless_somebody_was_seen_signed_in() -> None:
    with pytest.raises(ValueError, match="after somebody was seen"):
        SignedInProof("", "https://exemplar.test", datetime.now(UTC))


def test_promise_08_a_kill_while_writing_leaves_only_whole_results(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    killed = [_killed_after(_visitor(home), random.uniform(0, 0.25)) for _ in range(6)]  # noqa: S311
    said = {login for _, logins in killed for login in logins}
    assert said
    _assert_whole(home, [run for run, _ in killed], said)


def test_promise_08_a_kill_during_a_visit_repeats_at_most_that_visit(
    rehearsal: Rehearsal, tmp_path: Path
) -> None:
    home = Home.at(tmp_path / "home")
    accounts = [rehearsal.add() for _ in range(12)]
    runs: list[str] = []
    said: set[str] = set()
    for _ in range(3):
        left = [account.login for account in accounts if account.login not in said]
        visitor = _visitor(home, rehearsal.server.origin, *left)
        run, done = _killed_after(visitor, random.uniform(0.3, 2.0))  # noqa: S311
        runs.append(run)
        said |= done
        _assert_whole(home, runs, said)
    # Whatever was interrupted, doing it again is safe: nothing is switched a second time.
    again = _visitor(home, rehearsal.server.origin, *[each.login for each in accounts[:3]])
    out, _ = again.communicate(timeout=30)
    assert out.count("done ") == 3
    assert {account.counters.changes for account in accounts} <= {0, 1}
    assert all(account.out for account in accounts[:3])


async def test_promise_10_who_is_signed_in_is_compared_before_the_first_click(
    rehearsal: Rehearsal,
) -> None:
    account = rehearsal.add("other-person")
    result = await rehearsal.visit(account, pinned="Ada Example")
    assert (result.why, account.counters.state_changing_requests) == (Why.OTHER_PERSON, 0)


async def test_promise_10_a_page_that_names_nobody_is_not_touched(rehearsal: Rehearsal) -> None:
    account = rehearsal.add("nobody-named")
    result = await rehearsal.visit(account)
    assert (result.why, account.counters.state_changing_requests) == (Why.IDENTITY_UNREADABLE, 0)


@pytest.mark.parametrize("file", sorted((ROOT / "flows").glob("*/*.py")), ids=lambda file: file.name)
def test_promise_11_a_flow_opens_nothing_and_knows_no_secret(file: Path) -> None:
    assert transgressions(file.read_text(), file.parent.name) == []


@pytest.mark.parametrize(
    "condition",
    [
        *("restricted", "listing-changed", "covered", "label-unknown", "save-403", "empty-page"),
        *("confirm-dialog", "rate-limited", "hangs"),
    ],
)
async def test_promise_12_a_failure_says_where_what_was_expected_and_what_to_do(
    rehearsal: Rehearsal, condition: str
) -> None:
    # Every visit of these tests is looked through for this; here are some of each kind.
    result = await rehearsal.visit(rehearsal.add(condition), patience=replace(QUICK, load=1.5))
    assert FAILURE.match(result.reason), result.reason
    assert ADVICE.search(result.next_step), result.next_step
    assert result.why


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.1", "::", "exemplar.test"])  # noqa: S104
def test_promise_13_a_practice_site_is_for_this_machine_only(rehearsal: Rehearsal, host: str) -> None:
    with pytest.raises(UsageProblem, match="this machine only"), serve(rehearsal.server.site, host=host):
        pass


@pytest.mark.parametrize("condition", ["", "absent-404", "challenge-captcha"])
async def test_promise_13_every_picture_made_there_says_so(rehearsal: Rehearsal, condition: str) -> None:
    result = await rehearsal.visit(rehearsal.add(*filter(None, [condition])))
    assert result.evidence
    pictures = sorted(result.evidence.glob("*.png"))
    assert pictures
    for file in pictures:
        with Image.open(file) as picture:
            assert picture.convert("RGB").getpixel((2, 2)) == WARNING, file.name
    assert result.practice


async def test_promise_13_a_practice_site_carries_no_name_of_the_platform(
    rehearsal: Rehearsal, fenced_browser: OpenBrowser
) -> None:
    await rehearsal.visit(rehearsal.add(), may_change=False)
    setting = rehearsal.flow.settings[0]
    assert setting.listing
    shown = []
    for session, places in (
        (None, [rehearsal.flow.sign_in.path]),
        (rehearsal.session, ["/feed/", *setting.places, setting.listing.path, "/nowhere"]),
    ):
        context = await fenced_browser.new_context(session)
        page = await context.new_page()
        for place in places:
            await page.goto(f"{rehearsal.server.origin}{place}")
            shown.append(f"{await page.title()} {await page.inner_text('body')}")
        await context.close()
    assert [text for text in shown if re.search(rehearsal.flow.title, text, re.IGNORECASE)] == []
    assert all("practice" in text.casefold() for text in shown)


async def _kept(rehearsal: Rehearsal, home: Home, account: PracticeAccount, **facts: Any) -> None:
    """A visit whose result goes to a ledger, as a run's does."""
    with open_ledger(home) as ledger:
        visit_id = start_visit(
            ledger,
            start_run(ledger, "run", at=datetime.now(UTC)),
            Account("linkedin", account.login),
            origin=rehearsal.server.origin,
            practice=True,
            mode=Mode.AUTOMATIC,
            flow_version="2026-11-01",
            browser="",
            at=datetime.now(UTC),
        )

        def keep(result: Result) -> None:
            rehearsal.results.append(result)
            record_result(ledger, visit_id, result, home.evidence)

        await rehearsal.visit(
            account, on_result=keep, visit=visit_id, folder=home.evidence / account.login, **facts
        )


def _found(secrets: Iterable[str], texts: list[bytes]) -> list[str]:
    """The secrets that stand in a text, in any spelling that programs use."""
    return [
        f"{secret!r} in {text[:60]!r}"
        for secret in secrets
        for way in (
            secret.encode(),
            secret.encode("utf-16-le"),
            quote(secret).encode(),
            base64.b64encode(secret.encode()).rstrip(b"="),
            secret[::-1].encode(),
        )
        for text in texts
        if way in text
    ]


def _store(folder: Path) -> SessionStore:
    command = f"{sys.executable} -c \"print('k' * 44)\""
    keys = KeySource(
        KeyringStore(environ={"OPTOUT_KEYRING_BACKEND": "keyring.backends.null.Keyring"}),
        environ={"OPTOUT_KEY_COMMAND": command},
    )
    return SessionStore(folder / "sessions", keys, b"s" * 32)


def _visitor(home: Home, *args: str) -> subprocess.Popen[str]:
    module = [sys.executable, "-m", "tests.visit.visitor", str(home.data)]
    return subprocess.Popen([*module, *args], stdout=subprocess.PIPE, text=True, cwd=ROOT)


def _killed_after(visitor: subprocess.Popen[str], seconds: float) -> tuple[str, set[str]]:
    """Kill a visitor this long after it was ready.

    Returns:
        The run's id, and the logins of the results it said it had kept.
    """
    with visitor:
        assert visitor.stdout
        _, run_id = visitor.stdout.readline().split()
        time.sleep(seconds)
        visitor.kill()
        lines = [line.split() for line in visitor.stdout.read().splitlines(keepends=True)]
    # The last line may have been cut off in the middle of a word.
    return run_id, {words[1] for words in lines if len(words) == 3 and words[0] == "done"}


def _assert_whole(home: Home, runs: list[str], said: set[str]) -> None:
    """Nothing that was proven is lost, and nothing half-done is in view."""
    with open_ledger(home) as ledger:
        results = [result for run in runs for result in results_of(ledger, run, home.evidence)]
        assert len(open_visits(ledger)) <= len(runs)
    assert said <= {result.target.account.login for result in results}
    for result in results:
        assert result.evidence
        assert check_bundle(result.evidence).digest == result.evidence_digest
    for record in home.evidence.rglob("record.json"):
        if not any(part.startswith(".") for part in record.relative_to(home.evidence).parts):
            check_bundle(record.parent)
    sweep_drafts(home.evidence, time.time() + 7200)
    assert [path for path in home.evidence.rglob("*") if path.name.startswith(".")] == []
