"""`optout account mandate`."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import click

from optout.accounts.phrases import Unfit, mandate_from
from optout.campaign.scope import accounts_meant
from optout.cli.account_list import mandate_object
from optout.cli.options import group_option, json_option, known_group
from optout.errors import UsageProblem
from optout.home import Home
from optout.ledger.accounts import list_accounts
from optout.ledger.mandates import day_of, give_mandate, mandates_of, revoke_mandates
from optout.ledger.open import open_ledger
from optout.report.machine import as_json as to_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optout.ledger.accounts import ListedAccount
    from optout.ledger.ledger import Ledger
    from optout.ledger.mandates import Mandate
    from optout.model import Account


@click.command(
    epilog="""\b
Examples:
  optout account mandate --group sales --by 'Grace Hopper' --on 2026-11-01 --where 'letter 7'
  optout account mandate linkedin:ada@example.org
  optout account mandate linkedin:ada@example.org --revoke"""
)
@click.argument("accounts", nargs=-1, metavar="[PLATFORM|ACCOUNT]...")
@group_option
@click.option("--by", metavar="WHO", help="Who authorised optout to act for these accounts.")
@click.option("--on", metavar="DAY", help="When they did, such as 2026-11-01.")
@click.option("--where", metavar="TEXT", help="Where that is written down.")
@click.option("--until", metavar="DAY", help="The last day it holds (in UTC); without, until revoked.")
@click.option("--revoke", is_flag=True, help="Take back what was given; that it was stays on record.")
@json_option
def mandate(
    *,
    accounts: tuple[str, ...],
    group: str | None,
    by: str | None,
    on: str | None,
    where: str | None,
    until: str | None,
    revoke: bool,
    as_json: bool,
) -> None:
    """Who authorised optout to act for an account, and where to read that.

    Other people's accounts, which come from a roster, are visited with a mandate only; one that has
    expired stops that. Whoever signs in personally at the window has given it by that. Without options
    what there is is shown.
    """
    now = datetime.datetime.now(datetime.UTC)
    given = {"--by": by, "--on": on, "--where": where}
    giving = any(text is not None for text in (*given.values(), until))
    if giving and revoke:
        raise UsageProblem("a mandate is given or revoked, not both", next_step="Leave --revoke out.")
    if giving and (missing := [name for name, text in given.items() if text is None]):
        raise UsageProblem(
            f"a mandate needs {' and '.join(missing)}", next_step="See the example in --help."
        )
    with open_ledger(Home.of_user()) as ledger:
        known_group(ledger, group)
        listed = {each.account: each for each in list_accounts(ledger, group=group)}
        meant = accounts_meant(accounts, list(listed))
        if (giving or revoke) and not (accounts or group):
            raise UsageProblem(
                "it is not said whose mandate this is",
                next_step="Name platforms or accounts, or a --group.",
            )
        if giving:
            made = _made(by or "", on or "", where or "", until or "", day_of(now))
            give_mandate(ledger, meant, made, at=now)
            click.echo(f"Recorded for {_count(meant)}: {made}.")
        elif revoke:
            click.echo(f"Revoked for {_count(range(revoke_mandates(ledger, meant, at=now)))}.")
        else:
            _show(ledger, [listed[account] for account in meant], as_json=as_json)


def _made(by: str, on: str, where: str, until: str, today: datetime.date) -> Mandate:
    try:
        return mandate_from(by, on, where, until, today)
    except Unfit as unfit:
        raise UsageProblem(
            "the mandate cannot be recorded",
            found=str(unfit),
            next_step="Say who gave it, on which day, and where that is written down.",
        ) from None


def _count(accounts: Sequence[object]) -> str:
    return f"{len(accounts)} account{'s' if len(accounts) != 1 else ''}"


def _show(ledger: Ledger, listed: Sequence[ListedAccount], *, as_json: bool) -> None:
    mandates = mandates_of(ledger, [each.account for each in listed])
    if as_json:
        click.echo(to_json([_as_object(each.account, mandates) | {"own": each.own} for each in listed]))
        return
    for each in listed:
        none = "none needed: its owner added it" if each.own else "none"
        click.echo(f"{each.account}  {mandates.get(each.account) or none}")


def _as_object(account: Account, mandates: dict[Account, Mandate]) -> dict[str, object]:
    found = mandates.get(account)
    return {
        "platform": account.platform,
        "account": account.login,
        "mandate": mandate_object(found) if found else None,
    }
