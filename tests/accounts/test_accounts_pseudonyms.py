"""What evidence calls people: nothing that tells who they are, and always the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout.accounts.logins import account_folder, masked_name
from optout.accounts.pseudonyms import Pseudonyms, without_names
from optout.model import Account, Target

NAMES = Pseudonyms(b"k" * 32)
ADA = Account("linkedin", "ada.lovelace@example.org")


def test_an_account_is_called_what_its_folder_is_called() -> None:
    assert account_folder(ADA, NAMES.key) == f"linkedin/{NAMES.of_account(ADA)}"


def test_a_person_is_not_called_what_an_account_of_that_name_is() -> None:
    assert NAMES.of_person("github", "ada") != NAMES.of_account(Account("github", "ada"))
    assert NAMES.of_person("github", "ada") != NAMES.of_person("linkedin", "ada")


def test_nobody_has_no_pseudonym() -> None:
    assert NAMES.of_person("github", "") == ""


def test_another_installation_calls_the_same_account_otherwise() -> None:
    assert Pseudonyms(b"x" * 32).of_account(ADA) != NAMES.of_account(ADA)


def test_the_key_does_not_show() -> None:
    assert "kkkk" not in repr(NAMES)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Ada Lovelace", "A*** L***e"), ("山田太郎", "山***"), ("ada@example.org", "a***@example.org")],
)
def test_a_name_shows_its_ends_at_most(name: str, shown: str) -> None:
    assert masked_name(name) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            f"Switch it off with: optout run {ADA}",
            "Switch it off with: optout run linkedin:a***e@example.org",
        ),
        (f"{Target(ADA, 'ai-training')} is in", "linkedin/ai-training:a***e@example.org is in"),
        ("/users/ada.lovelace%40example.org/x", "/users/a***e@example.org/x"),
        ("Ada.Lovelace@Example.org", "a***e@example.org"),
        ('found "Ada Lovelace"', 'found "A*** L***e"'),
        ("Adas Lovelaces", "Adas Lovelaces"),
    ],
)
def test_logins_and_names_are_masked_in_texts(text: str, shown: str) -> None:
    assert without_names(text, ADA, ["Ada Lovelace"]) == shown


def test_a_login_that_is_an_ordinary_word_spoils_no_sentence() -> None:
    account = Account("github", "in")
    assert without_names("the setting is in; optout run github:in", account) == (
        "the setting is in; optout run github:i***"
    )


@given(
    login=st.from_regex(r"[a-z0-9.+-]{2,20}@[a-z]{2,8}\.org", fullmatch=True),
    sentence=st.sampled_from(["{}", "of {}, again", '"{}"', "run linkedin/x:{}", "({}).", "/u/{}/y"]),
)
def test_no_address_survives_in_a_sentence(login: str, sentence: str) -> None:
    assert login not in without_names(sentence.format(login), Account("linkedin", login))
