"""`optout status`: what is known of every account and setting."""

from __future__ import annotations

import datetime
import shlex
import sys
from typing import TYPE_CHECKING, Any

import click

from optout.campaign.targets import parse_target
from optout.cli.options import group_option, installed_flows, json_option, known_group
from optout.errors import UsageProblem
from optout.home import Home
from optout.ledger.accounts import groups_of
from optout.ledger.history import Place
from optout.ledger.open import open_ledger
from optout.ledger.status import pages
from optout.ledger.status import status as read_status
from optout.ledger.waivers import waivers_in_force
from optout.model import Account
from optout.report.drift import drift_line, drift_object
from optout.report.due import when_due
from optout.report.machine import list_as_json, status_object
from optout.report.plain import status_text
from optout.watch.overview import overview

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from optout.flow.discovery import Flows
    from optout.ledger.ledger import Ledger
    from optout.ledger.status import StatusRow
    from optout.ledger.waivers import Waiver
    from optout.model import Target
    from optout.watch.overview import Stand


_AT_ONCE = 200
_SHOWN = 100


@click.command(
    epilog="""\b
Examples:
  optout status
  optout status --group sales --limit 20
  optout status --after linkedin:ada@example.org
  optout status --json"""
)
@group_option
@click.option("--after", metavar="ACCOUNT", help="Begin after this account, as the page before says.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    help=f"At most so many accounts. Default: {_SHOWN} on a terminal, all of them elsewhere.",
)
@json_option
@click.pass_context
def status(
    ctx: click.Context, *, group: str | None, after: str | None, limit: int | None, as_json: bool
) -> None:
    """Every account and setting: reading, since when, last proof, when it is looked at again.

    Visits to practice sites are listed too and say so; they never count for the platform itself.
    """
    home = Home.of_user()
    flows = installed_flows(ctx)
    if limit is None and sys.stdout.isatty() and not as_json:
        limit = _SHOWN
    with open_ledger(home) as ledger:
        known_group(ledger, group)
        shown = _Page(ledger, flows, home.evidence)
        wanted = pages(ledger, size=min(_AT_ONCE, limit or _AT_ONCE), group=group, after=_account(after))
        found = shown.rows(wanted, limit)
        if as_json:
            for piece in list_as_json(shown.object_of(row) for row in found):
                click.echo(piece, nl=False)
            return
        for row in found:
            click.echo(shown.text_of(row))
    if shown.more:
        _say_more(shown.accounts, shown.more, group)
    elif not shown.accounts:
        said = "No further accounts." if after else _NONE
        click.echo(said, err=True)


_NONE = "No accounts yet. Add one: optout account add linkedin ada@example.org"


class _Page:
    """Rows with what they say beside the ledger's own words, read some accounts at a time.

    Attributes:
        accounts: how many were shown.
        more: the last of them, where others come after it.
    """

    def __init__(self, ledger: Ledger, flows: Flows, evidence: Path) -> None:
        self.accounts = 0
        self.more: Account | None = None
        self._ledger, self._flows, self._evidence = ledger, flows, evidence
        self._now = datetime.datetime.now(datetime.UTC)
        self._stands: dict[Place, Stand] = {}
        self._waivers: dict[Target, Waiver] = {}
        self._groups: dict[Account, str] = {}

    def rows(self, wanted: Iterator[dict[Account, bool]], limit: int | None) -> Iterator[StatusRow]:
        """The rows of some pages, until there are as many accounts as wanted."""
        for page in wanted:
            left = len(page) if limit is None else limit - self.accounts
            if left <= 0:
                return
            accounts = list(page)[:left]
            rows = read_status(self._ledger, accounts, practice=True)
            # Whoever is not on the list has practice visits only, and nothing left to be looked at.
            rows = [row for row in rows if row.outcome is not None or page[row.target.account]]
            self._stands = _stands(self._ledger, self._flows, rows)
            self._waivers = waivers_in_force(self._ledger, self._now, accounts)
            self._groups = groups_of(self._ledger, accounts)
            yield from rows
            self.accounts += len(accounts)
            self.more = accounts[-1] if self.accounts == limit else None
            if len(accounts) < len(page):
                return
        self.more = None

    def text_of(self, row: StatusRow) -> str:
        """A row for people."""
        waiver = self._waivers.get(row.target)
        lines = [*([str(waiver)] if waiver else []), *_lines(self._stands.get(_place(row)), self._now)]
        return status_text([row], self._evidence, self._now, lambda _: lines)

    def object_of(self, row: StatusRow) -> dict[str, Any]:
        """A row for machines."""
        waiver = self._waivers.get(row.target)
        return (
            status_object(row, self._evidence)
            | _object(self._stands.get(_place(row)), self._evidence, self._now)
            | {
                "group": self._groups.get(row.target.account),
                "waiver": str(waiver) if waiver else None,
            }
        )


def _account(text: str | None) -> Account | None:
    if text is None:
        return None
    named = parse_target(text)
    if named is None or named.login is None or named.setting:
        raise UsageProblem(
            f'"{text[:80]}" is not an account', expected="one such as linkedin:ada@example.org"
        )
    return Account(named.platform, named.login)


def _say_more(shown: int, last: Account, group: str | None) -> None:
    of_group = f" --group {shlex.quote(group)}" if group else ""
    click.echo(
        f"These are {shown} accounts. The next: optout status{of_group} --after "
        f"{shlex.quote(str(last))}. All in numbers: optout report{of_group}",
        err=True,
    )


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
