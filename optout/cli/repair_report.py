"""`optout repair-report`: what a flow's author needs to know about a page that changed."""

from __future__ import annotations

from pathlib import Path

import click

from optout.campaign.targets import find_flow
from optout.cli.one_target import one_target
from optout.cli.options import installed_flows
from optout.home import Home
from optout.ledger.history import looks_at
from optout.ledger.identities import pinned_identity
from optout.ledger.open import open_ledger
from optout.watch.repair import repair_report as report_on


@click.command(
    epilog="""\b
Example:
  optout repair-report linkedin/ai-training:ada@example.org --to report"""
)
@click.argument("target")
@click.option(
    "--to",
    "folder",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write it. Default: a new folder here, named after the setting.",
)
@click.pass_context
def repair_report(ctx: click.Context, target: str, *, folder: Path | None) -> None:
    """Write down what a flow's author needs to repair it.

    It is made from the last page that could not be read, and says which step failed, what was looked
    for and what was there, with names masked and a picture too coarse to read. Nothing is sent: read it,
    and attach it to a bug report if you want to.
    """
    wanted = one_target(target)
    flow = find_flow(installed_flows(ctx), wanted.account.platform)
    home = Home.of_user()
    with open_ledger(home) as ledger:
        looks = looks_at(ledger, wanted)
        origins = {look.origin for look in looks}
        people = {pinned_identity(ledger, wanted.account, origin) or "" for origin in origins}
    made = report_on(flow, wanted, looks, home.evidence, people)
    for path in made.write(folder or Path(f"repair-{flow.name}-{wanted.setting}")):
        click.echo(path)
    click.echo("Nothing was sent. Read it before you attach it to a bug report.", err=True)
