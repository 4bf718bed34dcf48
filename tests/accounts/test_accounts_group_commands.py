"""Commands of a group: one per account, whose words stay words."""

from __future__ import annotations

import pytest

from optout.accounts.credentials import Credentials
from optout.accounts.group_commands import either, filled_in, parse_group_command
from optout.errors import SecretUnavailable, UsageProblem
from optout.model import Account, SecretKind, SecretSource, Why

ADA = Account("linkedin", "ada@example.org")


def test_each_account_has_its_own_words_filled_in() -> None:
    source = parse_group_command("op read 'op://Staff/{platform} {login}/password'")
    assert filled_in(source.command, ADA) == (
        "op",
        "read",
        "op://Staff/linkedin ada@example.org/password",
    )


def test_what_a_shell_would_run_is_one_word() -> None:
    rogue = Account("linkedin", "$(touch${IFS}gone);`x`&&y")
    assert filled_in(("echo", "{login}"), rogue) == ("echo", rogue.login)
    credentials = Credentials(
        rogue, password=either(SecretSource(), parse_group_command("echo {login}"))
    )
    secret = credentials.password()
    assert secret.reveal() == rogue.login
    credentials.forget()
    secret.forget()


@pytest.mark.parametrize(
    ("command", "login"), [("pass show {login}", "--help"), ("cat /secrets/{login}", "..")]
)
def test_a_login_is_no_option_and_no_way_to_anothers_secret(command: str, login: str) -> None:
    with pytest.raises(SecretUnavailable) as refused:
        filled_in(parse_group_command(command).command, Account("linkedin", login))
    assert refused.value.why is Why.NO_CREDENTIALS


@pytest.mark.parametrize("command", ["pass show shared", "{login} show", "{platform}-pass {login}", ""])
def test_a_command_that_could_not_be_any_accounts_own_is_refused(command: str) -> None:
    with pytest.raises(UsageProblem):
        parse_group_command(command)


def test_an_accounts_own_source_is_used_before_its_groups() -> None:
    own = SecretSource(SecretKind.KEYRING)
    of_group = parse_group_command("echo {login}")
    assert either(own, of_group) is own
    assert either(SecretSource(), SecretSource()).kind is SecretKind.NONE
    assert either(SecretSource(), None).kind is SecretKind.NONE
