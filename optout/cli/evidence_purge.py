"""`optout evidence purge`: removing what is too old."""

from __future__ import annotations

import datetime
import re

import click

from optout.campaign.closing import write_out
from optout.campaign.evidence_here import clear_store
from optout.cli.bringing import bring
from optout.cli.options import surroundings
from optout.errors import UsageProblem
from optout.evidence.layout import Layout
from optout.evidence.purge import old_bundles
from optout.evidence.purge import purge as purge_bundles

_AGE = re.compile(r"(\d{1,5})\s*(d|w|mo|y)")
_DAYS = {"d": 1, "w": 7, "mo": 30, "y": 365}


@click.command(
    epilog="""\b
Examples:
  optout evidence purge --older-than 24mo --dry-run
  optout evidence purge --older-than 2y --yes"""
)
@click.option(
    "--older-than",
    "age",
    required=True,
    metavar="AGE",
    help="Such as 90d, 26w, 24mo (of 30 days) or 2y (of 365).",
)
@click.option("--dry-run", is_flag=True, help="Only list what would be removed.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def purge(*, age: str, dry_run: bool, yes: bool) -> None:
    """Remove old bundles; signed tombstones keep the log whole.

    The ledger still knows what they proved; nobody else can check it any more.
    """
    before = datetime.datetime.now(datetime.UTC) - _age(age)
    with surroundings() as around:
        bring(around.home, around.ledger)
        layout = Layout(around.home.data)
        old = old_bundles(around.ledger, layout, before)
        for each in old:
            click.echo(each.entry.bundle)
        if not old or dry_run:
            click.echo(f"{len(old):,} bundles are older than {age}.", err=True)
            return
        key = around.signing.usable()
        if not yes:
            click.confirm(f"Remove these {len(old):,} bundles for good?", abort=True, err=True)
        purge_bundles(around.ledger, old, key)
        clear_store(around.recording.store, around.ledger, around.home)
        write_out(around, lambda message: click.echo(message, err=True))
    click.echo(f"{len(old):,} bundles were removed.", err=True)


def _age(text: str) -> datetime.timedelta:
    found = _AGE.fullmatch(text.strip().lower())
    if not found:
        raise UsageProblem(
            f"{text!a} is not an age",
            expected="a number and d, w, mo or y",
            next_step="Write it as 24mo.",
        )
    return datetime.timedelta(days=int(found[1]) * _DAYS[found[2]])
