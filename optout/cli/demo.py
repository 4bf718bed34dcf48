"""`optout demo`: the whole job on a practice site."""

from __future__ import annotations

import secrets
import shlex
import shutil
from typing import TYPE_CHECKING

import click

from optout.accounts.credentials import Credentials
from optout.accounts.secret import Secret
from optout.campaign.plan import Wishes
from optout.campaign.run import Run
from optout.campaign.targets import Job, find_flow
from optout.cli.audience import Style, Terminal
from optout.cli.going import exit_status
from optout.cli.loop import run_async
from optout.cli.options import installed_flows, json_option, surroundings
from optout.errors import UsageProblem
from optout.home import Home
from optout.model import Account, ExitBit, Mode
from optout.practice.load import practice_site_of
from optout.practice.server import serve
from optout.report.machine import as_json as to_json
from optout.report.machine import result_object

if TYPE_CHECKING:
    from pathlib import Path

    from optout.flow.discovery import Flows
    from optout.model import Result

_LOGIN = "ada@example.org"


@click.command(
    epilog="""\b
Examples:
  optout demo
  optout demo linkedin --headed"""
)
@click.argument("platform", required=False)
@click.option("--headed", is_flag=True, help="Show the browser's window.")
@json_option
@click.pass_context
def demo(ctx: click.Context, platform: str | None, *, headed: bool, as_json: bool) -> None:
    """Do the whole job on a practice site, and show what it leaves behind.

    Signs in to a made-up account on a stand-in for the platform on this machine, switches the setting
    off, proves by a fresh load that it stayed off, and does it all again to show that a second run
    changes nothing. No real site is visited.
    """
    flows = installed_flows(ctx)
    flow = find_flow(flows, platform or _best_rehearsed(flows))
    if not (flow.sign_in.password and flow.identity):
        raise UsageProblem(
            f"the demo cannot show {flow.title}, because only a person gets through its sign-in",
            next_step=f"Be that person: optout practice {flow.name} serves the same practice site.",
        )
    site = practice_site_of(flow)
    password = Secret(secrets.token_urlsafe(12))
    site.switchboard.add(_LOGIN, password.reveal(), name="Ada Example")
    account = Account(flow.name, _LOGIN)
    # Its own ledger, wherever the real one is: made-up accounts have no place there.
    home = Home(Home.of_user().data / "demo", Home.of_user().logs)
    results: list[Result] = []
    with serve(site) as server, surroundings(home) as around:
        wishes = Wishes(
            command="demo",
            may_change=True,
            mode=Mode.AUTOMATIC,
            headed=headed,
            site=server.origin,
            credentials=Credentials(account, password=password),
            keep_sessions=False,
        )
        for saying in ("First run: sign in, switch off, prove it.", "Second run: nothing left to do."):
            if exit_status(results) is not ExitBit.OK:
                break
            if not as_json:
                click.echo(saying)
            run = Run(wishes, around, Terminal(1, Style.AT_THE_END if as_json else Style.TEXT))
            run_async(run.over([Job(account, flow, flow.settings[:1])]))
            results += run.results
    if as_json:
        click.echo(to_json([result_object(result) for result in results]))
    elif results[0].evidence:
        _show(results[0].evidence)
    ctx.exit(int(exit_status(results)))


def _best_rehearsed(flows: Flows) -> str:
    """The platform whose practice site has the most conditions, out of those that need nobody.

    The demo has nobody to sign in: it needs a form that a password gets through.
    """
    alone = [flow for flow in flows if flow.sign_in.password and flow.identity]
    conditions = {flow.name: len(practice_site_of(flow).switchboard.conditions) for flow in alone}
    return max(conditions, key=conditions.__getitem__, default="")


def _show(evidence: Path) -> None:
    checker = "sha256sum" if shutil.which("sha256sum") else "shasum -a 256"
    click.echo(f"\nLook at the pictures and the record in\n  {evidence}")
    click.echo("and check that nothing in it was changed:")
    click.echo(f"  cd {shlex.quote(str(evidence))} && {checker} --check manifest.sha256")
