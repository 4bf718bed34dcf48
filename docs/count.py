"""Print how long flows are, how much of each is tried, and what is known: `make numbers`."""

from __future__ import annotations

import inspect
import statistics
from pathlib import Path

import click

from optout.authors.suite import rows_of
from optout.campaign.platforms import all_platforms
from optout.flow.discovery import discover
from optout.practice.load import practice_site_of


def main() -> None:
    """Count, and print a line per number."""
    flows = discover()
    sheets = {flow.name: Path(inspect.getfile(type(flow))) for flow in flows}
    alone = {name: _lines(file) for name, file in sheets.items()}
    # Some keep labels, scenes or further settings beside it; those are facts as well.
    whole = {name: sum(map(_lines, file.parent.glob("*.py"))) for name, file in sheets.items()}
    tried = {flow.name: rows_of(practice_site_of(flow)) for flow in flows}
    conditions = {row.condition for rows in tried.values() for row in rows}
    known = all_platforms(flows).values()
    sourced = [each for each in known if any(setting.sources for setting in each.settings)]
    click.echo(f"flows: {len(alone)}")
    click.echo(f"lines of flow.py: {_spread(alone)}")
    click.echo(f"lines of all its facts: {_spread(whole)}")
    click.echo(
        f"conditions × flows: {sum(len({row.condition for row in rows}) for rows in tried.values())} "
        f"({len(conditions)} conditions), in {sum(map(len, tried.values()))} visits"
    )
    click.echo(f"platforms known: {len(known)}, with a source {len(sourced)}")


def _lines(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


def _spread(lines: dict[str, int]) -> str:
    largest = max(lines, key=lambda name: lines[name])
    return f"median {statistics.median(lines.values()):g}, largest {lines[largest]} ({largest})"


if __name__ == "__main__":
    main()
