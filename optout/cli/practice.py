"""`optout practice`: a practice site to try things on."""

from __future__ import annotations

import threading

import click

from optout.campaign.targets import find_flow
from optout.cli.options import installed_flows
from optout.practice.load import practice_site_of
from optout.practice.server import serve

_PASSWORD = "practice"  # noqa: S105 - the password of a practice account, printed below


@click.command(
    epilog="""\b
Examples:
  optout practice linkedin
  optout practice linkedin --port 8000 --account ada@example.org=form-react,slow
  optout practice linkedin --conditions"""
)
@click.argument("platform")
@click.option("--port", default=0, show_default="any free one", help="The port to listen on.")
@click.option(
    "--account",
    "accounts",
    multiple=True,
    metavar="LOGIN[=CONDITION,…]",
    help="An account on the site, and how the site behaves for it.",
)
@click.option("--conditions", is_flag=True, help="List the conditions and end.")
@click.pass_context
def practice(
    ctx: click.Context, platform: str, *, port: int, accounts: tuple[str, ...], conditions: bool
) -> None:
    """Serve a platform's practice site on this machine, until Ctrl-C.

    It has the platform's structure and behaviour and none of its looks, and listens on loopback only.
    """
    site = practice_site_of(find_flow(installed_flows(ctx), platform))
    if conditions:
        for condition in site.conditions:
            click.echo(f"{condition.name}: {condition.sentence}")
        return
    for text in accounts or ("ada@example.org",):
        login, _, named = text.partition("=")
        site.switchboard.add(login, _PASSWORD, conditions=tuple(filter(None, named.split(","))))
    with serve(site, port=port) as server:
        click.echo(server.origin)
        click.echo(f'The password of every account is "{_PASSWORD}". Ctrl-C ends it.', err=True)
        threading.Event().wait()
