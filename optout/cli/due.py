"""`optout due`: when each setting is looked at again, and the rules behind it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import click

from optout.campaign.targets import not_a_target, parse_target, select
from optout.cli.options import (
    group_option,
    installed_flows,
    json_option,
    known_group,
    site_option,
)
from optout.errors import UsageProblem
from optout.home import Home
from optout.ledger.accounts import list_accounts
from optout.ledger.open import open_ledger
from optout.ledger.watch_rules import WatchRule, list_rules, set_rule, unset_rule
from optout.ledger.watch_tables import Scope
from optout.model import Account
from optout.report.due import due_object, due_text, rules_object, rules_text
from optout.report.machine import as_json as to_json
from optout.visit.site import loopback_origin
from optout.watch.due import calendar
from optout.watch.rules import check_rule, parse_rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optout.ledger.ledger import Ledger


@click.command(
    epilog="""\b
Examples:
  optout due
  optout due --rules
  optout due --set proven-out=30
  optout due linkedin --set unreadable=2 --set misses=3
  optout due --group sales --set waived=14
  optout due linkedin:ada@example.org --unset proven-out"""
)
@click.argument("where", required=False, metavar="[PLATFORM|ACCOUNT]")
@click.option("--set", "chosen", multiple=True, metavar="EVENT=DAYS", help="Days after an event.")
@click.option("--unset", multiple=True, metavar="EVENT", help="Back to what holds elsewhere.")
@group_option
@click.option("--rules", is_flag=True, help="The rules, instead of the dates.")
@site_option
@json_option
@click.pass_context
def due(
    ctx: click.Context,
    where: str | None,
    *,
    group: str | None,
    chosen: tuple[str, ...],
    unset: tuple[str, ...],
    rules: bool,
    site: str | None,
    as_json: bool,
) -> None:
    """When each setting is looked at again, the soonest first.

    `optout check --due` looks at what is due, `optout schedule` has that done by itself.

    Rules say how long after which event. They hold everywhere, for a platform, a group or an account;
    the narrowest one wins.
    """
    scope, name = _scope(where, group if chosen or unset else None)
    with open_ledger(Home.of_user()) as ledger:
        known_group(ledger, group)
        if chosen or unset:
            _change(ledger, scope, name, chosen, unset)
        if rules or chosen or unset:
            found = list_rules(ledger)
            click.echo(to_json(rules_object(found)) if as_json else rules_text(found))
            return
        flows = installed_flows(ctx)
        accounts = [listed.account for listed in list_accounts(ledger, group=group)]
        jobs = select([where] if where else [], flows, accounts)
        practice = loopback_origin(site) if site else ""
        dues = calendar(ledger, tuple(flows), [job.account for job in jobs], practice=practice)
    now = datetime.datetime.now(datetime.UTC)
    click.echo(to_json([due_object(each, now) for each in dues]) if as_json else due_text(dues, now))


def _scope(where: str | None, group: str | None) -> tuple[Scope, str]:
    if group is not None:
        if where is not None:
            raise UsageProblem(
                "a rule is for a group, or for a platform or an account, and not for both",
                next_step="Leave one of them out.",
            )
        return Scope.GROUP, group
    if where is None:
        return Scope.EVERYWHERE, ""
    named = parse_target(where)
    if named is None:
        raise not_a_target(where)
    if named.setting:
        raise UsageProblem(
            "rules are for platforms and accounts, not for single settings",
            next_step="Leave out the part after the slash.",
        )
    if named.login is None:
        return Scope.PLATFORM, named.platform
    return Scope.ACCOUNT, str(Account(named.platform, named.login))


def _change(
    ledger: Ledger, scope: Scope, name: str, chosen: Sequence[str], unset: Sequence[str]
) -> None:
    """Set and take back rules: all of them, or none where one of them cannot be."""
    rules = [WatchRule(scope, name, *parse_rule(text)) for text in chosen]
    for word in unset:
        check_rule(word)
    now = datetime.datetime.now(datetime.UTC)
    for rule in rules:
        set_rule(ledger, rule, at=now)
    for word in unset:
        if not unset_rule(ledger, scope, name, word):
            click.echo(f"There was no rule {word} for {name or 'everywhere'}.", err=True)
