"""What a TARGET on the command line means."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from optout.accounts.logins import parse_login
from optout.errors import UsageProblem
from optout.model import Account

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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


def find_flow(flows: Flows, platform: str) -> Flow:
    """The flow of a platform.

    Raises:
        UsageProblem: there is none; names the nearest.
    """
    if flow := flows.flows.get(platform):
        return flow
    raise UsageProblem(
        f'there is no platform "{platform}"',
        expected=f"one of {', '.join(flows.flows) or 'none at all: no flow is installed'}",
        next_step=_nearest(platform, flows.flows),
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
        return [_job(account, find_flow(flows, account.platform), None) for account in known]
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
    match = _SHAPE.fullmatch(text)
    if match is None:
        raise UsageProblem(f'"{text[:80]}" is not a target', expected=_EXAMPLES)
    flow = find_flow(flows, match["platform"])
    setting = _find_setting(flow, match["setting"]) if match["setting"] else None
    here = [account for account in accounts if account.platform == flow.name]
    if match["login"] is None:
        if not here:
            raise UsageProblem(
                f"there are no {flow.title} accounts yet",
                next_step=f"Add one: optout account add {flow.name} ada@example.org",
            )
        return [_job(account, flow, setting) for account in here]
    account = Account(flow.name, parse_login(match["login"]))
    if account not in here:
        raise UsageProblem(
            f"{account} is not in the list of accounts",
            next_step=(
                f"Add it: optout account add {flow.name} {account.login}. "
                + _nearest(account.login, [known.login for known in here])
            ).strip(),
        )
    return [_job(account, flow, setting)]


def _find_setting(flow: Flow, name: str) -> Setting:
    if setting := flow.setting(name):
        return setting
    names = [setting.name for setting in flow.settings]
    raise UsageProblem(
        f'{flow.title} has no setting "{name}"',
        expected=f"one of {', '.join(names)}",
        next_step=_nearest(name, names),
    )


def _job(account: Account, flow: Flow, setting: Setting | None) -> Job:
    return Job(account, flow, (setting or flow.settings[0],))


def _merged(one: Job, other: Job) -> Job:
    more = tuple(setting for setting in other.settings if setting not in one.settings)
    return Job(one.account, one.flow, one.settings + more)


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=3, cutoff=0.5)
    return f"Did you mean {' or '.join(near)}?" if near else ""
