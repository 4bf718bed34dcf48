"""Letting a run go on until it ends or is ended, and saying what came of it."""

from __future__ import annotations

import functools
import operator
import sys
from typing import TYPE_CHECKING, Any

import click

from optout.cli.app import complain
from optout.cli.audience import Style
from optout.cli.drift import results_with_drift, tell_drift
from optout.cli.loop import run_async
from optout.errors import OptoutError, UsageProblem
from optout.model import ExitBit
from optout.report.machine import as_json as to_json
from optout.report.plain import summary_text
from optout.watch.digest import Digest, digest

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from optout.campaign.run import Run
    from optout.campaign.surroundings import Surroundings
    from optout.ledger.ledger import Ledger
    from optout.model import Result


def style_of(*, as_json: bool, json_lines: bool) -> Style:
    """How results are to be printed.

    Raises:
        UsageProblem: in two ways at once.
    """
    if as_json and json_lines:
        raise UsageProblem("--json and --json-lines exclude each other", next_step="Leave out one.")
    if json_lines:
        return Style.LINES
    return Style.AT_THE_END if as_json else Style.TEXT


def go(ctx: click.Context, run: Run, visiting: Coroutine[Any, Any, None], accounts: int) -> ExitBit:
    """Visit; whatever ends it early, the results so far are in the ledger to be printed.

    Args:
        ctx: the command's.
        run: the run.
        visiting: what it is to do.
        accounts: how many accounts it is over.

    Returns:
        The bits of what ended it early.

    Raises:
        OptoutError: it ended before there was any result.
    """
    try:
        run_async(visiting)
    except KeyboardInterrupt:
        visited = {result.target.account for result in run.results}
        left = accounts - len(visited)
        told = f" Not visited: {left} of {accounts} accounts." if left > 0 else ""
        then = " Go on with: optout run --resume" if run.can_go_on else ""
        click.echo(f"Interrupted. What was proven before is kept.{told}{then}", err=True)
        return ExitBit.UNFORESEEN
    except (OptoutError, OSError) as error:
        if not run.results:
            raise
        return complain(ctx, error)
    return ExitBit.OK


def show_all(
    ctx: click.Context,
    around: Surroundings,
    by_hand: Sequence[Result],
    visited: Sequence[Result],
    style: Style,
) -> Digest:
    """Print what stands at the end of a run.

    Args:
        ctx: the command's.
        around: the installation.
        by_hand: what no visit was for.
        visited: what visits have established.
        style: how results are printed.

    Returns:
        What the visits' results mean.
    """
    evidence, results = around.home.evidence, [*by_hand, *visited]
    found = _digest(ctx, around.ledger, visited)
    if style is Style.AT_THE_END:
        click.echo(to_json(results_with_drift(results, found, evidence)))
    elif style is Style.TEXT:
        tell_drift(found, evidence)
    if style is not Style.AT_THE_END and len(results) > 1 and sys.stderr.isatty():
        click.echo(summary_text(results), err=True)
    return found


def _digest(ctx: click.Context, ledger: Ledger, results: Sequence[Result]) -> Digest:
    """What the results mean; they are printed even where the ledger can no longer be read."""
    try:
        return digest(ledger, results)
    except OptoutError as error:
        complain(ctx, error)
        return Digest(len(results))


def newest(results: Sequence[Result]) -> Sequence[Result]:
    """The last result of each target, which may have several: put right, or visited once more."""
    return tuple({result.target: result for result in results}.values())


def exit_status(results: Sequence[Result]) -> ExitBit:
    """The bits of all results together."""
    return functools.reduce(operator.or_, (result.exit_bit for result in results), ExitBit.OK)
