"""Targets that no visit can reach, and what the person does instead."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from optout.accounts.logins import parse_login
from optout.campaign.platforms import Platform, Way, did_you_mean, known_platform
from optout.campaign.targets import Named, parse_target
from optout.catalogue.entry import Kind
from optout.errors import PersonNeeded, UsageProblem
from optout.ledger.status import status
from optout.model import Account, Outcome, Reading, Result, Target, Why

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optout.catalogue.entry import Setting
    from optout.flow.discovery import Flows
    from optout.ledger.ledger import Ledger

_IS = {
    Way.LETTER: "it takes a letter that you send",
    Way.STEPS: "it is done by hand",
    Way.NOTHING: "the platform offers no opt-out",
}


def find_setting(platform: Platform, name: str | None) -> Setting:
    """The setting of this name, or the platform's first where none is named.

    Raises:
        UsageProblem: it has no such setting.
    """
    found = platform.setting(name) if name else platform.settings[0]
    if found:
        return found
    names = [setting.name for setting in platform.settings]
    raise UsageProblem(
        f'{platform.title} has no setting "{name}"',
        expected=f"one of {', '.join(names)}",
        next_step=did_you_mean(str(name), names),
    )


def instead(platform: Platform, setting: Setting, login: str = "") -> str:
    """What the person can do about a setting that no flow visits."""
    target = f"{platform.name}/{setting.name}" + (f":{login}" if login else "")
    way = platform.way(setting)
    if way is Way.NOTHING:
        return setting.instead
    return (
        f"Write it: optout letter {target}" if way is Way.LETTER else f"See how: optout guide {target}"
    )


def set_apart(
    texts: Sequence[str],
    flows: Flows,
    accounts: Sequence[Account],
    ledger: Ledger,
    *,
    practice: bool = False,
) -> tuple[list[str], list[Result]]:
    """Take what no flow visits out of what a person asked for, and forms that were sent already.

    Args:
        texts: targets as typed; none means every account.
        flows: what is installed.
        accounts: what is in the ledger.
        ledger: where claims are.
        practice: whether it is asked of a practice site, where every form is sent anew.

    Returns:
        The targets that are left to visits, and a result for each of the others: `claimed` where that
        is the last that was recorded, else `needs-person`.

    Raises:
        UsageProblem: the login of such a target is none.
        PersonNeeded: such a target names no account, and there is none.
    """
    left: list[str] = []
    apart: dict[Target, Result] = {}
    for text in texts or map(str, accounts):
        named = parse_target(text)
        platform = known_platform(flows, named.platform) if named else None
        setting = platform and named and _not_visited(platform, named)
        if named and platform and _is_form(platform, named) and not practice:
            unsent, sent = _sent_before(named, accounts, ledger)
            left += unsent or ([] if sent else [text])
            apart |= sent
            continue
        if not (named and platform and setting):
            left.append(text)
            continue
        for account in _accounts(named, platform, setting, accounts):
            result = _needs_person(platform, setting, account)
            apart[result.target] = result
    claims = _claims(ledger, {target.account for target in apart}) if apart else {}
    results = [claims.get(target, result) for target, result in apart.items()]
    return left if texts else [], results


def _is_form(platform: Platform, named: Named) -> bool:
    """Whether it is a form that a visit fills in."""
    setting = platform.setting(named.setting) if named.setting else None
    return setting is not None and setting.kind is Kind.FORM and platform.visits(setting)


def _sent_before(
    named: Named, accounts: Sequence[Account], ledger: Ledger
) -> tuple[list[str], dict[Target, Result]]:
    """The targets whose form was not sent yet, as typed, and the claims that it was."""
    login = parse_login(named.login) if named.login else None
    here = [each for each in accounts if each.platform == named.platform and login in (None, each.login)]
    targets = [Target(account, str(named.setting)) for account in here]
    claims = _claims(ledger, set(here)) if here else {}
    sent = {target: claims[target] for target in targets if target in claims}
    return [str(target) for target in targets if target not in sent], sent


def _not_visited(platform: Platform, named: Named) -> Setting | None:
    """The setting that is meant, if no flow visits it."""
    setting = platform.setting(named.setting) if named.setting else platform.settings[0]
    return setting if setting and not platform.visits(setting) else None


def _accounts(
    named: Named, platform: Platform, setting: Setting, accounts: Sequence[Account]
) -> Iterator[Account]:
    if named.login is not None:
        yield Account(platform.name, parse_login(named.login))
        return
    here = [account for account in accounts if account.platform == platform.name]
    if not here:
        raise PersonNeeded(
            f"optout does not visit {platform.title} for this: {_IS[platform.way(setting)]}",
            next_step=instead(platform, setting),
            why=Why.BY_HAND,
        )
    yield from here


def _needs_person(platform: Platform, setting: Setting, account: Account) -> Result:
    return Result(
        target=Target(account, setting.name),
        at=datetime.datetime.now(datetime.UTC),
        reading=Reading.UNKNOWN,
        outcome=Outcome.NEEDS_PERSON,
        why=Why.BY_HAND,
        reason=f"optout does not visit {platform.title} for this: {_IS[platform.way(setting)]}",
        next_step=instead(platform, setting, account.login),
    )


def _claims(ledger: Ledger, accounts: set[Account]) -> dict[Target, Result]:
    """What was claimed of these accounts, and nothing newer said otherwise."""
    return {
        row.target: Result(
            target=row.target,
            at=row.at,
            reading=Reading.UNKNOWN,
            outcome=Outcome.CLAIMED,
            why=row.why,
            reason=row.reason,
            next_step=row.next_step,
        )
        for row in status(ledger, accounts)
        if row.outcome is Outcome.CLAIMED and row.at and not row.practice
    }
