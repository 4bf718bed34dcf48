"""What a TARGET on the command line means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from optout.accounts.logins import parse_login
from optout.campaign.platforms import did_you_mean, known_platform
from optout.catalogue.load import catalogue_names
from optout.errors import UsageProblem
from optout.model import Account

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optout.flow import Flow, Setting
    from optout.flow.discovery import Flows

_SHAPE = re.compile(r"(?P<platform>[^/:]+)(?:/(?P<setting>[^/:]+))?(?::(?P<login>.+))?")
_EXAMPLES = "linkedin, linkedin:ada@example.org or linkedin/ai-training:ada@example.org"


@dataclass(frozen=True)
class Job:
    """One account and the settings to visit there."""

    account: Account
    flow: Flow
    settings: tuple[Setting, ...]


@dataclass(frozen=True)
class Named:
    """What a target names, whether or not that exists."""

    platform: str
    setting: str | None
    login: str | None


def parse_target(text: str) -> Named | None:
    """What a text names, or None where it has no target's shape."""
    match = _SHAPE.fullmatch(text)
    return Named(match["platform"], match["setting"], match["login"]) if match else None


def not_a_target(text: str) -> UsageProblem:
    """The error for a text of another shape."""
    return UsageProblem(f'"{text[:80]}" is not a target', expected=_EXAMPLES)


def find_flow(flows: Flows, platform: str) -> Flow:
    """The flow of a platform.

    Raises:
        UsageProblem: there is none; says what to do instead, or names the nearest.
    """
    if flow := flows.flows.get(platform):
        return flow
    if by_hand := known_platform(flows, platform):
        raise UsageProblem(
            f"optout does not visit {by_hand.title}",
            expected=f"one of {', '.join(flows.flows) or 'none at all: no flow is installed'}",
            next_step=f"What can be done there: optout guide {platform}",
        )
    raise UsageProblem(
        f'there is no platform "{platform}"',
        expected=f"one of {', '.join(flows.flows) or 'none at all: no flow is installed'}",
        next_step=did_you_mean(platform, flows.flows) or did_you_mean(platform, catalogue_names()),
    )


def select(texts: Sequence[str], flows: Flows, accounts: Sequence[Account]) -> list[Job]:
    """The jobs that targets name, in the order given; every account where none is named.

    Args:
        texts: targets as typed.
        flows: what is installed.
        accounts: what is in the ledger.

    Raises:
        UsageProblem: a target names something that does not exist, or there are no accounts.
    """
    if not accounts:
        raise UsageProblem(
            "there are no accounts yet",
            next_step="Add one: optout account add linkedin ada@example.org, or try: optout demo",
        )
    if not texts:
        known = [account for account in accounts if account.platform in flows.flows]
        found = [(account, find_flow(flows, account.platform)) for account in known]
        return [Job(account, flow, flow.settings[:1]) for account, flow in found]
    jobs: dict[Account, Job] = {}
    for text in texts:
        for job in _named(text, flows, accounts):
            earlier = jobs.get(job.account)
            jobs[job.account] = _merged(earlier, job) if earlier else job
    return list(jobs.values())


def without_flow(flows: Flows, accounts: Sequence[Account]) -> list[Account]:
    """The accounts of platforms that no flow found here knows."""
    return [account for account in accounts if account.platform not in flows.flows]


def _named(text: str, flows: Flows, accounts: Sequence[Account]) -> list[Job]:
    named = parse_target(text)
    if named is None:
        raise not_a_target(text)
    flow = find_flow(flows, named.platform)
    settings = _find_settings(flow, named.setting) if named.setting else flow.settings[:1]
    here = [account for account in accounts if account.platform == flow.name]
    if named.login is None:
        if not here:
            raise UsageProblem(
                f"there are no {flow.title} accounts yet",
                next_step=f"Add one: optout account add {flow.name} ada@example.org",
            )
        return [Job(account, flow, settings) for account in here]
    account = Account(flow.name, parse_login(named.login))
    if account not in here:
        raise UsageProblem(
            f"{account} is not in the list of accounts",
            next_step=(
                f"Add it: optout account add {flow.name} {account.login}. "
                + did_you_mean(account.login, [known.login for known in here])
            ).strip(),
        )
    return [Job(account, flow, settings)]


def _find_settings(flow: Flow, name: str) -> tuple[Setting, ...]:
    """The setting of this name, or those of the group of this name."""
    if setting := flow.setting(name):
        return (setting,)
    if group := tuple(setting for setting in flow.settings if setting.group == name):
        return group
    groups = dict.fromkeys(setting.group for setting in flow.settings if setting.group)
    names = [*(setting.name for setting in flow.settings), *groups]
    raise UsageProblem(
        f'{flow.title} has no setting "{name}"',
        expected=f"one of {', '.join(names)}",
        next_step=did_you_mean(name, names),
    )


def _merged(one: Job, other: Job) -> Job:
    more = tuple(setting for setting in other.settings if setting not in one.settings)
    return Job(one.account, one.flow, one.settings + more)
