"""`optout run --resume`: going on with a run, or helping along one that is going on."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from optout.campaign.asked import wishes_of
from optout.campaign.presence import is_alive
from optout.cli.audience import audience_for
from optout.cli.going import exit_status, go, show_all, style_of
from optout.cli.on_workers import run_for
from optout.cli.options import installed_flows, surroundings
from optout.errors import UsageProblem
from optout.ledger.tasks import open_tasks, unfinished_runs
from optout.ledger.workers import list_workers

if TYPE_CHECKING:
    from optout.campaign.surroundings import Surroundings
    from optout.ledger.tasks import UnfinishedRun

_HOW = ("resume", "parallel", "as_json", "json_lines")


def resume_run(ctx: click.Context, asked: dict[str, Any]) -> None:
    """Go on with the newest run that has accounts left, or help whoever is at it."""
    _only_how(ctx)
    style = style_of(as_json=asked["as_json"], json_lines=asked["json_lines"])
    with surroundings() as around:
        unfinished = next(iter(unfinished_runs(around.ledger)), None)
        if unfinished is None:
            click.echo("There is no run to go on with: each has come to its end.", err=True)
            return
        wishes = wishes_of(unfinished.wishes)
        if _was_given(ctx, "parallel"):
            wishes = replace(wishes, parallel=asked["parallel"])
        left = sum(len(task.settings) for task in open_tasks(around.ledger, unfinished.id))
        with audience_for(left, style) as audience:
            run = run_for(wishes, around, audience, anew=False)
            audience.tell(_what_goes_on(around, unfinished))
            went = go(ctx, run, run.go_on(unfinished, installed_flows(ctx).flows), unfinished.left)
        results = run.results
        show_all(ctx, around, [], results, style)
    ctx.exit(int(went | exit_status(results)))


def _what_goes_on(around: Surroundings, unfinished: UnfinishedRun) -> str:
    now = datetime.datetime.now(datetime.UTC)
    there = list_workers(around.ledger, unfinished.id)
    others = [each for each in there if is_alive(around.home, each, now)]
    since = f"the run of {unfinished.started_at:%Y-%m-%d %H:%M} UTC: {unfinished.left} accounts are left"
    if not others:
        return f"Going on with {since}."
    where = ", ".join(f"process {each.pid} on {each.host}" for each in others)
    return f"Helping {where} with {since}."


def _only_how(ctx: click.Context) -> None:
    """Refuse what would make it another run.

    Raises:
        UsageProblem: something else was asked for.
    """
    more = [each for each in ctx.params if each not in _HOW and _was_given(ctx, each)]
    if more:
        options = {each.name: each for each in ctx.command.params}
        shown = ", ".join(options[name].opts[0] if name in options else name for name in more)
        raise UsageProblem(
            "--resume goes on with a run as it was asked for",
            found=f"{shown} beside it",
            next_step="Leave that out, or begin a new run without --resume.",
        )


def _was_given(ctx: click.Context, name: str) -> bool:
    return ctx.get_parameter_source(name) is not ParameterSource.DEFAULT
