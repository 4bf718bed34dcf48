"""`optout account import`."""

from __future__ import annotations

import datetime
import shutil
import sys
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from optout.campaign.platforms import all_platforms
from optout.campaign.rosters import Intake, import_roster
from optout.cli.options import installed_flows, json_option
from optout.errors import UsageProblem
from optout.home import Home
from optout.ledger.open import open_ledger
from optout.model import ExitBit
from optout.report.cells import visible
from optout.report.machine import as_json as to_json

if TYPE_CHECKING:
    from optout.accounts.roster_text import Fault
    from optout.ledger.roster import Difference

_SHOWN = 100
_EXPLAINED = """\b
The first line names the columns; platform and login have to be there:
  platform, login, name, group, mandate_by, mandate_on, mandate_where, mandate_until
Days are written 2026-11-22. Comma, semicolon or tab; UTF-8, or UTF-16 as Excel writes it.

\b
Examples:
  optout account import staff.csv --dry-run
  optout account import staff.csv"""


@click.command(name="import", epilog=_EXPLAINED)
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True), metavar="FILE")
@click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
@click.option("--skip-bad", is_flag=True, help="Leave bad rows out, instead of importing nothing.")
@json_option
@click.pass_context
def import_(ctx: click.Context, file: str, *, dry_run: bool, skip_bad: bool, as_json: bool) -> None:
    """Take in a roster: a CSV of an organisation's accounts, with groups and mandates.

    Every bad row is named, and then nothing is imported. What is imported again is an update: what it
    changes is shown. A roster holds no secrets, and one that seems to is refused.
    """
    platforms = all_platforms(installed_flows(ctx))
    shown, faults = _Shown(as_json=as_json), list[dict[str, Any]]()

    def fault(found: Fault) -> None:
        faults.append({"line": found.line, "reason": found.reason})
        if not as_json:
            click.echo(f"line {found.line}: {found.reason}", err=True)

    with open_ledger(Home.of_user()) as ledger, _opened(file) as roster:
        intake = import_roster(
            ledger,
            roster,
            platforms,
            at=datetime.datetime.now(datetime.UTC),
            dry_run=dry_run,
            skip_bad=skip_bad,
            on_difference=shown.add,
            on_fault=fault,
        )
    if as_json:
        click.echo(to_json(_as_object(intake, faults, shown)))
    else:
        stopped = intake.refused and not skip_bad
        shown.tell(intake, dry_run=dry_run, stopped=bool(stopped))
    if intake.refused and not skip_bad:
        ctx.exit(int(ExitBit.USAGE))


class _Shown:
    """The differences as they are shown: the first of them where there are very many."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.objects: list[dict[str, Any]] = []
        self.lines: list[str] = []

    def add(self, found: Difference) -> None:
        """Take note of one account."""
        if self.as_json:
            self.objects.append(_difference_object(found))
        elif len(self.lines) < _SHOWN:
            changes = [
                f"{name} {_quoted(before)} → {_quoted(after)}" if before else f"{name} {_quoted(after)}"
                for name, before, after in found.changes
            ]
            self.lines.append(
                f"{'+' if found.new else '~'} {found.account}  {', '.join(changes)}".rstrip()
            )

    def tell(self, intake: Intake, *, dry_run: bool, stopped: bool) -> None:
        """Print what is different, and how it went."""
        if not stopped:
            for line in self.lines:
                click.echo(line)
            if left := intake.new + intake.changed - len(self.lines):
                click.echo(f"… and {left} more; all of them: --json")
        for column in intake.ignored:
            click.echo(f"The column {_quoted(column)} is not read.", err=True)
        counts = f"{intake.new} new, {intake.changed} changed, {intake.same} as they were"
        if stopped:
            click.echo(
                f"Nothing was imported: of {intake.rows} rows {intake.refused} cannot be taken. Mend "
                "them and import again, or leave them out with --skip-bad.",
                err=True,
            )
        elif dry_run:
            click.echo(f"Nothing was imported: this was a dry run. It would be {counts}.", err=True)
        else:
            left_out = f", {intake.refused} left out" if intake.refused else ""
            click.echo(f"Imported: {counts}{left_out}.", err=True)


def _opened(file: str) -> IO[bytes]:
    if file == "-":
        # All of it first: the ledger is not kept waiting for whoever writes the other end of a pipe.
        arrived = tempfile.TemporaryFile()  # noqa: SIM115 - its user closes it
        shutil.copyfileobj(sys.stdin.buffer, arrived)
        arrived.seek(0)
        return arrived
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise UsageProblem(
            f"{file} cannot be read",
            found=error.strerror or type(error).__name__,
            next_step="Name a file that is there and that you may read.",
        ) from None


def _quoted(text: str) -> str:
    return f'"{visible(text)}"'


def _difference_object(found: Difference) -> dict[str, Any]:
    return {
        "line": found.line,
        "platform": found.account.platform,
        "account": found.account.login,
        "new": found.new,
        "changes": {name: {"before": before, "after": after} for name, before, after in found.changes},
    }


def _as_object(intake: Intake, faults: list[dict[str, Any]], shown: _Shown) -> dict[str, Any]:
    return {
        "imported": intake.kept,
        "new": intake.new,
        "changed": intake.changed,
        "same": intake.same,
        "refused": faults,
        "ignored_columns": list(intake.ignored),
        "differences": shown.objects,
    }
