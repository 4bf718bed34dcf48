"""`optout check` and `optout run`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from optout.campaign.by_hand import set_apart
from optout.campaign.plan import Wishes
from optout.campaign.platforms import known_platform
from optout.campaign.targets import select, without_flow
from optout.cli.audience import audience_for
from optout.cli.drift import jobs_due
from optout.cli.going import exit_status, go, newest, show_all, style_of
from optout.cli.on_workers import run_for
from optout.cli.options import installed_flows, known_group, surroundings
from optout.cli.resume import resume_run
from optout.cli.visit_options import visit_options
from optout.ledger.accounts import list_accounts
from optout.model import ExitBit, Mode
from optout.watch.rounds import fixing, jobs_to_fix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optout.campaign.targets import Job
    from optout.flow.discovery import Flows
    from optout.model import Account

_TARGET = """\b
TARGET is one of
  linkedin                              every account there
  linkedin:ada@example.org              one account
  linkedin/ai-training:ada@example.org  one setting of one account
  linkedin/ads:ada@example.org          a group of settings
and every account where none is given.

"""


@click.command(
    epilog=f"""{_TARGET}\b
Examples:
  optout check
  optout check linkedin:ada@example.org --json
  optout check --due --fix"""
)
@click.option("--due", is_flag=True, help="Only what the calendar says is due (see: optout due).")
@click.option("--fix", is_flag=True, help="Switch off again what came back on, and prove it.")
@visit_options
def check(ctx: click.Context, **asked: Any) -> None:
    """Read the settings, and say what came back on. Changes nothing without --fix."""
    _visit(ctx, command="check", may_change=False, **asked)


@click.command(
    epilog=f"""{_TARGET}\b
Examples:
  optout run linkedin:ada@example.org
  optout run linkedin --mode guided
  optout run --dry-run --json
  optout run --group sales --parallel 4
  optout run --resume"""
)
@click.option("--dry-run", is_flag=True, help="Read, and say what a run would switch off.")
@click.option(
    "--resume",
    is_flag=True,
    help="Go on with the last run that did not come to its end, as it was asked for; where it is still "
    "going on in another process, help it along.",
)
@click.option(
    "--on-workers",
    is_flag=True,
    help="Hand the visits out to workers on whatever machines (see: optout worker), and follow them.",
)
@visit_options
def run(ctx: click.Context, *, dry_run: bool, resume: bool, **asked: Any) -> None:
    """Opt out, and prove it: read, switch off, load afresh, read again."""
    if resume:
        resume_run(ctx, asked)
    else:
        _visit(ctx, command="run", may_change=True, dry_run=dry_run, **asked)


def _visit(
    ctx: click.Context,
    *,
    targets: tuple[str, ...],
    mode: str | None,
    group: str | None,
    as_json: bool,
    json_lines: bool,
    due: bool = False,
    fix: bool = False,
    **asked: Any,
) -> None:
    flows, style = installed_flows(ctx), style_of(as_json=as_json, json_lines=json_lines)
    wishes = Wishes(mode=Mode(mode) if mode else None, **asked)
    with surroundings() as around:
        ledger = around.ledger
        known_group(ledger, group)
        accounts = [listed.account for listed in list_accounts(ledger, group=group)]
        left, by_hand = (
            ([], [])
            if due
            else set_apart(targets, flows, accounts, ledger, practice=wishes.site is not None)
        )
        if due:
            jobs = _within(jobs_due(ledger, flows, targets, wishes.site, group), accounts)
        else:
            jobs = select(left, flows, accounts) if left or not targets else []
        bits = ExitBit.OK if targets else _leave_out(flows, accounts)
        with audience_for(len(by_hand) + _targets(jobs), style) as audience:
            run = run_for(wishes, around, audience)
            for result in by_hand:
                audience.established(result)
            went = go(ctx, run, run.over(jobs), len(jobs)) if jobs else ExitBit.OK
        results = run.results
        again = jobs_to_fix(ledger, flows, results) if fix and went is ExitBit.OK else []
        if again:
            with audience_for(_targets(again), style) as audience:
                mend = fixing(run, audience)
                went = go(ctx, mend, mend.over(again), len(again))
            results = [*results, *mend.results]
        found = show_all(ctx, around, by_hand, results, style)
    drifted = ExitBit.OK if wishes.may_change else found.exit_bit
    ctx.exit(int(bits | went | drifted | exit_status(newest([*by_hand, *results]))))


def _targets(jobs: Sequence[Job]) -> int:
    return sum(len(job.settings) for job in jobs)


def _within(jobs: Sequence[Job], accounts: Sequence[Account]) -> list[Job]:
    """The jobs of these accounts."""
    wanted = set(accounts)
    return [job for job in jobs if job.account in wanted]


def _leave_out(flows: Flows, accounts: Sequence[Account]) -> ExitBit:
    """Name the accounts that cannot be visited; they must not look as if all were well."""
    unvisited = without_flow(flows, accounts)
    strangers = [account for account in unvisited if known_platform(flows, account.platform) is None]
    for account in strangers:
        click.echo(
            f"optout: {account} is left out because no flow for {account.platform} was found. "
            "Name its folder with --flows, or see: optout platforms",
            err=True,
        )
    return ExitBit.UNFORESEEN if strangers else ExitBit.OK
