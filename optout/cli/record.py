"""`optout record`: a person's word that they opted out by hand, kept as what it is."""

from __future__ import annotations

from pathlib import Path

import click

from optout.campaign.claims import record_claim
from optout.cli.meant import METAVAR, meant_by
from optout.cli.options import json_option, surroundings
from optout.errors import UsageProblem
from optout.model import Account
from optout.report.machine import as_json as to_json
from optout.report.machine import result_object


@click.command(
    epilog="""\b
Examples:
  optout record cursor/privacy-mode:ada@example.org --screenshot privacy-mode.png
  optout record slack:ada@example.org --sent --note 'our owner has sent it'"""
)
@click.argument("target", metavar=METAVAR)
@click.option(
    "--screenshot",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A picture of the setting as it is now. Of the file only what it shows is kept.",
)
@click.option("--note", default="", metavar="TEXT", help="What you want to add, in your own words.")
@click.option("--sent", is_flag=True, help="For letters and forms: it is sent, and not confirmed yet.")
@json_option
@click.pass_context
def record(
    ctx: click.Context, target: str, *, screenshot: Path | None, note: str, sent: bool, as_json: bool
) -> None:
    """Keep your word, and your screenshot, that you opted out by hand.

    What optout has not seen it does not call proven: the outcome is "claimed", in the evidence, in the
    status and in every report.
    """
    meant = meant_by(ctx, target)
    if not meant.login:
        raise UsageProblem(
            "whose account it is, is not said", next_step=f"Name it: optout record {meant.target} …"
        )
    account = Account(meant.platform.name, meant.login)
    with surroundings() as around:
        result = record_claim(
            around,
            meant.platform,
            meant.setting,
            account,
            tell=lambda sentence: click.echo(sentence, err=True),
            screenshot=screenshot,
            note=note,
            sent=sent,
        )
    if as_json:
        click.echo(to_json(result_object(result)))
        return
    click.echo(f"Recorded as claimed, which is less than proven: {result.target}")
    click.echo(f"    evidence: {result.evidence}")
    if result.next_step:
        click.echo(result.next_step, err=True)
