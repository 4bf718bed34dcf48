"""`optout account secrets`."""

from __future__ import annotations

import shutil

import click

from optout.accounts.group_commands import parse_group_command
from optout.campaign.platforms import find_platform
from optout.cli.options import installed_flows, known_group
from optout.errors import UsageProblem
from optout.home import Home
from optout.ledger.group_secrets import (
    GroupSecrets,
    group_secrets,
    list_group_secrets,
    set_group_secrets,
)
from optout.ledger.open import open_ledger
from optout.model import SecretSource
from optout.report.cells import visible


@click.command(
    epilog="""\b
Examples:
  optout account secrets
  optout account secrets linkedin --group sales --password-command 'pass show staff/{login}'
  optout account secrets linkedin --group sales --totp-command 'op read op://Staff/{login}/otp'
  optout account secrets linkedin --group sales --forget"""
)
@click.argument("platform", required=False)
@click.option("--group", metavar="GROUP", help="Whose accounts there.")
@click.option("--password-command", metavar="CMD", help="A program that prints an account's password.")
@click.option("--totp-command", metavar="CMD", help="A program that prints a code or the seed.")
@click.option("--forget", is_flag=True, help="Keep no command for this group there any more.")
@click.pass_context
def secrets(
    ctx: click.Context,
    *,
    platform: str | None,
    group: str | None,
    password_command: str | None,
    totp_command: str | None,
    forget: bool,
) -> None:
    """Where the passwords of a whole group come from.

    A program is run at each visit, without a shell; {login} and {platform} in its arguments stand for
    the account's own, and its output is never stored. An account that has a source of its own keeps it.
    Without options the commands that are kept are shown.
    """
    commands = {"password": password_command, "totp": totp_command}
    changing = forget or any(commands.values())
    if changing and not (platform and group):
        raise UsageProblem(
            "it is not said whose secrets these are", next_step="Name a platform and a --group."
        )
    if forget and any(commands.values()):
        raise UsageProblem("a command is kept or forgotten, not both", next_step="Leave --forget out.")
    with open_ledger(Home.of_user()) as ledger:
        known_group(ledger, None if forget else group)
        if not (changing and platform and group):
            _show([each for each in list_group_secrets(ledger) if group in (None, each.group)])
            return
        there = find_platform(installed_flows(ctx), platform)
        before = group_secrets(ledger, there.name, group)
        password, totp = _source(password_command), _source(totp_command)
        set_group_secrets(
            ledger,
            GroupSecrets(
                there.name,
                group,
                password or (before.password if before and not forget else SecretSource()),
                totp or (before.totp if before and not forget else SecretSource()),
            ),
        )
    if forget and before is None:
        click.echo(f"There was none for {visible(group)} on {there.title}.", err=True)
    else:
        click.echo(f"{'Forgotten' if forget else 'Kept'} for {visible(group)} on {there.title}.")


def _source(command: str | None) -> SecretSource | None:
    if command is None:
        return None
    source = parse_group_command(command)
    if shutil.which(source.command[0]) is None:
        click.echo(f'There is no program "{source.command[0]}" here yet; visits will need it.', err=True)
    return source


def _show(kept: list[GroupSecrets]) -> None:
    for each in kept:
        # The program only: its arguments may say what and where the secret is.
        named = {"password": each.password.command[:1], "codes": each.totp.command[:1]}
        sources = ", ".join(f"{name}: {words[0]} …" for name, words in named.items() if words)
        click.echo(f"{each.platform} {visible(each.group)}  {sources}")
    if not kept:
        click.echo(
            "No group has a command for its secrets. See: optout account secrets --help", err=True
        )
