"""`optout report`: how far it is, what is left and why, what is proven and where."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import click

from optout.campaign.targets import not_a_target, parse_target
from optout.cli.bringing import bring
from optout.cli.options import group_option, installed_flows, known_group
from optout.cli.writing import write_file
from optout.errors import UsageProblem
from optout.home import Home
from optout.ledger.accounts import groups_of, list_accounts
from optout.ledger.coverage import Asked, histories, practice_histories
from optout.ledger.mandates import mandates_of
from optout.ledger.open import open_ledger
from optout.ledger.waivers import waivers_in_force
from optout.model import Account
from optout.report.coverage import gathered
from optout.report.coverage_text import coverage_text
from optout.report.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optout.ledger.coverage import History
    from optout.ledger.ledger import Ledger

_TEXT = click.Path(dir_okay=False, allow_dash=True)
_BINARY = click.Path(dir_okay=False)


@click.command(
    epilog="""\b
Examples:
  optout report
  optout report --html coverage.html --xlsx coverage.xlsx
  optout report --group sales
  optout report linkedin/ai-training --csv -"""
)
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@group_option
@click.option("--html", type=_TEXT, metavar="FILE", help="A page for people; - for stdout.")
@click.option("--csv", type=_TEXT, metavar="FILE", help="A line per target; - for stdout.")
@click.option("--json", type=_TEXT, metavar="FILE", help="The same for machines; - for stdout.")
@click.option("--xlsx", type=_BINARY, metavar="FILE", help="A workbook for Excel and its like.")
@click.option("--practice", is_flag=True, help="About practice sites, and about no platform at all.")
@click.pass_context
def report(
    ctx: click.Context,
    /,
    targets: tuple[str, ...],
    *,
    group: str | None,
    practice: bool,
    **files: str | None,
) -> None:
    """How many targets are out, with their proof; everything else by reason.

    Counts every account on the list, looked at or not, so that totals add up to it. Without a file
    the totals are printed. Several files can be written at once, and agree with each other.
    """
    wanted = {name: file for name, file in files.items() if file}
    if list(wanted.values()).count("-") > 1:
        raise UsageProblem(
            "only one format can go to stdout",
            found=", ".join(f"--{name} -" for name, file in wanted.items() if file == "-"),
            next_step="Name a file for the others.",
        )
    asked = [_named(text) for text in targets]
    usual = {flow.name: flow.settings[0].name for flow in installed_flows(ctx).flows.values()}
    home = Home.of_user()
    with open_ledger(home) as ledger:
        known_group(ledger, group)
        bring(home, ledger)
        found = (
            _practice(ledger, asked, group)
            if practice
            else histories(ledger, usual=usual, asked=asked, group=group)
        )
        now = datetime.datetime.now(datetime.UTC)
        with gathered(
            found,
            home.evidence,
            made_at=now,
            targets=targets,
            group=group,
            practice=practice,
            waivers=waivers_in_force(ledger, now),
            mandates=mandates_of(ledger, _accounts(ledger, asked, group)),
        ) as made:
            if not made.summary.population:
                raise _nothing(targets, practice=practice)
            for name, file in wanted.items():
                write_file(file, lambda out, name=name: FORMATS[name](made, out))  # type: ignore[misc]
            if not wanted:
                click.echo(coverage_text(made))


def _named(text: str) -> Asked:
    named = parse_target(text)
    if named is None:
        raise not_a_target(text)
    return Asked(named.platform, named.setting, named.login)


def _accounts(ledger: Ledger, asked: list[Asked], group: str | None) -> list[Account] | None:
    """Whose mandates are needed: of few accounts theirs, so that their page is there at once."""
    if group is not None:
        return [listed.account for listed in list_accounts(ledger, group=group)]
    logins = [Account(each.platform, each.login) for each in asked if each.login is not None]
    return logins if len(logins) == len(asked) > 0 else None


def _practice(ledger: Ledger, asked: list[Asked], group: str | None) -> Iterator[History]:
    groups = groups_of(ledger)
    for history in practice_histories(ledger):
        target = history.place.target
        belongs = groups.get(target.account, "")
        if group in (None, belongs) and (
            not asked
            or any(
                each.platform == target.account.platform
                and each.setting in (None, target.setting)
                and each.login in (None, target.account.login)
                for each in asked
            )
        ):
            yield history._replace(group=belongs)


def _nothing(targets: tuple[str, ...], *, practice: bool) -> UsageProblem:
    of = f" of {', '.join(targets)}" if targets else ""
    if practice:
        return UsageProblem(
            f"there is no visit to a practice site{of}", next_step="Make one: optout demo"
        )
    return UsageProblem(
        f"there are no accounts{of}",
        next_step="See those there are: optout account list. Add one: optout account add linkedin "
        "ada@example.org",
    )
