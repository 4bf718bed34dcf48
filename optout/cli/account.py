"""`optout account`: add, list, remove."""

from __future__ import annotations

import datetime
import sys
from typing import TYPE_CHECKING

import click

from optout.accounts.command import parse_command
from optout.accounts.keyring_store import Kept, NotUsable, secret_name
from optout.accounts.logins import parse_login
from optout.accounts.secret import Secret
from optout.accounts.seeds import parse_seed
from optout.campaign.targets import find_flow
from optout.cli.options import installed_flows, json_option, surroundings
from optout.errors import NotUsableHere, SecretUnavailable, UsageProblem
from optout.ledger.accounts import ListedAccount, add_account, list_accounts, remove_account
from optout.ledger.status import status
from optout.model import Account, SecretKind, SecretSource
from optout.report.machine import as_json as to_json

if TYPE_CHECKING:
    from optout.campaign.surroundings import Surroundings


@click.group()
def account() -> None:
    """Add, list and remove accounts."""


@account.command(
    epilog="""\b
Examples:
  optout account add linkedin ada@example.org
  optout account add linkedin ada@example.org --password --totp
  optout account add linkedin ada@example.org --password-command 'pass show li/ada'"""
)
@click.argument("platform")
@click.argument("login")
@click.option("--password", is_flag=True, help="Ask for the password and keep it in the keyring.")
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

    Without options nothing is stored: you sign in yourself (optout sign-in). A program is run at
    each visit, without a shell; its output is never stored.
    """
    flow = find_flow(installed_flows(ctx), platform)
    added = Account(flow.name, parse_login(login))
    with surroundings() as around:
        sources = {
            Kept.PASSWORD: _source(password, password_command, "password"),
            Kept.TOTP_SEED: _source(totp, totp_command, "totp"),
        }
        _keep(around, added, sources)
        new = add_account(
            around.ledger,
            added,
            at=datetime.datetime.now(datetime.UTC),
            password=sources[Kept.PASSWORD],
            totp=sources[Kept.TOTP_SEED],
        )
    click.echo(f"{'Added' if new else 'Changed'} {added}.")
    click.echo(f"{flow.title}'s terms: {flow.terms}", err=True)
    if sources[Kept.PASSWORD].kind is SecretKind.NONE:
        click.echo(f"Next: optout sign-in {added.platform} {added.login}", err=True)


def _source(asked: bool, command: str | None, what: str) -> SecretSource:
    if asked and command:
        raise UsageProblem(f"--{what} and --{what}-command exclude each other")
    if command:
        return SecretSource(SecretKind.COMMAND, parse_command(command))
    return SecretSource(SecretKind.KEYRING if asked else SecretKind.NONE)


def _keep(around: Surroundings, added: Account, sources: dict[Kept, SecretSource]) -> None:
    wanted = [kept for kept, source in sources.items() if source.kind is SecretKind.KEYRING]
    if not wanted:
        return
    # Before anybody types a secret: say it if it could not be kept.
    usable = around.keyring.check()
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
    for kept in wanted:
        secret = _ask(f"{kept.replace('-', ' ').capitalize()} of {added}")
        if kept is Kept.TOTP_SEED:
            parse_seed(secret)
        around.keyring.set(secret_name(added, kept), secret)


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


@account.command(name="list")
@json_option
def list_(*, as_json: bool) -> None:
    """List the accounts and where their secrets come from."""
    with surroundings() as around:
        listed = list_accounts(around.ledger)
    if as_json:
        click.echo(to_json([_as_object(each) for each in listed]))
        return
    for each in listed:
        click.echo(f"{each.account}  password: {each.password.kind}, codes: {each.totp.kind}")
    if not listed:
        click.echo("No accounts yet. Add one: optout account add linkedin ada@example.org", err=True)


def _as_object(listed: ListedAccount) -> dict[str, object]:
    return {
        "platform": listed.account.platform,
        "account": listed.account.login,
        "password": listed.password.kind,
        "password_command": list(listed.password.command),
        "totp": listed.totp.kind,
        "totp_command": list(listed.totp.command),
        "added": listed.added_at.isoformat(),
    }


@account.command()
@click.argument("platform")
@click.argument("login")
def remove(platform: str, login: str) -> None:
    """Forget an account, its secrets and its sessions. What was proven stays."""
    gone = Account(platform, parse_login(login))
    with surroundings() as around:
        origins = {row.origin for row in status(around.ledger, [gone], practice=True) if row.origin}
        found = [each for each in list_accounts(around.ledger) if each.account == gone]
        if not found:
            raise UsageProblem(
                f"{gone} is not in the list of accounts", next_step="See: optout account list"
            )
        for kept, source in ((Kept.PASSWORD, found[0].password), (Kept.TOTP_SEED, found[0].totp)):
            if source.kind is SecretKind.KEYRING:
                around.keyring.delete(secret_name(gone, kept))
        for origin in origins:
            around.sessions.remove(gone, origin)
        remove_account(around.ledger, gone)
    click.echo(f"Removed {gone}. Its evidence stays where it is.")
