"""`optout account add` and `optout account remove`."""

from __future__ import annotations

import datetime
import os
import shutil
from typing import TYPE_CHECKING

import click

from optout.accounts.command import parse_command
from optout.accounts.keyring_store import Kept, Usable
from optout.accounts.keys import COMMAND
from optout.accounts.logins import parse_login
from optout.campaign.by_hand import instead
from optout.campaign.platforms import find_platform
from optout.cli.options import installed_flows, surroundings
from optout.cli.secrets import ask_secrets, forget_secrets, keep_secrets
from optout.errors import UsageProblem
from optout.ledger.accounts import ListedAccount, add_account, find_account, remove_account
from optout.model import Account, SecretKind, SecretSource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optout.campaign.surroundings import Surroundings


@click.command(
    epilog="""\b
Examples:
  optout account add linkedin ada@example.org
  optout account add linkedin ada@example.org --password --totp
  optout account add linkedin ada@example.org --password-command 'pass show li/ada'"""
)
@click.argument("platform")
@click.argument("login")
@click.option(
    "--password", is_flag=True, help="Ask for the password (or read a line) and keep it in the keyring."
)
@click.option("--totp", is_flag=True, help="Ask for the authenticator's seed and keep it there too.")
@click.option("--password-command", metavar="CMD", help="A program that prints the password.")
@click.option("--totp-command", metavar="CMD", help="A program that prints a code or the seed.")
@click.pass_context
def add(
    ctx: click.Context,
    platform: str,
    login: str,
    *,
    password: bool,
    totp: bool,
    password_command: str | None,
    totp_command: str | None,
) -> None:
    """Add an account, or change where its secrets come from.

    Without options no secret is stored: you sign in yourself (optout sign-in). A program is run at
    each visit, without a shell; its output is never stored. Of an account that is listed already,
    what no option names stays as it is.
    """
    there = find_platform(installed_flows(ctx), platform)
    added = Account(there.name, parse_login(login))
    named = {
        Kept.PASSWORD: _source(password, password_command, "password"),
        Kept.TOTP_SEED: _source(totp, totp_command, "totp"),
    }
    by_hand = "" if there.flow else instead(there, there.settings[0], added.login)
    if by_hand and any(named.values()):
        raise UsageProblem(
            f"optout never signs in to {there.title}, so it needs no secret of yours",
            next_step=f"Leave the option out. {by_hand}",
        )
    with surroundings() as around:
        before = _sources(find_account(around.ledger, added))
        after = {kept: source or before[kept] for kept, source in named.items()}
        asked = [kept for kept, source in named.items() if source and source.kind is SecretKind.KEYRING]
        keep_secrets(around.keyring, added, ask_secrets(around.keyring, added, asked))
        new = add_account(
            around.ledger,
            added,
            at=datetime.datetime.now(datetime.UTC),
            password=after[Kept.PASSWORD],
            totp=after[Kept.TOTP_SEED],
        )
        forget_secrets(around.keyring, added, _left(before, after))
        hint = "" if after[Kept.PASSWORD].kind is not SecretKind.NONE else _hint(around, added)
    click.echo(f"{'Added' if new else 'Changed'} {added}.")
    if there.terms:
        click.echo(f"{there.title}'s terms: {there.terms}", err=True)
    click.echo(by_hand or hint or f"Next: optout check {added}", err=True)


def _source(asked: bool, command: str | None, what: str) -> SecretSource | None:
    """The source that the options name, or None where they name none."""
    if asked and command is not None:
        raise UsageProblem(
            f"--{what} and --{what}-command exclude each other",
            next_step="Give the one that is to be used from now on.",
        )
    if command is not None:
        words = parse_command(command)
        if shutil.which(words[0]) is None:
            click.echo(f'There is no program "{words[0]}" here yet; visits will need it.', err=True)
        return SecretSource(SecretKind.COMMAND, words)
    return SecretSource(SecretKind.KEYRING) if asked else None


def _sources(listed: ListedAccount | None) -> Mapping[Kept, SecretSource]:
    if listed is None:
        return {Kept.PASSWORD: SecretSource(), Kept.TOTP_SEED: SecretSource()}
    return {Kept.PASSWORD: listed.password, Kept.TOTP_SEED: listed.totp}


def _left(before: Mapping[Kept, SecretSource], after: Mapping[Kept, SecretSource]) -> list[Kept]:
    """What was in the keyring and is not looked for there any more."""
    keyring = SecretKind.KEYRING
    return [kept for kept in before if before[kept].kind is keyring and after[kept].kind is not keyring]


def _hint(around: Surroundings, added: Account) -> str:
    """How to sign in without a password here: only with a key can a session be kept."""
    if os.environ.get(COMMAND) or isinstance(around.keyring.check(), Usable):
        return f"Next: optout sign-in {added.platform} {added.login}"
    return (
        f"Next: optout run {added} --mode attended. A session cannot be kept here, so you will sign "
        "in at each visit; why, and what to do: optout doctor"
    )


@click.command(
    epilog="""\b
Example:
  optout account remove linkedin ada@example.org"""
)
@click.argument("platform")
@click.argument("login")
def remove(platform: str, login: str) -> None:
    """Forget an account, its secrets and its sessions. What was proven stays."""
    gone = Account(platform, parse_login(login))
    with surroundings() as around:
        listed = find_account(around.ledger, gone)
        if listed is None:
            raise UsageProblem(
                f"{gone} is not in the list of accounts", next_step="See: optout account list"
            )
        forget_secrets(around.keyring, gone, _left(_sources(listed), _sources(None)))
        around.sessions.remove(gone)
        remove_account(around.ledger, gone)
    click.echo(f"Removed {gone}. Its evidence stays where it is.")
