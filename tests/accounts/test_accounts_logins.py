from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout.accounts.logins import account_folder, masked, parse_login
from optout.errors import UsageProblem
from optout.model import Account

KEY = b"k" * 32


@pytest.mark.parametrize(
    "login",
    ["ada@example.org", "Ada.Lovelace+ai@example.co.uk", "+441234567890", "ada_lovelace", "jürgen"],
)
def test_addresses_numbers_and_user_names_are_logins(login: str) -> None:
    assert parse_login(f"  {login}\n") == login


def test_a_login_is_composed_so_that_two_ways_of_typing_it_are_one_account() -> None:
    assert parse_login("ju\u0308rgen") == "j\u00fcrgen"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "nothing"),
        (" \t", "nothing"),
        ("ada lovelace", "white space"),
        ("ada\u00a0lovelace", "white space"),
        ("ada:secret", "':'"),
        ("../ada", "'/'"),
        ("ada\0", "U+0000"),
        ("ada\x1b[2J", "U+001B"),
        ("ada\u202egro", "U+202E"),
        ("a\u200bda", "U+200B"),
        ("ada\ud800", "U+D800"),
        ("a" * 255, "255 characters"),
    ],
)
def test_what_cannot_be_a_login_is_refused_and_named(text: str, found: str) -> None:
    with pytest.raises(UsageProblem, match=re.escape(found)):
        parse_login(text)


def answer_to(text: str) -> str | UsageProblem:
    try:
        return parse_login(text)
    except UsageProblem as problem:
        return problem


@given(text=st.text(max_size=300))
def test_a_refusal_repeats_the_text_in_plain_ascii_only(text: str) -> None:
    answer = answer_to(text)
    if isinstance(answer, UsageProblem):
        assert str(answer).isascii()
        assert str(answer).isprintable()


@given(text=st.text(max_size=300))
def test_an_accepted_login_is_composed_and_accepted_again(text: str) -> None:
    answer = answer_to(text)
    if isinstance(answer, str):
        assert unicodedata.is_normalized("NFC", answer)
        assert parse_login(answer) == answer


@pytest.mark.parametrize(
    ("login", "shown"),
    [
        ("ada@example.org", "a***@example.org"),
        ("ada.lovelace@example.org", "a***e@example.org"),
        *(("+44123", "+***3"), ("ada", "a***")),
    ],
)
def test_a_masked_login_shows_its_ends_and_its_host(login: str, shown: str) -> None:
    assert masked(login) == shown


@given(login=st.text())
def test_no_login_becomes_part_of_a_path(login: str) -> None:
    folder = account_folder(Account("linkedin", login), KEY)
    assert re.fullmatch(r"linkedin/[0-9a-f]{20}", folder)


def test_a_folder_tells_nothing_without_the_key() -> None:
    account = Account("linkedin", "ada@example.org")
    assert account_folder(account, KEY) != account_folder(account, b"other" * 7)


def test_one_login_on_two_platforms_has_two_names() -> None:
    one, other = (account_folder(Account(name, "ada"), KEY) for name in ("linkedin", "other"))
    assert one.split("/")[1] != other.split("/")[1]


@pytest.mark.parametrize("platform", ["", "..", "a/b", "Linked", "a\n", "x" * 41, "C:", "\u202e"])
def test_a_platform_that_could_not_be_a_folder_is_refused(platform: str) -> None:
    with pytest.raises(UsageProblem, match="not a platform's name"):
        account_folder(Account(platform, "ada"), KEY)
