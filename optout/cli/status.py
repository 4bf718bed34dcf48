"""`optout status`: what is known of every account and setting."""

from __future__ import annotations

import datetime

import click

from optout.cli.options import json_option
from optout.home import Home
from optout.ledger.open import open_ledger
from optout.ledger.status import status as read_status
from optout.report.machine import as_json as to_json
from optout.report.machine import status_object
from optout.report.plain import status_text


@click.command(
    epilog="""\b
Examples:
  optout status
  optout status --json"""
)
@json_option
def status(*, as_json: bool) -> None:
    """Every account and setting: reading, since when, last proof.

    Visits to practice sites are listed too and say so; they never count for the platform itself.
    """
    home = Home.of_user()
    with open_ledger(home) as ledger:
        rows = read_status(ledger, practice=True)
    if as_json:
        click.echo(to_json([status_object(row, home.evidence) for row in rows]))
    elif rows:
        click.echo(status_text(rows, home.evidence, datetime.datetime.now(datetime.UTC)))
    else:
        click.echo("No accounts yet. Add one: optout account add linkedin ada@example.org", err=True)
