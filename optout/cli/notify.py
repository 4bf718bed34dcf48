"""`optout notify`: whom to tell when something is found."""

from __future__ import annotations

import datetime
import re
import sys
from collections import Counter
from typing import TYPE_CHECKING

import click

from optout.accounts.command import parse_command
from optout.accounts.keyring_store import NotUsable
from optout.accounts.secret import Secret
from optout.cli.options import json_option, surroundings
from optout.errors import NotUsableHere, SecretUnavailable, UsageProblem
from optout.ledger.notifications import (
    Channel,
    add_channel,
    list_channels,
    remove_channel,
    waiting,
)
from optout.model import ExitBit, SecretKind, SecretSource
from optout.report.machine import as_json as to_json
from optout.watch.notify.address import check_url, keyring_name, shown
from optout.watch.notify.outbox import send

if TYPE_CHECKING:
    from optout.accounts.keyring_store import KeyringStore

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_TEST = "This is only a test. What a scheduled run finds will be told here."


@click.group()
def notify() -> None:
    """Whom to tell when a scheduled check finds something.

    A message holds counts and the run's id: no address, no login, no secret.
    """


@notify.command(
    epilog="""\b
Examples:
  optout notify add
  optout notify add --name mail mailto://…
  optout notify add --name team --command 'pass show optout/slack'"""
)
@click.argument("url", required=False)
@click.option("--name", help="What to call it here. Default: the service's own name.")
@click.option(
    "--command", metavar="CMD", help="A program that prints the URL, for machines without a keyring."
)
def add(*, url: str | None, name: str | None, command: str | None) -> None:
    """Add somebody to be told: a mail address, a chat, a web hook.

    URL is any that Apprise knows (https://github.com/caronc/apprise/wiki). It is a secret and kept
    in the keyring; without one it is asked for, or read as a line, and does not end up in your
    shell's history.
    """
    if url and command is not None:
        raise UsageProblem("URL and --command exclude each other", next_step="Give one of them.")
    program = SecretSource(SecretKind.COMMAND, parse_command(command)) if command is not None else None
    with surroundings() as around:
        channels = {channel.name: channel for channel in list_channels(around.ledger)}
        secret = None if program else _asked(around.keyring, url)
        service = check_url(secret) if secret else ""
        name = _checked(name) if name else _free_name(service or "program", channels)
        if secret:
            around.keyring.set(keyring_name(name), secret)
        elif name in channels and channels[name].url.kind is SecretKind.KEYRING:
            _forget(around.keyring, name)
        source = program or SecretSource(SecretKind.KEYRING)
        add_channel(around.ledger, Channel(name, service, source, datetime.datetime.now(datetime.UTC)))
    click.echo(f"{'Changed' if name in channels else 'Added'} {name} ({shown(service)}).")
    if url:
        click.echo("The URL is in your shell's history now. Without one it is asked for.", err=True)
    click.echo(f"Next: optout notify test {name}", err=True)


def _asked(keyring: KeyringStore, url: str | None) -> Secret:
    """The URL that was given or is typed now; first of all, whether there is a place for it."""
    usable = keyring.check()
    if isinstance(usable, NotUsable):
        raise NotUsableHere(
            "there is no keyring to keep the URL in, so nothing was stored",
            step="notify",
            found=usable.reason,
            next_step="Name a program that prints it: optout notify add --command CMD",
        )
    if url is None and sys.stdin.isatty():
        url = str(click.prompt("URL", hide_input=True, err=True))
    elif url is None:
        url = sys.stdin.readline().strip()
    if not url:
        raise SecretUnavailable("no URL was typed", next_step="Nothing was stored; try again.")
    return Secret(url)


def _forget(keyring: KeyringStore, name: str) -> None:
    """Take a URL out of the keyring; where it cannot be asked, say what is left in it."""
    try:
        keyring.delete(keyring_name(name))
    except NotUsableHere as error:
        click.echo(
            f"The keyring cannot be asked ({error.found}): remove {keyring_name(name)} in its own "
            "program.",
            err=True,
        )


def _checked(name: str) -> str:
    if _NAME.fullmatch(name):
        return name
    raise UsageProblem(
        f'"{name[:40]}" cannot be the name of a channel',
        expected="small letters, digits, dot, dash and underscore, at most 40 of them",
    )


def _free_name(wanted: str, taken: dict[str, Channel]) -> str:
    names = [wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 2))]
    return next(name for name in names if name not in taken)


@notify.command(
    epilog="""\b
Example:
  optout notify test mail"""
)
@click.argument("name", required=False)
@click.pass_context
def test(ctx: click.Context, *, name: str | None) -> None:
    """Send a test message to one channel, or to all."""
    with surroundings() as around:
        channels = [each for each in list_channels(around.ledger) if name in (None, each.name)]
        if not channels:
            raise _unknown(name) if name else _none_yet()
        problems = 0
        for channel in channels:
            problem = send(channel, around.keyring, "optout: a test", _TEST)
            problems += bool(problem)
            said = f"not told: {problem}" if problem else "told"
            click.echo(f"{'✗' if problem else '✓'} {channel.name} ({shown(channel.service)}): {said}")
    ctx.exit(int(ExitBit.UNFORESEEN if problems else ExitBit.OK))


@notify.command(
    name="list",
    epilog="""\b
Example:
  optout notify list --json""",
)
@json_option
def list_(*, as_json: bool) -> None:
    """List who is told, without the secret part of any URL."""
    with surroundings() as around:
        channels = list_channels(around.ledger)
        undelivered = waiting(around.ledger)
    count = Counter(delivery.channel for delivery in undelivered)
    problems = {delivery.channel: delivery.problem for delivery in undelivered if delivery.problem}
    if as_json:
        click.echo(to_json([_as_object(each, count, problems) for each in channels]))
        return
    for each in channels:
        late = f", {count[each.name]} not delivered yet" if count[each.name] else ""
        click.echo(f"{each.name}  {shown(each.service)}  from the {each.url.kind}{late}")
        if problem := problems.get(each.name):
            click.echo(f"    last problem: {problem}")
    if not channels:
        click.echo(str(_none_yet()), err=True)


def _as_object(channel: Channel, count: Counter[str], problems: dict[str, str]) -> dict[str, object]:
    return {
        "name": channel.name,
        "service": channel.service or None,
        "source": channel.url.kind,
        "command": list(channel.url.command),
        "added": channel.added_at.isoformat(),
        "waiting": count[channel.name],
        "problem": problems.get(channel.name),
    }


@notify.command(
    epilog="""\b
Example:
  optout notify remove mail"""
)
@click.argument("name")
def remove(*, name: str) -> None:
    """Tell this one no more; its URL is taken out of the keyring."""
    with surroundings() as around:
        found = {channel.name: channel for channel in list_channels(around.ledger)}.get(name)
        if found is None:
            raise _unknown(name)
        if found.url.kind is SecretKind.KEYRING:
            _forget(around.keyring, name)
        remove_channel(around.ledger, name)
    click.echo(f"Removed {name}.")


def _unknown(name: str) -> UsageProblem:
    return UsageProblem(f'there is no channel "{name[:40]}"', next_step="See: optout notify list")


def _none_yet() -> UsageProblem:
    return UsageProblem("nobody is told yet", next_step="Add somebody: optout notify add")
