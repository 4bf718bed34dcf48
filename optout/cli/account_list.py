"""`optout account list`."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import click

from optout.accounts.group_commands import OfGroup, either
from optout.accounts.pseudonyms import Pseudonyms
from optout.cli.options import group_option, json_option, known_group, surroundings
from optout.ledger.accounts import ListedAccount, list_accounts
from optout.ledger.group_secrets import list_group_secrets
from optout.ledger.mandates import Mandate, mandates_of
from optout.report.machine import as_json as to_json

if TYPE_CHECKING:
    from optout.model import SecretSource


@click.command(
    name="list",
    epilog="""\b
Examples:
  optout account list --json
  optout account list --group sales""",
)
@group_option
@json_option
def list(*, group: str | None, as_json: bool) -> None:  # noqa: A001 - the command's name
    """List the accounts, whose they are, and where their secrets come from.

    With --json also what each account is called in the records of evidence and in the folders' names.
    """
    with surroundings() as around:
        known_group(around.ledger, group)
        listed, names = list_accounts(around.ledger, group=group), Pseudonyms(around.salt)
        mandates = mandates_of(around.ledger)
        shared = {(each.platform, each.group): each for each in list_group_secrets(around.ledger)}
    if as_json:
        found = [_as_object(each, names, mandates.get(each.account)) for each in listed]
        click.echo(to_json(found))
        return
    width = max((len(str(each.account)) for each in listed), default=0)
    for each in listed:
        of_group = shared.get((each.account.platform, each.group))
        facts = [
            f"password: {_source(each.password, of_group.password if of_group else None)}",
            f"codes: {_source(each.totp, of_group.totp if of_group else None)}",
        ]
        facts += [f"group: {each.group}"] if each.group else []
        facts += [] if each.own else [_mandate(mandates.get(each.account))]
        click.echo(f"{each.account!s:{width}}  {', '.join(facts)}")
    if not listed:
        click.echo("No accounts yet. Add one: optout account add linkedin ada@example.org", err=True)


def _source(own: SecretSource, of_group: SecretSource | None) -> str:
    used = either(own, of_group)
    return f"{used.kind} of its group" if isinstance(used, OfGroup) else used.kind


def _mandate(mandate: Mandate | None) -> str:
    if mandate is None:
        return "no mandate"
    holds = mandate.holds_at(datetime.datetime.now(datetime.UTC))
    return f"{'mandate' if holds else 'expired mandate'}: {mandate}"


def _as_object(listed: ListedAccount, names: Pseudonyms, mandate: Mandate | None) -> dict[str, object]:
    return {
        "platform": listed.account.platform,
        "account": listed.account.login,
        "pseudonym": names.of_account(listed.account),
        "password": listed.password.kind,
        "password_command": [*listed.password.command],
        "totp": listed.totp.kind,
        "totp_command": [*listed.totp.command],
        "added": listed.added_at.isoformat(),
        "name": listed.name or None,
        "group": listed.group or None,
        "own": listed.own,
        "mandate": mandate_object(mandate) if mandate else None,
    }


def mandate_object(mandate: Mandate) -> dict[str, object]:
    """A mandate as plain data."""
    return {
        "by": mandate.authorised_by,
        "on": mandate.given_on.isoformat(),
        "where": mandate.written_down,
        "until": mandate.until.isoformat() if mandate.until else None,
    }
