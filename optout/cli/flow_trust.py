"""`optout flow trust`: accepting somebody else's code."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from optout.cli.accepting import ask, shown
from optout.errors import UsageProblem
from optout.flow.discovery import discover, flow_files, third_party_entries
from optout.flow.folder import FLOW, FlowFolder
from optout.flow.trust import TrustBook
from optout.home import Home
from optout.model import ExitBit


@click.command(
    epilog="""\b
Examples:
  optout flow trust my-flows/aurora
  optout flow trust aurora --yes
  optout flow trust aurora --withdraw"""
)
@click.argument("which", metavar="PATH|NAME")
@click.option("--yes", is_flag=True, help="Accept without being asked; what is accepted is shown.")
@click.option("--withdraw", is_flag=True, help="Accept it no longer.")
@click.pass_context
def trust(ctx: click.Context, *, which: str, yes: bool, withdraw: bool) -> None:
    """Accept somebody else's flow as it is now, after you have seen what it is.

    PATH is a flow's folder, or a folder of flows as given to --flows; NAME is a flow that came with
    another package. Until you accept it nothing of it runs, and when any of its files changes it stops
    running until you accept it again. Its code runs with your rights on this machine.

    Exit status: 1 where something was not accepted.
    """
    book = TrustBook.of(Home.of_user())
    if withdraw:
        _withdraw(book, which)
        return
    refused = False
    for found in _meant(which):
        click.echo(shown(found, book.entry(found)))
        if ask("Accept it as it is now?", yes=yes, instead="--yes, once you have looked"):
            book.accept(found, datetime.datetime.now(datetime.UTC))
            click.echo("Accepted.", err=True)
        else:
            refused = True
            click.echo("Not accepted; nothing of it runs.", err=True)
    ctx.exit(int(ExitBit.UNFORESEEN if refused else ExitBit.OK))


def _meant(which: str) -> list[FlowFolder]:
    """The flows at a path, or the one of a name.

    Raises:
        UsageProblem: there is none.
        FlowBroken: it cannot be looked at.
    """
    path = Path(which)
    if (path / FLOW).is_file():
        return [FlowFolder.at(path)]
    if path.is_dir():
        return [FlowFolder.at(file.parent) for file in flow_files(path)]
    entries = [entry for entry in third_party_entries() if entry.name == which]
    if entries:
        return [FlowFolder.of_entry(entry) for entry in entries]
    if which in discover().flows:
        raise UsageProblem(f"{which} is part of optout, and needs no acceptance")
    raise UsageProblem(
        f"there is no flow at {which}, and no other package brings one of that name",
        expected=f"a folder with {FLOW} in it, a folder of such folders, or an installed flow's name",
        next_step="See: optout flow list",
    )


def _withdraw(book: TrustBook, which: str) -> None:
    """Accept a flow no longer, whether or not it is still there."""
    path = str(Path(which).resolve())
    places = [
        where
        for where, entry in book.entries().items()
        if which == entry.name or path in (where, str(Path(where).parent))
    ]
    if not places:
        raise UsageProblem(f"nothing is accepted at {which}", next_step="See: optout flow list")
    for where in places:
        book.withdraw(where)
        click.echo(f"Not accepted any more: {where}", err=True)
