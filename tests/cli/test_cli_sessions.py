"""`optout sign-in` in a visible window, and the visits that its session lets through."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from optout_flows.linkedin.practice.site import site

from optout.model import ExitBit, Outcome, Why
from optout.practice.server import serve
from tests.cli.self_signing import self_signing
from tests.cli.shell import PASSWORD, Desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.shell import Ended, Shell

ADA = "ada@example.org"
WINDOW = ("xvfb-run", "-a")
KEY = {"OPTOUT_KEY_COMMAND": "echo a-key-of-more-than-32-random-characters"}

pytestmark = pytest.mark.skipif(not shutil.which("xvfb-run"), reason="needs the program xvfb-run")


@pytest.fixture
def desk(shell: Shell) -> Iterator[Desk]:
    """A site on which a person at the window signs in at once."""
    with serve(self_signing(site(), ADA, PASSWORD)) as server:
        desk = Desk(shell, server)
        desk.add(ADA, listed=False)
        yield desk


def sign_in(desk: Desk) -> Ended:
    ended = desk.shell.optout("sign-in", "linkedin", ADA, *desk.site, under=WINDOW, **KEY)
    assert ended.status == ExitBit.OK, ended
    return ended


def sealed(desk: Desk) -> Path:
    """The one sealed session."""
    (file,) = desk.shell.home.sessions.rglob("*.session")
    return file


def check(desk: Desk, *words: str, under: tuple[str, ...] = WINDOW, **environ: str) -> Any:
    """A check of the one account: how it ended, and its one result."""
    ended = desk.shell.optout("check", *desk.site, "--json", *words, under=under, **KEY | environ)
    (result,) = ended.data
    return ended, result


def test_the_person_signs_in_and_the_session_is_kept_sealed(desk: Desk) -> None:
    ended = sign_in(desk)
    assert ended.out == f"Signed in; the session of linkedin:{ADA} is kept, sealed.\n"
    assert f"Please sign in as {ADA} in the window" in ended.err
    assert f"Next: optout run linkedin:{ADA}" in ended.err
    assert ADA.encode() not in sealed(desk).read_bytes()


def test_another_process_checks_with_it_and_sends_no_credentials(desk: Desk) -> None:
    sign_in(desk)
    ada = desk.server.site.switchboard.find(ADA)
    assert ada is not None
    sent = ada.counters.credential_submissions
    ended, result = check(desk)
    assert (ended.status, result["outcome"]) == (ExitBit.STILL_IN, Outcome.STILL_IN), ended
    assert ada.counters.credential_submissions == sent


def test_a_session_of_another_browser_is_left_alone_and_that_is_said(desk: Desk) -> None:
    sign_in(desk)
    before = sealed(desk).read_bytes()
    ended, result = check(desk, "--headless", under=())
    assert (result["outcome"], result["why"]) == (Outcome.NEEDS_PERSON, Why.NO_CREDENTIALS)
    assert "was made in Chrome (" in ended.err
    assert "is not used in HeadlessChrome (" in ended.err
    assert sealed(desk).read_bytes() == before


def test_a_dead_session_needs_the_person_and_stays_as_it_was(desk: Desk) -> None:
    sign_in(desk)
    before = sealed(desk).read_bytes()
    ada = desk.server.site.switchboard.find(ADA)
    assert ada is not None
    ada.revoke_sessions()
    ended, result = check(desk)
    assert (ended.status, result["why"]) == (ExitBit.NEEDS_PERSON, Why.SIGNED_OUT)
    assert f"optout sign-in --site {desk.server.origin} linkedin {ADA}" in result["next"]
    assert sealed(desk).read_bytes() == before


def test_a_damaged_session_says_so_and_signing_in_again_mends_it(desk: Desk) -> None:
    sign_in(desk)
    sealed(desk).write_bytes(b"damaged")
    ended, result = check(desk)
    assert (ended.status, result["outcome"]) == (ExitBit.NEEDS_PERSON, Outcome.NEEDS_PERSON)
    assert "does not open" in result["reason"]
    assert "optout sign-in" in result["next"]
    sign_in(desk)
    assert check(desk)[1]["outcome"] == Outcome.STILL_IN


def test_with_another_key_the_session_stays_closed_and_whole(desk: Desk) -> None:
    sign_in(desk)
    before = sealed(desk).read_bytes()
    _, result = check(desk, OPTOUT_KEY_COMMAND="echo another-key-of-more-than-32-characters")
    assert (result["outcome"], result["why"]) == (Outcome.NEEDS_PERSON, Why.SIGNED_OUT)
    assert "with another key" in result["reason"]
    assert sealed(desk).read_bytes() == before


def test_without_credentials_a_run_opens_the_window_by_itself_and_opts_out(desk: Desk) -> None:
    desk.list(ADA, password=False)
    ended = desk.shell.optout("run", *desk.site, "--json", under=WINDOW)
    (result,) = ended.data
    assert (ended.status, result["outcome"]) == (ExitBit.OK, Outcome.OPTED_OUT), ended
    assert "Please sign in as" in ended.err
    assert "Sessions are not kept because" in ended.err
