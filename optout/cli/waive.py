"""`optout waive`: exceptions that show, expire, and are still checked."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import click

from optout.accounts.phrases import Unfit, parse_day, phrase
from optout.campaign.scope import targets_meant
from optout.cli.options import group_option, installed_flows, json_option, known_group
from optout.errors import UsageProblem
from optout.home import Home
from optout.ledger.accounts import list_accounts
from optout.ledger.mandates import day_of
from optout.ledger.open import open_ledger
from optout.ledger.waivers import list_waivers, withdraw_waivers
from optout.ledger.waivers import waive as record_waiver
from optout.report.machine import as_json as to_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optout.ledger.ledger import Ledger
    from optout.ledger.waivers import Waiver
    from optout.model import Target


@click.command(
    epilog="""\b
Examples:
  optout waive linkedin/ads:ada@example.org --reason 'trial' --until 2027-03-31
  optout waive linkedin --group press --reason 'decision 12' --until 2027-12-31
  optout waive
  optout waive linkedin:ada@example.org --withdraw"""
)
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@group_option
@click.option("--reason", metavar="TEXT", help="Why it may be in.")
@click.option("--until", metavar="DAY", help="The last day it may (in UTC), such as 2026-12-31.")
@click.option("--by", metavar="WHO", help="Who has accepted that.")
@click.option("--withdraw", is_flag=True, help="Take it back; that it was accepted stays on record.")
@json_option
@click.pass_context
def waive(
    ctx: click.Context,
    *,
    targets: tuple[str, ...],
    group: str | None,
    reason: str | None,
    until: str | None,
    by: str | None,
    withdraw: bool,
    as_json: bool,
) -> None:
    """Accept that a setting is in, for a reason and until a day.

    What is waived is still looked at, and never switched off; it shows in reports as waived, and after
    its last day counts as before. Without --reason the waivers are shown, expired ones too.
    """
    now = datetime.datetime.now(datetime.UTC)
    given = {"--reason": reason, "--until": until}
    waiving = any(text is not None for text in (*given.values(), by))
    if waiving and withdraw:
        raise UsageProblem("a waiver is made or withdrawn, not both", next_step="Leave --withdraw out.")
    if waiving and (missing := [name for name, text in given.items() if not (text or "").strip()]):
        raise UsageProblem(
            f"a waiver needs {' and '.join(missing)}", next_step="See the example in --help."
        )
    with open_ledger(Home.of_user()) as ledger:
        known_group(ledger, group)
        if not (waiving or withdraw) and not targets and group is None:
            _show(list_waivers(ledger), now, as_json=as_json)
            return
        if not (targets or group):
            raise UsageProblem(
                "it is not said which targets this is about", next_step="Name them, or a --group."
            )
        accounts = [listed.account for listed in list_accounts(ledger, group=group)]
        meant = targets_meant(targets, installed_flows(ctx), accounts)
        if waiving:
            _waive(ledger, meant, (reason or "", until or "", by or ""), now)
        elif withdraw:
            taken = withdraw_waivers(ledger, meant, at=now)
            click.echo(f"Withdrawn for {_count(taken)}." if taken else "There was none.")
        else:
            wanted = set(meant)
            _show([each for each in list_waivers(ledger) if each.target in wanted], now, as_json=as_json)


def _waive(
    ledger: Ledger, meant: Sequence[Target], words: tuple[str, str, str], now: datetime.datetime
) -> None:
    try:
        reason, by = phrase(words[0], "reason"), phrase(words[2], "giver")
        until = parse_day(words[1], "last day")
    except Unfit as unfit:
        raise UsageProblem(
            "the waiver cannot be recorded",
            found=str(unfit),
            next_step="Say why, and until which day, such as --until 2026-12-31.",
        ) from None
    if until < day_of(now):
        raise UsageProblem(
            f"a waiver until {until} has expired already", next_step="Name a day that is still to come."
        )
    record_waiver(ledger, meant, reason=reason, until=until, by=by, at=now)
    click.echo(f"Waived until {until} for {_count(len(meant))}. They are still looked at.")


def _count(targets: int) -> str:
    return f"{targets} target{'s' if targets != 1 else ''}"


def _show(waivers: Sequence[Waiver], now: datetime.datetime, *, as_json: bool) -> None:
    if as_json:
        click.echo(to_json([_as_object(each, now) for each in waivers]))
        return
    for each in waivers:
        click.echo(f"{each.target}  {'' if each.holds_at(now) else 'EXPIRED, '}{each}")
    if not waivers:
        click.echo("Nothing is waived.", err=True)


def _as_object(waiver: Waiver, now: datetime.datetime) -> dict[str, Any]:
    return {
        "platform": waiver.target.account.platform,
        "setting": waiver.target.setting,
        "account": waiver.target.account.login,
        "reason": waiver.reason,
        "until": waiver.until.isoformat(),
        "by": waiver.by or None,
        "recorded": waiver.recorded_at.isoformat(),
        "in_force": waiver.holds_at(now),
    }
