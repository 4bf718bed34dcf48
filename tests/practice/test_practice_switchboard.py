"""The accounts of a practice site: added, found, counted, read from another thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from optout.errors import UsageProblem
from optout.practice.conditions import Condition
from optout.practice.sessions import Sessions
from optout.practice.switchboard import Counters, Switchboard

CONDITIONS = (
    Condition("captcha", "A captcha stands in the way.", "challenges"),
    Condition("save-refused", "Saving is refused.", "saving"),
    Condition("already-out", "The account begins opted out.", "setting", starts_out=True),
)


@pytest.fixture
def board() -> Switchboard:
    return Switchboard(CONDITIONS, languages=("en", "de"))


def test_an_added_account_is_found_by_its_login(board: Switchboard) -> None:
    account = board.add("ada", "pw", name="Ada Example", language="de")
    assert board.find("ada") is account


def test_an_unknown_condition_is_refused_with_the_nearest_names(board: Switchboard) -> None:
    with pytest.raises(UsageProblem) as refusal:
        board.add("ada", "pw", conditions=["save-refuse"])
    assert "save-refused" in refusal.value.next_step


def test_an_account_with_an_unknown_condition_is_not_added(board: Switchboard) -> None:
    with pytest.raises(UsageProblem):
        board.add("ada", "pw", conditions=["nonsense"])
    assert board.accounts == ()


def test_a_login_that_is_there_already_is_refused(board: Switchboard) -> None:
    board.add("ada", "pw")
    with pytest.raises(UsageProblem):
        board.add("ada", "other")


def test_a_language_the_site_does_not_speak_is_refused(board: Switchboard) -> None:
    with pytest.raises(UsageProblem, match="en, de"):
        board.add("ada", "pw", language="xx")


@pytest.mark.parametrize(
    ("conditions", "out", "begins_out"),
    [((), False, False), ((), True, True), (("already-out",), False, True)],
)
def test_an_account_begins_as_asked_or_as_its_condition_says(
    board: Switchboard, conditions: tuple[str, ...], out: bool, begins_out: bool
) -> None:
    assert board.add("ada", "pw", conditions=conditions, out=out).out is begins_out


def test_conditions_can_be_changed_and_what_is_stored_stays(board: Switchboard) -> None:
    account = board.add("ada", "pw", conditions=["captcha"], out=True)
    board.change_conditions("ada", ["save-refused"])
    assert (account.has("captcha"), account.has("save-refused"), account.out) == (False, True, True)


def test_conditions_of_an_unknown_login_cannot_be_changed(board: Switchboard) -> None:
    with pytest.raises(UsageProblem, match="no account nobody"):
        board.change_conditions("nobody", [])


def test_what_a_stranger_does_is_counted_for_nobody(board: Switchboard) -> None:
    account = board.add("ada", "pw")
    board.count("requests", None)
    board.count("credential_submissions", "unheard-of")
    assert board.anonymous == Counters(requests=1, credential_submissions=1)
    assert account.counters == Counters()


def test_no_count_is_lost_between_threads(board: Switchboard) -> None:
    account = board.add("ada", "pw")
    with ThreadPoolExecutor(8) as threads:
        for _ in range(2000):
            threads.submit(board.count, "requests", "ada")
    assert account.counters.requests == 2000


def test_neither_password_nor_seed_nor_code_is_in_an_accounts_text(board: Switchboard) -> None:
    account = board.add("ada", "correct-horse")
    secrets = ("correct-horse", account.totp, account.code)
    assert not [secret for secret in secrets if secret in repr(account)]


def test_revoking_ends_the_sessions_of_one_account_only(board: Switchboard) -> None:
    sessions = Sessions()
    ada, bob = board.add("ada", "pw"), board.add("bob", "pw")
    first, other = (sessions.open(who, landing="/", pending=[]) for who in (ada, bob))
    ada.revoke_sessions()
    later = sessions.open(ada, landing="/", pending=[])
    assert [first.live, other.live, later.live] == [False, True, True]


def test_a_session_with_something_pending_is_not_good_yet(board: Switchboard) -> None:
    session = Sessions().open(board.add("ada", "pw"), landing="/", pending=["captcha"])
    assert not session.live
