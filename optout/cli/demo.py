"""`optout demo`: the whole job on a practice site."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING

import click

from optout.accounts.credentials import Credentials
from optout.accounts.secret import Secret
from optout.campaign.plan import Wishes
from optout.campaign.run import Run
from optout.campaign.targets import Job, find_flow
from optout.cli.audience import Terminal
from optout.cli.options import installed_flows, json_option, surroundings
from optout.cli.visits import exit_status
from optout.home import Home
from optout.model import Account, Mode
from optout.practice.load import practice_site_of
from optout.practice.server import serve
from optout.report.machine import as_json as to_json
from optout.report.machine import result_object

if TYPE_CHECKING:
    from optout.model import Result

_LOGIN = "ada@example.org"


@click.command()
@click.argument("platform", default="linkedin")
@click.option("--headed", is_flag=True, help="Show the browser's window.")
@json_option
@click.pass_context
def demo(ctx: click.Context, platform: str, *, headed: bool, as_json: bool) -> None:
    """Do the whole job on a practice site, and show what it leaves behind.

    Signs in to a made-up account on a stand-in for the platform on this machine, switches the setting
    off, proves by a fresh load that it stayed off, and does it all again to show that a second run
    changes nothing. No real site is visited.
    """
    flow = find_flow(installed_flows(ctx), platform)
    site = practice_site_of(flow)
    password = Secret(secrets.token_urlsafe(12))
    site.switchboard.add(_LOGIN, password.reveal(), name="Ada Example")
    account = Account(flow.name, _LOGIN)
    home = Home.of_user()
    results: list[Result] = []
    with serve(site) as server, surroundings(Home(home.data / "demo", home.logs)) as around:
        for saying in ("First run: sign in, switch off, prove it.", "Second run: nothing left to do."):
            if not as_json:
                click.echo(saying)
            wishes = Wishes(
                command="demo",
                may_change=True,
                mode=Mode.AUTOMATIC,
                headed=headed,
                site=server.origin,
                credentials=Credentials(account, password=password),
                keep_sessions=False,
            )
            run = Run(wishes, around, Terminal(1, results_as_text=not as_json))
            results += asyncio.run(run.over([Job(account, flow, flow.settings[:1])]))
    if as_json:
        click.echo(to_json([result_object(result) for result in results]))
    elif results[0].evidence:
        click.echo(f"\nLook at the pictures and the record in\n  {results[0].evidence}")
        click.echo("and check that nothing in it was changed:")
        click.echo(f"  cd {results[0].evidence} && sha256sum --check manifest.sha256")
    ctx.exit(int(exit_status(results)))
