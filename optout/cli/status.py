"""`optout status`: what is known of every account and setting."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import click

from optout.cli.options import installed_flows, json_option
from optout.home import Home
from optout.ledger.history import Place
from optout.ledger.open import open_ledger
from optout.ledger.status import status as read_status
from optout.report.drift import drift_line, drift_object
from optout.report.due import when_due
from optout.report.machine import as_json as to_json
from optout.report.machine import status_object
from optout.report.plain import status_text
from optout.watch.overview import overview

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from optout.flow.discovery import Flows
    from optout.ledger.ledger import Ledger
    from optout.ledger.status import StatusRow
    from optout.watch.overview import Stand


@click.command(
    epilog="""\b
Examples:
  optout status
  optout status --json"""
)
@json_option
@click.pass_context
def status(ctx: click.Context, *, as_json: bool) -> None:
    """Every account and setting: reading, since when, last proof, when it is looked at again.

    Visits to practice sites are listed too and say so; they never count for the platform itself.
    """
    home = Home.of_user()
    flows = installed_flows(ctx)
    with open_ledger(home) as ledger:
        rows = read_status(ledger, practice=True)
        stands = _stands(ledger, flows, rows)
    now = datetime.datetime.now(datetime.UTC)
    if as_json:
        data = [
            status_object(row, home.evidence) | _object(stands.get(_place(row)), home.evidence, now)
            for row in rows
        ]
        click.echo(to_json(data))
    elif rows:
        click.echo(
            status_text(rows, home.evidence, now, lambda row: _lines(stands.get(_place(row)), now))
        )
    else:
        click.echo("No accounts yet. Add one: optout account add linkedin ada@example.org", err=True)


def _stands(ledger: Ledger, flows: Flows, rows: Sequence[StatusRow]) -> dict[Place, Stand]:
    """How the targets of the rows stand, on the platforms and on each practice site apart."""
    found: dict[Place, Stand] = {}
    for practice in {row.origin if row.practice else "" for row in rows}:
        here = {row.target.account for row in rows if (row.origin if row.practice else "") == practice}
        found |= overview(ledger, tuple(flows), here, practice=practice)
    return found


def _place(row: StatusRow) -> Place:
    return Place(row.target, row.origin, row.practice)


def _lines(stand: Stand | None, now: datetime.datetime) -> list[str]:
    if stand is None:
        return []
    drift = [f"drift: {drift_line(stand.drift)}", f"do: {stand.drift.what_to_do}"] if stand.drift else []
    return [*drift, *([f"due: {when_due(stand.due, now)}"] if stand.due else [])]


def _object(stand: Stand | None, evidence: Path, now: datetime.datetime) -> dict[str, Any]:
    due, drift = (stand.due, stand.drift) if stand else (None, None)
    return {
        "due": due.at.isoformat() if due and due.at else None,
        "is_due": due.is_due(now) if due else None,
        "drift": drift_object(drift, evidence) if drift else None,
    }
