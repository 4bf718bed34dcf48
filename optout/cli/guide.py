"""`optout guide`: the steps to opt out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from optout.campaign.platforms import Way
from optout.catalogue.steps import steps_of
from optout.cli.meant import METAVAR, meant_by
from optout.cli.options import json_option
from optout.cli.platforms import UNKNOWN, wrapped
from optout.report.machine import as_json as to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optout.cli.meant import Meant


@click.command(
    epilog="""\b
Examples:
  optout guide cursor
  optout guide meta/instagram-reuse:ada@example.org"""
)
@click.argument("target", metavar=METAVAR)
@json_option
@click.pass_context
def guide(ctx: click.Context, target: str, *, as_json: bool) -> None:
    """Show the steps to opt out by hand, on a computer or a phone."""
    meant = meant_by(ctx, target)
    way = meant.platform.way(meant.setting)
    steps = () if way in (Way.NOTHING, Way.LETTER) else steps_of(meant.platform.title, meant.setting)
    if as_json:
        click.echo(to_json(_as_object(meant, way, steps)))
        return
    click.echo("\n".join(map(wrapped, _lines(meant, steps))))
    click.echo(_next(meant, way), err=True)


def _lines(meant: Meant, steps: tuple[str, ...]) -> Iterator[str]:
    platform, setting = meant.platform, meant.setting
    yield f"{platform.title}: {setting.title} ({platform.name}/{setting.name})"
    about = (setting.asks, setting.instead, *(f"Mind: {warning}" for warning in setting.warnings))
    yield from (f"  {text}" for text in about if text)
    yield from (f"  Plan or role: {plan}" for plan in setting.plans)
    yield from (f"  Region: {region}" for region in setting.regions)
    yield ""
    yield from (f"  {number}. {step}" for number, step in enumerate(steps, start=1))
    if steps:
        yield ""
    sure = f"{setting.confidence or UNKNOWN}; last verified: {setting.last_verified or UNKNOWN}"
    yield f"  How sure this is: {sure}. Sources: optout platforms {platform.name}"


def _next(meant: Meant, way: Way) -> str:
    if way is Way.LETTER:
        return f"It takes a letter. Write it: optout letter {meant.target}"
    if way is Way.NOTHING:
        return f"{meant.platform.title} offers no opt-out; optout has nothing to do here."
    if meant.platform.visits(meant.setting):
        return f"optout does this with you, and proves it: optout run {meant.target}"
    return f"When it is done: optout record {meant.target} --screenshot FILE"


def _as_object(meant: Meant, way: Way, steps: tuple[str, ...]) -> dict[str, object]:
    setting = meant.setting
    return {
        "platform": meant.platform.name,
        "setting": setting.name,
        "optout": way,
        "steps": list(steps),
        "instead": setting.instead or None,
        "mind": list(setting.warnings),
        "next": _next(meant, way),
    }
