"""`optout schedule`: checks that run by themselves."""

from __future__ import annotations

import datetime
import os
from typing import TYPE_CHECKING, Any

import click

from optout.cli.options import json_option, site_option, surroundings
from optout.home import Home
from optout.ledger.notifications import list_channels
from optout.ledger.open import open_ledger
from optout.report.machine import as_json as to_json
from optout.watch.schedule.entry import entry_for, entry_name
from optout.watch.schedule.manage import install as install_schedule
from optout.watch.schedule.manage import remove as remove_schedule
from optout.watch.schedule.manage import state
from optout.watch.schedule.rhythm import Rhythm, parse_at, parse_every
from optout.watch.schedule.systems import NAMES, choose_system, system_named

if TYPE_CHECKING:
    from collections.abc import Iterable

    from optout.watch.schedule.manage import State
    from optout.watch.schedule.system import Planned, Written


@click.group()
def schedule() -> None:
    """Let checks run by themselves."""


@schedule.command(
    epilog="""\b
Examples:
  optout schedule install --every week
  optout schedule install --every 3d --at 18:30 --dry-run"""
)
@click.option("--every", required=True, metavar="day|week|month|3d", help="How often.")
@click.option("--at", default="09:00", show_default=True, metavar="HH:MM", help="At what time of day.")
@click.option(
    "--system", type=click.Choice(NAMES), help="Whose scheduler. Default: the best that is here."
)
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@click.pass_context
def install(ctx: click.Context, *, every: str, at: str, system: str | None, dry_run: bool) -> None:
    """Have the system call `optout schedule run`, and show what is written for that.

    It runs as you, with this very Python and this installation's folder, needs no terminal and no
    display, and visits only what is due. Installing again replaces what was installed before.
    """
    now = datetime.datetime.now(datetime.UTC)
    home = Home.of_user()
    chosen = system_named(system) if system and dry_run else choose_system(system)
    rhythm = Rhythm(parse_every(every), parse_at(at), now.astimezone().date())
    flows = (ctx.find_root().obj or {}).get("flows")
    entry = entry_for(home, rhythm, os.environ, os.path.abspath(flows) if flows else None)  # noqa: PTH100
    planned = chosen.planned(entry)
    first = rhythm.next_time(now.astimezone().replace(tzinfo=None))
    click.echo(f"In {chosen.title}, {rhythm}, for the first time on {first:%A, %Y-%m-%d %H:%M}:")
    click.echo(_shown(planned))
    if dry_run:
        click.echo("Nothing was written.", err=True)
        return
    with open_ledger(home) as ledger:
        install_schedule(ledger, chosen, entry, now)
        told = list_channels(ledger)
    click.echo(f"Installed. {chosen.note}")
    if not told:
        click.echo("Nobody is told yet of what it finds: optout notify add", err=True)
    click.echo("To see it: optout schedule show. To take it away: optout schedule remove", err=True)


@schedule.command(
    epilog="""\b
Example:
  optout schedule show"""
)
@json_option
def show(*, as_json: bool) -> None:
    """What is installed, when it last ran, and when it runs next."""
    home = Home.of_user()
    with open_ledger(home) as ledger:
        found = state(ledger, entry_name(home), datetime.datetime.now(datetime.UTC))
    if as_json:
        click.echo(to_json(_as_object(found) if found else None))
    elif found is None:
        click.echo("No schedule is installed here: optout schedule install --every week", err=True)
    else:
        click.echo(_as_text(found))


@schedule.command(
    epilog="""\b
Example:
  optout schedule remove"""
)
def remove() -> None:
    """Take the schedule away, with everything that was written for it."""
    home = Home.of_user()
    with open_ledger(home) as ledger:
        removed = remove_schedule(ledger, entry_name(home))
    for system in removed:
        click.echo(f"Removed {system.title}.")
    if not removed:
        click.echo("No schedule is installed here.", err=True)


@schedule.command(
    epilog="""\b
Example:
  optout schedule run"""
)
@click.option(
    "--catch-up",
    is_flag=True,
    help="Do nothing unless one of the schedule's times has passed since the last run.",
)
@click.option(
    "--home",
    metavar="DIR",
    type=click.Path(file_okay=False),
    help="The installation's folder, as OPTOUT_HOME would name it.",
)
@site_option
@click.pass_context
def run(ctx: click.Context, *, catch_up: bool, home: str | None, site: str | None) -> None:
    """What the schedule calls: check what is due, and tell of what is found.

    Says nothing when all is well. Changes no setting, opens no window for anybody to sign in, and
    waits for nobody. Messages that did not arrive at an earlier run are sent again.
    """
    from optout.cli.scheduled_run import run_scheduled  # noqa: PLC0415 - the others need none of it

    if home:
        os.environ["OPTOUT_HOME"] = home
    with surroundings() as around:
        ctx.exit(int(run_scheduled(ctx, around, catch_up=catch_up, site=site)))


def _shown(planned: Planned) -> str:
    lines = [_texts(planned.texts)] if planned.texts else ["Nothing is written."]
    lines += [f"$ {' '.join(command)}" for command in planned.commands]
    return "\n".join(lines) + "\n"


def _texts(texts: Iterable[Written]) -> str:
    return "\n".join(f"\n--- {written.place}\n{written.text}" for written in texts)


def _as_text(found: State) -> str:
    stored, last = found.stored, found.last
    lines = [f"{stored.system}: {found.rhythm}, installed {stored.installed_at.astimezone():%Y-%m-%d}"]
    if last is None:
        lines.append("    has not run yet")
    else:
        ended = "not ended" if last.exit_status is None else f"exit status {last.exit_status}"
        lines.append(f"    last run: {last.started_at.astimezone():%Y-%m-%d %H:%M}, {ended}")
    lines.append(f"    next run: {found.next_time:%Y-%m-%d %H:%M}")
    lines += [f"    missed: {moment:%Y-%m-%d %H:%M}" for moment in found.missed]
    if found.gone:
        lines.append(
            f"    but {stored.system} has no such entry any more: "
            f"optout schedule install --every {stored.every} --at {stored.at}"
        )
    return "\n".join(lines) + ("\n" + _texts(found.written) if found.written else "")


def _as_object(found: State) -> dict[str, Any]:
    stored, last = found.stored, found.last
    return {
        "name": stored.name,
        "system": stored.system,
        "every": stored.every,
        "at": stored.at,
        "installed": stored.installed_at.isoformat(),
        "last_run": last.started_at.isoformat() if last else None,
        "last_exit_status": last.exit_status if last else None,
        "next_run": found.next_time.astimezone().isoformat(),
        "missed": [moment.astimezone().isoformat() for moment in found.missed],
        "written": {written.place: written.text for written in found.written},
    }
