"""`optout sign-in` in a visible window, and the visits that its session lets through."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from optout_flows.linkedin.practice.site import site

from optout.model import ExitBit, Outcome, Why
from optout.practice.server import serve
from tests.cli.self_signing import self_signing
from tests.cli.shell import PASSWORD, Desk, Shell

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from optout.practice.switchboard import PracticeAccount
    from tests.cli.shell import Ended

ADA = "ada@example.org"
WINDOW = ("xvfb-run", "-a")
KEY = {"OPTOUT_KEY_COMMAND": "echo a-key-of-more-than-32-random-characters"}

pytestmark = pytest.mark.skipif(not shutil.which("xvfb-run"), reason="needs the program xvfb-run")


@dataclass(frozen=True)
class SignedIn:
    """An installation in which the account was signed in to once, and what was said then."""

    desk: Desk
    ended: Ended


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory, browsers: Path) -> Iterator[SignedIn]:
    """A site on which a person at the window signs in, which they do once."""
    with serve(self_signing(site(), ADA, PASSWORD)) as server:
        desk = Desk(Shell.at(tmp_path_factory.mktemp("signed-in"), browsers), server)
        desk.add(ADA, listed=False)
        yield SignedIn(desk, sign_in(desk))


@pytest.fixture
def desk(once: SignedIn, shell: Shell) -> Desk:
    """A copy of that installation."""
    shutil.copytree(once.desk.shell.home.data, shell.home.data)
    account(once.desk).out = False
    return Desk(shell, once.desk.server)


def account(desk: Desk) -> PracticeAccount:
    """The account as the site knows it."""
    (only,) = desk.server.site.switchboard.accounts
    return only


def sign_in(desk: Desk) -> Ended:
    return desk.shell.optout("sign-in", "linkedin", ADA, *desk.site, under=WINDOW, **KEY)


def sealed(desk: Desk) -> Path:
    """The one sealed session."""
    (file,) = desk.shell.home.sessions.rglob("*.session")
    return file


def check(desk: Desk, *words: str, under: tuple[str, ...] = WINDOW, **environ: str) -> Any:
    """A check of the one account: how it ended, and its one result."""
    ended = desk.shell.optout("check", *desk.site, "--json", *words, under=under, **KEY | environ)
    (result,) = ended.data
    return ended, result


def test_the_person_signs_in_and_the_session_is_kept_sealed(once: SignedIn) -> None:
    assert once.ended.status == ExitBit.OK, once.ended
    assert once.ended.out == f"Signed in; the session of linkedin:{ADA} is kept, sealed.\n"
    assert f"Please sign in as {ADA} in the window" in once.ended.err
    assert f"Next: optout run linkedin:{ADA}" in once.ended.err
    assert ADA.encode() not in sealed(once.desk).read_bytes()


def test_another_process_checks_with_it_and_sends_no_credentials(desk: Desk) -> None:
    sent = account(desk).counters.credential_submissions
    ended, result = check(desk)
    assert (ended.status, result["outcome"]) == (ExitBit.STILL_IN, Outcome.STILL_IN), ended
    assert account(desk).counters.credential_submissions == sent


def test_a_session_of_another_browser_is_left_alone_and_that_is_said(desk: Desk) -> None:
    before = sealed(desk).read_bytes()
    ended, result = check(desk, "--headless", under=())
    assert (result["outcome"], result["why"]) == (Outcome.NEEDS_PERSON, Why.NO_CREDENTIALS)
    assert "was made in Chrome (" in ended.err
    assert "is not used in HeadlessChrome (" in ended.err
    assert sealed(desk).read_bytes() == before


def test_a_dead_session_needs_the_person_and_stays_as_it_was(desk: Desk) -> None:
    before = sealed(desk).read_bytes()
    account(desk).revoke_sessions()
    ended, result = check(desk)
    account(desk).generation -= 1  # the other tests' sessions are good again
    assert (ended.status, result["why"]) == (ExitBit.NEEDS_PERSON, Why.SIGNED_OUT)
    assert f"optout sign-in --site {desk.server.origin} linkedin {ADA}" in result["next"]
    assert sealed(desk).read_bytes() == before


def test_a_damaged_session_says_so_and_signing_in_again_mends_it(desk: Desk) -> None:
    sealed(desk).write_bytes(b"damaged")
    ended, result = check(desk)
    assert (ended.status, result["outcome"]) == (ExitBit.NEEDS_PERSON, Outcome.NEEDS_PERSON)
    assert "does not open" in result["reason"]
    assert "optout sign-in" in result["next"]
    assert sign_in(desk).status == ExitBit.OK
    assert sealed(desk).read_bytes() != b"damaged"


def test_with_another_key_the_session_stays_closed_and_whole(desk: Desk) -> None:
    before = sealed(desk).read_bytes()
    _, result = check(desk, OPTOUT_KEY_COMMAND="echo another-key-of-more-than-32-characters")
    assert (result["outcome"], result["why"]) == (Outcome.NEEDS_PERSON, Why.SIGNED_OUT)
    assert "with another key" in result["reason"]
    assert sealed(desk).read_bytes() == before


def test_without_credentials_a_run_opens_the_window_by_itself_and_opts_out(
    once: SignedIn, shell: Shell
) -> None:
    desk = Desk(shell, once.desk.server)
    desk.list(ADA, password=False)
    account(desk).out = False
    ended = shell.optout("run", *desk.site, "--json", under=WINDOW)
    (result,) = ended.data
    assert (ended.status, result["outcome"]) == (ExitBit.OK, Outcome.OPTED_OUT), ended
    assert "Please sign in as" in ended.err
    assert "Sessions are not kept because" in ended.err
