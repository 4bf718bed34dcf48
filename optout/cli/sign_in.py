"""`optout sign-in`: the person signs in, the session is kept."""

from __future__ import annotations

import datetime

import click

from optout.accounts.keys import KeySource, NoKey
from optout.accounts.logins import parse_login
from optout.campaign.plan import Wishes
from optout.campaign.run import Run
from optout.campaign.targets import Job, find_flow
from optout.cli.audience import Terminal
from optout.cli.loop import run_async
from optout.cli.options import installed_flows, site_option, surroundings
from optout.errors import NotUsableHere
from optout.ledger.accounts import add_account, find_account
from optout.model import Account, Mode


@click.command(
    epilog="""\b
Example:
  optout sign-in linkedin ada@example.org"""
)
@click.argument("platform")
@click.argument("login")
@click.option("--new-owner", is_flag=True, help="Accept whoever signs in now as this account's owner.")
@site_option
@click.pass_context
def sign_in(ctx: click.Context, platform: str, login: str, *, new_owner: bool, site: str | None) -> None:
    """Sign in yourself in a window; the session is kept, sealed.

    Sign in any way you like: password, code, passkey, another service. optout types nothing, waits
    until you are through, and keeps the session for later checks. An account that is not in the list
    yet is added.
    """
    flow = find_flow(installed_flows(ctx), platform)
    account = Account(flow.name, parse_login(login))
    with surroundings() as around:
        key = KeySource(around.keyring).key()
        if isinstance(key, NoKey):
            raise NotUsableHere(
                "the session could not be kept, so signing in would be for nothing",
                step="sign-in",
                found=key.reason,
                next_step=f"{key.next_step} That is: optout run {account} --mode attended",
            )
        if find_account(around.ledger, account) is None:
            add_account(around.ledger, account, at=datetime.datetime.now(datetime.UTC))
        wishes = Wishes(
            command="sign-in", may_change=False, mode=Mode.ATTENDED, site=site, new_owner=new_owner
        )
        run = Run(wishes, around, Terminal(1))
        run_async(run.over([Job(account, flow, ())]))
    click.echo(f"Signed in; the session of {account} is kept, sealed.")
    click.echo(f"Next: optout run {account}", err=True)
