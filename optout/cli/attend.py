"""`optout attend`: the accounts that need a person, one visible window after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from optout.campaign.plan import Wishes
from optout.campaign.run import Run
from optout.campaign.targets import Job, select
from optout.cli.audience import audience_for
from optout.cli.going import exit_status, go, show_all, style_of
from optout.cli.options import group_option, installed_flows, known_group, site_option, surroundings
from optout.cli.visit_options import OUTPUT
from optout.ledger.accounts import list_accounts
from optout.ledger.status import status
from optout.model import Outcome
from optout.visit.site import loopback_origin

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from optout.flow.discovery import Flows
    from optout.ledger.ledger import Ledger
    from optout.ledger.status import StatusRow
    from optout.model import Account


def _output(command: Callable[..., object]) -> Callable[..., object]:
    for option in reversed(OUTPUT):
        command = option(command)
    return command


@click.command(
    epilog="""\b
Examples:
  optout attend
  optout attend --group sales
  optout attend linkedin:ada@example.org"""
)
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@group_option
@site_option
@_output
@click.pass_context
def attend(
    ctx: click.Context,
    /,
    targets: tuple[str, ...],
    *,
    group: str | None,
    site: str | None,
    **output: Any,
) -> None:
    """Visit the accounts that need a person, one visible window after the other.

    These are the targets whose last visit ended with "needs a person": a challenge, a refused password,
    no way to sign in. In each window the person signs in, and optout does the rest; where a platform's
    flow asks for that, the person clicks as well. Closing a window goes on to the next one.
    """
    flows, style = installed_flows(ctx), style_of(**output)
    practice = loopback_origin(site) if site else ""
    with surroundings() as around:
        known_group(around.ledger, group)
        accounts = [listed.account for listed in list_accounts(around.ledger, group=group)]
        wanted = [job.account for job in select(targets, flows, accounts)]
        jobs = _jobs(flows, _waiting(around.ledger, wanted, practice))
        if not jobs:
            click.echo("Nothing waits for a person here.", err=True)
            return
        wishes = Wishes(command="attend", may_change=True, with_person=True, headed=True, site=site)
        with audience_for(len(jobs), style) as audience:
            run = Run(wishes, around, audience)
            went = go(ctx, run, run.over(jobs), len(jobs))
        results = run.results
        show_all(ctx, around, [], results, style)
    ctx.exit(int(went | exit_status(results)))


def _waiting(ledger: Ledger, accounts: Sequence[Account], practice: str) -> list[StatusRow]:
    """The targets whose last visit there needed a person."""
    rows = status(ledger, accounts, practice=bool(practice))
    return [
        row
        for row in rows
        if row.outcome is Outcome.NEEDS_PERSON and (row.origin if row.practice else "") == practice
    ]


def _jobs(flows: Flows, rows: Sequence[StatusRow]) -> list[Job]:
    """What is to be visited: what no flow knows any more is left out."""
    jobs: dict[Account, Job] = {}
    for row in rows:
        account = row.target.account
        flow = flows.flows.get(account.platform)
        setting = flow and flow.setting(row.target.setting)
        if flow and setting:
            before = jobs[account].settings if account in jobs else ()
            jobs[account] = Job(account, flow, (*before, setting))
    return list(jobs.values())
