"""`optout flow list`: whose code is here."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from optout.cli.options import json_option
from optout.errors import FlowBroken
from optout.flow.discovery import discover, flow_files, third_party_entries
from optout.flow.folder import FlowFolder
from optout.flow.trust import TrustBook, spelled_out
from optout.home import Home
from optout.report.machine import as_json as to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True)
class _Line:
    """One flow.

    Attributes:
        name: the platform's; empty where its source does not say.
        where: what brought it.
        state: whether its code may run: `part of optout`, `accepted`, `changed`, `not accepted`, or
            `cannot be looked at`.
        detail: since when, or why not.
    """

    name: str
    where: str
    state: str
    detail: str = ""


@click.command(
    epilog="""\b
Examples:
  optout flow list
  optout --flows my-flows flow list --json"""
)
@json_option
@click.pass_context
def list(ctx: click.Context, *, as_json: bool) -> None:  # noqa: A001 - the command's name
    """Every flow, whose it is, and whether its code may run.

    Nothing that you have not accepted is run to tell.
    """
    given = (ctx.find_root().obj or {}).get("flows")
    book = TrustBook.of(Home.of_user())
    lines = [_Line(each.name, "optout", "part of optout", f"of {each.version}") for each in discover()]
    lines += [_line(where, look, book) for where, look in _others(Path(given) if given else None)]
    if as_json:
        click.echo(to_json([asdict(line) for line in lines]))
        return
    width = max(len(line.name) for line in lines)
    for line in lines:
        whose = "" if line.where == "optout" else f"  {line.where}"
        click.echo(f"{line.name or '?':{width}}  {line.state} {line.detail}".rstrip() + whose)


def _others(folder: Path | None) -> Iterator[tuple[str, Callable[[], FlowFolder]]]:
    for entry in third_party_entries():
        yield entry.name, lambda entry=entry: FlowFolder.of_entry(entry)  # type: ignore[misc]
    for file in flow_files(folder) if folder else ():
        yield str(file.parent), lambda file=file: FlowFolder.at(file.parent)  # type: ignore[misc]


def _line(where: str, look: Callable[[], FlowFolder], book: TrustBook) -> _Line:
    try:
        found = look()
        name = spelled_out(found.states().name)
    except (FlowBroken, OSError, SyntaxError) as error:
        return _Line("", where, "cannot be looked at", str(error))
    entry = book.entry(found)
    if entry is None:
        return _Line(name, found.where, "not accepted")
    if entry.digest == found.digest:
        return _Line(name, found.where, "accepted", f"on {entry.at[:10]}")
    return _Line(
        name, found.where, "changed", f"since {entry.at[:10]}: {', '.join(entry.changed(found))}"
    )
