"""`optout check` and `optout run`."""

from __future__ import annotations

import functools
import operator
import sys
from typing import TYPE_CHECKING, Any, TypeVar

import click

from optout.campaign.by_hand import set_apart
from optout.campaign.plan import Wishes
from optout.campaign.platforms import known_platform
from optout.campaign.run import Run
from optout.campaign.targets import select, without_flow
from optout.cli.app import complain
from optout.cli.audience import Terminal
from optout.cli.drift import jobs_due, results_with_drift, tell_drift
from optout.cli.loop import run_async
from optout.cli.options import installed_flows, json_option, site_option, surroundings
from optout.errors import OptoutError
from optout.ledger.accounts import list_accounts
from optout.model import ExitBit, Mode
from optout.report.machine import as_json as to_json
from optout.report.plain import summary_text
from optout.watch.digest import Digest, digest
from optout.watch.rounds import fixing, jobs_to_fix

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from optout.campaign.targets import Job
    from optout.flow.discovery import Flows
    from optout.ledger.ledger import Ledger
    from optout.model import Account, Result

_Command = TypeVar("_Command", bound="Callable[..., object]")

_TARGET = """\b
TARGET is one of
  linkedin                              every account there
  linkedin:ada@example.org              one account
  linkedin/ai-training:ada@example.org  one setting of one account
  linkedin/ads:ada@example.org          a group of settings
and every account where none is given.

"""


def _visit_options(command: _Command) -> _Command:
    decorators = (
        click.argument("targets", nargs=-1, metavar="[TARGET]..."),
        click.option(
            "--mode",
            type=click.Choice([mode.value for mode in Mode if mode is not Mode.BY_HAND]),
            help="Who signs in and who clicks. Default: automatic where a session or a password is kept "
            "and the platform's flow allows that, else what the flow advises.",
        ),
        click.option("--headed/--headless", default=None, help="With a window, or without."),
        site_option,
        click.option(
            "--allow-host",
            "allow_hosts",
            multiple=True,
            metavar="HOST",
            help="A further host that pages may load from in automatic mode. No secret is typed there.",
        ),
        click.option(
            "--despite-quarantine",
            is_flag=True,
            help="Visit every account, although the flow has failed on several in a row.",
        ),
        click.option(
            "--whole-page",
            is_flag=True,
            help="Keep pictures of the whole pages too. They show whatever else stands there.",
        ),
        click.option(
            "--debug-trace",
            is_flag=True,
            help="Record each visit for finding mistakes. The recording holds the account's session; it "
            "stays out of evidence and is deleted after 7 days.",
        ),
        json_option,
        click.pass_context,
    )
    for decorator in reversed(decorators):
        command = decorator(command)
    return command


@click.command(
    epilog=f"""{_TARGET}\b
Examples:
  optout check
  optout check linkedin:ada@example.org --json
  optout check --due --fix"""
)
@click.option("--due", is_flag=True, help="Only what the calendar says is due (see: optout due).")
@click.option("--fix", is_flag=True, help="Switch off again what came back on, and prove it.")
@_visit_options
def check(ctx: click.Context, **asked: Any) -> None:
    """Read the settings, and say what came back on. Changes nothing without --fix."""
    _visit(ctx, command="check", may_change=False, **asked)


@click.command(
    epilog=f"""{_TARGET}\b
Examples:
  optout run linkedin:ada@example.org
  optout run linkedin --mode guided
  optout run --dry-run --json"""
)
@click.option("--dry-run", is_flag=True, help="Read, and say what a run would switch off.")
@_visit_options
def run(ctx: click.Context, *, dry_run: bool, **asked: Any) -> None:
    """Opt out, and prove it: read, switch off, load afresh, read again."""
    _visit(ctx, command="run", may_change=True, dry_run=dry_run, **asked)


def _visit(
    ctx: click.Context,
    *,
    targets: tuple[str, ...],
    mode: str | None,
    as_json: bool,
    due: bool = False,
    fix: bool = False,
    **asked: Any,
) -> None:
    flows = installed_flows(ctx)
    wishes = Wishes(mode=Mode(mode) if mode else None, **asked)
    with surroundings() as around:
        accounts = [listed.account for listed in list_accounts(around.ledger)]
        left, by_hand = (
            ([], [])
            if due
            else set_apart(targets, flows, accounts, around.ledger, practice=wishes.site is not None)
        )
        if due:
            jobs = jobs_due(around.ledger, flows, targets, wishes.site)
        else:
            jobs = select(left, flows, accounts) if left or not targets else []
        bits = ExitBit.OK if targets else _leave_out(flows, accounts)
        run = Run(wishes, around, Terminal(len(jobs), results_as_text=not as_json))
        for result in by_hand:
            run.audience.established(result)
        went = _go(ctx, run, jobs) if jobs else ExitBit.OK
        results = run.results
        if fix and went is ExitBit.OK:
            again = jobs_to_fix(around.ledger, flows, results)
            mend = fixing(run, Terminal(len(again), results_as_text=not as_json))
            went = _go(ctx, mend, again) if again else ExitBit.OK
            results = [*results, *mend.results]
        found = _digest(ctx, around.ledger, results)
    results = [*by_hand, *results]
    if as_json:
        click.echo(to_json(results_with_drift(results, found, around.home.evidence)))
    else:
        tell_drift(found, around.home.evidence)
        if len(results) > 1 and sys.stderr.isatty():
            click.echo(summary_text(results), err=True)
    drifted = ExitBit.OK if wishes.may_change else found.exit_bit
    ctx.exit(int(bits | went | drifted | exit_status(_newest(results))))


def _newest(results: Sequence[Result]) -> Sequence[Result]:
    """The last result of each target, which with `--fix` may have two."""
    return tuple({result.target: result for result in results}.values())


def _digest(ctx: click.Context, ledger: Ledger, results: Sequence[Result]) -> Digest:
    """What the results mean; they are printed even where the ledger can no longer be read."""
    try:
        return digest(ledger, results)
    except OptoutError as error:
        complain(ctx, error)
        return Digest(len(results))


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


def _go(ctx: click.Context, run: Run, jobs: Sequence[Job]) -> ExitBit:
    """Visit; whatever ends it early, the results so far are there to be printed."""
    try:
        run_async(run.over(jobs))
    except KeyboardInterrupt:
        visited = {result.target.account for result in run.results}
        left = sum(job.account not in visited for job in jobs)
        told = f" Not visited: {left} of {len(jobs)} accounts." if left else ""
        click.echo(f"Interrupted. What was proven before is kept.{told}", err=True)
        return ExitBit.UNFORESEEN
    except (OptoutError, OSError) as error:
        if not run.results:
            raise
        return complain(ctx, error)
    return ExitBit.OK


def exit_status(results: Sequence[Result]) -> ExitBit:
    """The bits of all results together."""
    return functools.reduce(operator.or_, (result.exit_bit for result in results), ExitBit.OK)
