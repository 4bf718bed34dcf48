"""Which accounts and targets are meant by what applies to many at once: mandates and waivers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.accounts.logins import parse_login
from optout.campaign.by_hand import find_setting
from optout.campaign.platforms import did_you_mean, find_platform
from optout.campaign.targets import not_a_target, parse_target
from optout.errors import UsageProblem
from optout.model import Account, Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from optout.campaign.targets import Named
    from optout.flow.discovery import Flows


def accounts_meant(texts: Sequence[str], accounts: Sequence[Account]) -> list[Account]:
    """The accounts that platforms and accounts stand for; all of them where none is named.

    Args:
        texts: as typed, such as `linkedin` or `linkedin:ada@example.org`.
        accounts: among which.

    Raises:
        UsageProblem: a text names a setting, or nothing that is among them.
    """
    found: dict[Account, None] = {} if texts else dict.fromkeys(accounts)
    for text in texts:
        named = _parsed(text)
        if named.setting:
            raise UsageProblem(
                f'"{text[:80]}" names a setting, and this is about whole accounts',
                next_step="Leave out the part after the slash.",
            )
        found |= dict.fromkeys(_here(named, accounts))
    return list(found)


def targets_meant(texts: Sequence[str], flows: Flows, accounts: Sequence[Account]) -> list[Target]:
    """The targets that texts stand for; where they name no setting, the platform's first.

    Args:
        texts: as typed.
        flows: what is installed.
        accounts: among which; every one where no text is given.

    Raises:
        UsageProblem: a text names something that does not exist, or no account that is among them.
    """
    found: dict[Target, None] = {}
    for text in texts or map(str, accounts):
        named = _parsed(text)
        setting = find_setting(find_platform(flows, named.platform), named.setting)
        found |= {Target(account, setting.name): None for account in _here(named, accounts)}
    return list(found)


def _parsed(text: str) -> Named:
    named = parse_target(text)
    if named is None:
        raise not_a_target(text)
    return named


def _here(named: Named, accounts: Iterable[Account]) -> list[Account]:
    login = parse_login(named.login) if named.login else None
    there = [account for account in accounts if account.platform == named.platform]
    found = [account for account in there if login in (None, account.login)]
    if not found:
        meant = f"{named.platform}:{login}" if login else f"any account of {named.platform}"
        near = did_you_mean(login, [account.login for account in there]) if login else ""
        raise UsageProblem(
            f"{meant} is not among the accounts that this is about",
            next_step=f"See: optout account list. {near}".strip(),
        )
    return found
