"""What is due, and what has come back on, as commands say it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import click

from optout.ledger.history import Place
from optout.report.drift import drift_object, drift_text
from optout.report.machine import result_object
from optout.watch.rounds import due_now

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from optout.campaign.targets import Job
    from optout.flow.discovery import Flows
    from optout.ledger.ledger import Ledger
    from optout.model import Result
    from optout.watch.digest import Digest


def jobs_due(
    ledger: Ledger, flows: Flows, targets: Sequence[str], site: str | None, group: str | None = None
) -> list[Job]:
    """What is due; where nothing is, that is said on stderr."""
    now = datetime.datetime.now(datetime.UTC)
    found = due_now(ledger, flows, now, targets=targets, site=site, group=group)
    if not found.jobs:
        first = found.later[0] if found.later else None
        then = f" First: {first.place.target}, {first.at:%Y-%m-%d %H:%M} UTC." if first else ""
        click.echo(f"Nothing is due.{then}", err=True)
    return list(found.jobs)


def tell_drift(found: Digest, evidence: Path) -> None:
    """Print each target that is not as it was left."""
    for drift in found.drifts:
        click.echo(drift_text(drift, evidence))


def results_with_drift(results: Sequence[Result], found: Digest, evidence: Path) -> list[dict[str, Any]]:
    """Results as plain data, each with the drift of its target or null."""
    drifts = {drift.found.place: drift_object(drift, evidence) for drift in found.drifts}
    return [
        result_object(result)
        | {"drift": drifts.get(Place(result.target, result.origin, result.practice))}
        for result in results
    ]
