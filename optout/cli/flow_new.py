"""`optout flow new`: the beginning of a flow."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from optout.authors.scaffold import begin
from optout.flow.discovery import discover


@click.command(
    epilog="""\b
Examples:
  optout flow new aurora
  optout flow new aurora-mail --folder my-flows"""
)
@click.argument("name")
@click.option(
    "--folder",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    show_default="this one",
    help="Where the flow's own folder goes.",
)
def new(*, name: str, folder: Path) -> None:
    """Begin a flow: a folder that passes every check as it is.

    What it says is made up: a switch, a page, a sign-in. Put the platform's facts in their place,
    and run the check again after each. How: docs/writing-a-flow.md
    """
    files = begin(name, folder, discover().flows)
    for file in files:
        click.echo(str(file))
    click.echo(f"Next: optout flow check {shlex.quote(str(files[0].parent))}", err=True)
