"""Commands that print the secrets of a group: kept as a pattern, filled in for each account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.accounts.command import parse_command
from optout.errors import SecretUnavailable, UsageProblem
from optout.model import SecretKind, SecretSource, Why

if TYPE_CHECKING:
    from optout.model import Account

LOGIN, PLATFORM = "{login}", "{platform}"
_ESCAPING = (".", "..")


class OfGroup(SecretSource):
    """A command of a group, with marks in its arguments that stand for the account."""


def either(own: SecretSource, of_group: SecretSource | None) -> SecretSource:
    """An account's own source, or its group's where it has none."""
    if own.kind is not SecretKind.NONE or of_group is None or not of_group.command:
        return own
    return OfGroup(of_group.kind, of_group.command)


def parse_group_command(text: str) -> SecretSource:
    """A command for a group, such as `op read op://Staff/{login}/password`.

    Raises:
        UsageProblem: it is no command, its program depends on the account, or it is the same for all.
    """
    words = parse_command(text)
    if any(mark in words[0] for mark in (LOGIN, PLATFORM)):
        raise UsageProblem(
            "the program itself cannot depend on the account",
            next_step=f"Put {LOGIN} into its arguments only.",
        )
    if not any(LOGIN in word for word in words):
        raise UsageProblem(
            "the command is the same for every account of the group, and each has its own secret",
            expected=f"{LOGIN} in one of its arguments",
            next_step="For example: --password-command 'op read op://Staff/{login}/password'",
        )
    return SecretSource(SecretKind.COMMAND, words)


def filled_in(command: tuple[str, ...], account: Account) -> tuple[str, ...]:
    """A group's command for one account: its words stay words, whatever the login holds.

    Raises:
        SecretUnavailable: the login would be an option of the program, or lead to another's secret.
    """
    words = []
    for word in command:
        said = word.replace(PLATFORM, account.platform).replace(LOGIN, account.login)
        # What a roster says must not become an option of a password manager.
        if (said.startswith("-") and not word.startswith("-")) or (
            LOGIN in word and account.login in _ESCAPING
        ):
            raise SecretUnavailable(
                f"the group's command cannot be filled in for {account}",
                step="sign-in",
                expected="a login that is no option and no folder",
                next_step=f"Give this account its own: optout account add {account.platform} "
                f"{account.login} --password-command …",
                why=Why.NO_CREDENTIALS,
            )
        words.append(said)
    return tuple(words)
