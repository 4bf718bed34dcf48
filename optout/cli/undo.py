"""`optout undo`: put a setting back to what it was before optout changed it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from optout.campaign.plan import Wishes
from optout.campaign.run import Run
from optout.campaign.targets import select
from optout.cli.audience import Style, Terminal
from optout.cli.bringing import bring
from optout.cli.loop import run_async
from optout.cli.one_target import one_target
from optout.cli.options import installed_flows, json_option, site_option, surroundings
from optout.errors import UsageProblem
from optout.ledger.accounts import list_accounts
from optout.ledger.history import UNDO, looks_at
from optout.model import ExitBit, Mode, Outcome, Why
from optout.report.machine import as_json as to_json
from optout.report.machine import result_object
from optout.visit.site import loopback_origin
from optout.watch.changes import recorded_change

if TYPE_CHECKING:
    from optout.model import Result, Target
    from optout.watch.changes import Change


@click.command(
    epilog="""\b
Example:
  optout undo linkedin/ai-training:ada@example.org

Exit status: 0 when the setting is back to what it was."""
)
@click.argument("target")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--mode",
    type=click.Choice([Mode.AUTOMATIC.value, Mode.ATTENDED.value]),
    help="Who signs in. Default: automatic where a session or a password is kept.",
)
@click.option("--headed/--headless", default=None, help="With a window, or without.")
@site_option
@json_option
@click.pass_context
def undo(
    ctx: click.Context,
    target: str,
    *,
    yes: bool,
    mode: str | None,
    headed: bool | None,
    site: str | None,
    as_json: bool,
) -> None:
    """Opt in again: put a setting back to what it was.

    Only what optout itself has changed can be undone, to the value its evidence recorded. The way back
    leaves evidence like any change: read, operate, load afresh, read again.
    """
    wanted = one_target(target)
    flows = installed_flows(ctx)
    practice = loopback_origin(site) if site else ""
    with surroundings() as around:
        jobs = select([target], flows, [listed.account for listed in list_accounts(around.ledger)])
        looks = looks_at(around.ledger, wanted)
        here = [look for look in looks if (look.origin if look.practice else "") == practice]
        bring(around.home, around.ledger, only={look.evidence for look in here if look.evidence})
        change = recorded_change(wanted, here, around.home.evidence)
        _agree(wanted, change, yes=yes)
        wishes = Wishes(
            command=UNDO,
            may_change=True,
            mode=Mode(mode) if mode else _mode_of(jobs[0].flow.default_mode),
            headed=headed,
            site=site,
            despite_quarantine=True,
        )
        undoing = Run(
            wishes,
            around,
            Terminal(1, Style.AT_THE_END if as_json else Style.TEXT),
            put_back=change.before,
        )
        run_async(undoing.over(jobs))
        results = undoing.results
    if as_json:
        click.echo(to_json([result_object(result) for result in results]))
    ctx.exit(int(_status(results[-1])))


def _mode_of(default: Mode) -> Mode | None:
    """The mode for a platform of this default: on the way back it is always the tool that clicks."""
    return Mode.ATTENDED if default is Mode.GUIDED else None


def _agree(target: Target, change: Change, *, yes: bool) -> None:
    """Ask whether it shall be undone.

    Raises:
        UsageProblem: there is nobody to ask.
        click.Abort: they said no.
    """
    states = sorted({state for state in change.before.values() if state})
    what = f" ({', '.join(states)})" if states else ""
    when = f"{change.look.at:%Y-%m-%d %H:%M} UTC"
    if not yes and not sys.stdin.isatty():
        raise UsageProblem(
            f"undoing opts {target} in again, and there is nobody here to ask",
            next_step="If that is what you want: say so with --yes.",
        )
    click.echo(f"{target} was opted out on {when}: {change.bundle}", err=True)
    if not yes:
        click.confirm(f"Opt in again, back to what it was{what}?", abort=True, err=True)


def _status(result: Result) -> ExitBit:
    """0 only for a setting that is in: one that is out, locked out or gone is not what was asked."""
    if result.outcome is Outcome.UNDONE or (result.outcome, result.why) == (Outcome.STILL_IN, Why.NONE):
        return ExitBit.OK
    return result.exit_bit or ExitBit.NEEDS_PERSON
