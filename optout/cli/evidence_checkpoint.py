"""`optout evidence checkpoint`: sign where the log stands, and hand that over."""

from __future__ import annotations

import click

from optout.campaign import closing
from optout.cli.options import surroundings
from optout.errors import UsageProblem
from optout.evidence.handing import hand_over


@click.command(
    epilog="""\b
Examples:
  optout evidence checkpoint
  optout evidence checkpoint --to /mnt/usb/checkpoint.json
  optout evidence checkpoint --tsa https://tsa.example.org --to mailto:dpo@example.org

\b
Each run makes a checkpoint by itself, hands it over to whom OPTOUT_CHECKPOINT_TO names (as for
--to, divided by spaces) and asks the authority at OPTOUT_TSA for a stamp. OPTOUT_SMTP names the
mail server."""
)
@click.option(
    "--to",
    "destinations",
    multiple=True,
    metavar="FILE|mailto:…|https://…",
    help="Who gets it: a file, a mailbox, or an address that takes JSON. May be given again.",
)
@click.option(
    "--tsa", "authority", metavar="URL", help="A time stamping authority (RFC 3161); it gets a hash."
)
def checkpoint(*, destinations: tuple[str, ...], authority: str | None) -> None:
    """Sign where the log stands, and hand that to somebody else.

    Only a checkpoint that lies elsewhere shows later that nothing was cut off the log. It holds hashes
    and a time, and no names.
    """
    with surroundings() as around:
        key = around.signing.usable()
        made = closing.write_out(around, lambda message: click.echo(message, err=True))
    if made is None:
        raise UsageProblem("there is no evidence yet", next_step="Make some with: optout run")
    click.echo(f"{made.path}: {made.size:,} entries, signed by {key.public.fingerprint}")
    if authority:
        new = closing.stamp(made, authority)
        click.echo(
            f"{made.stamp}: {'the time as' if new else 'there was one already, not from'} {authority}"
        )
    elif not made.stamp.exists():
        click.echo("no third-party time; add it with --tsa URL", err=True)
    for destination in destinations:
        hand_over(made, destination)
        click.echo(f"handed over: {destination}")
