"""Asking for an account's secrets, and moving them into the keyring and out of it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from optout.accounts.keyring_store import Kept, NotUsable, secret_name
from optout.accounts.secret import Secret
from optout.accounts.seeds import parse_seed
from optout.errors import NotUsableHere, SecretUnavailable, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from optout.accounts.keyring_store import KeyringStore
    from optout.model import Account

_SHOWN = {Kept.PASSWORD: "Password", Kept.TOTP_SEED: "Authenticator seed"}


def ask_secrets(keyring: KeyringStore, account: Account, wanted: Sequence[Kept]) -> dict[Kept, Secret]:
    """Ask for secrets on the terminal, or take one line each from what is piped in.

    Args:
        keyring: where they are to go.
        account: whose.
        wanted: which.

    Raises:
        NotUsableHere: they could not be kept, so nothing was asked for.
        SecretUnavailable: nothing was typed.
        UsageProblem: what was typed is not a seed.
    """
    if not wanted:
        return {}
    usable = keyring.check()
    if isinstance(usable, NotUsable):
        raise NotUsableHere(
            "there is no keyring to keep it in, so nothing was asked for",
            step="account",
            found=usable.reason,
            next_step=usable.next_step,
        )
    if Kept.TOTP_SEED in wanted:
        click.echo(
            "Keeping password and authenticator seed side by side turns two factors into one.",
            err=True,
        )
    secrets = {kept: _ask(f"{_SHOWN[kept]} of {account}") for kept in wanted}
    if seed := secrets.get(Kept.TOTP_SEED):
        _check_seed(seed)
    return secrets


def keep_secrets(keyring: KeyringStore, account: Account, secrets: Mapping[Kept, Secret]) -> None:
    """Put secrets into the keyring.

    Raises:
        NotUsableHere: it refuses.
        SecretUnavailable: it took one and does not have it.
    """
    for kept, secret in secrets.items():
        keyring.set(secret_name(account, kept), secret)


def forget_secrets(keyring: KeyringStore, account: Account, kept: Sequence[Kept]) -> None:
    """Take secrets out of the keyring; where it cannot be asked, say what is left in it."""
    for each in kept:
        name = secret_name(account, each)
        try:
            keyring.delete(name)
        except NotUsableHere as error:
            click.echo(
                f"The keyring cannot be asked ({error.found}): remove {name} in its own program.",
                err=True,
            )


def _ask(prompt: str) -> Secret:
    if sys.stdin.isatty():
        text = str(click.prompt(prompt, hide_input=True, err=True))
    else:
        text = sys.stdin.readline().rstrip("\r\n")
    if not text:
        raise SecretUnavailable(
            f"{prompt}: nothing was typed", next_step="Nothing was stored; try again."
        )
    return Secret(text)


def _check_seed(seed: Secret) -> None:
    try:
        parse_seed(seed).key.forget()
    except ValueError as error:
        raise UsageProblem(
            "that is not the seed of an authenticator",
            step="account",
            expected="the letters and digits shown when it is set up, or its otpauth:// address",
            found=str(error),
            next_step="Nothing was stored; try again.",
        ) from None
