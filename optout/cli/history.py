"""`optout history`: every reading of one setting of one account."""

from __future__ import annotations

import click

from optout.cli.bringing import bring
from optout.cli.one_target import one_target
from optout.cli.options import json_option
from optout.home import Home
from optout.ledger.history import looks_at
from optout.ledger.open import open_ledger
from optout.report.history import history_object, history_text
from optout.report.machine import as_json as to_json
from optout.watch.history import entries


@click.command(
    epilog="""\b
Example:
  optout history linkedin/ai-training:ada@example.org"""
)
@click.argument("target")
@json_option
def history(target: str, *, as_json: bool) -> None:
    """Every reading of a setting, with its date and its picture.

    Each says what was different from the one before. An account that is no longer on the list, or whose
    platform is no longer known, keeps its history. Readings on practice sites say so.
    """
    wanted = one_target(target)
    home = Home.of_user()
    with open_ledger(home) as ledger:
        looks = looks_at(ledger, wanted)
        bring(home, ledger, only={look.evidence for look in looks if look.evidence})
        found = entries(looks, home.evidence)
    if as_json:
        click.echo(to_json([history_object(entry) for entry in found]))
    elif found:
        click.echo(history_text(found))
    else:
        look = f"optout check {wanted}"
        click.echo(f"{wanted} was never looked at. Look now: {look}", err=True)
