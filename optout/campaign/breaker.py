"""The circuit breaker: a flow whose page has changed is kept from knocking at every account's door.

Three accounts in a row that begin to fail alike put a flow in quarantine for one setting. Every later
run tries one account first; if that works, or with another version of the flow, the quarantine is over.
An account that fails while others work is odd: it says nothing about the page until it works itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from optout.model import Account, Outcome, Reading, Why

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from optout.campaign.targets import Job
    from optout.flow import Flow, Setting
    from optout.ledger.history import Look

ENOUGH = 3
"""How many different accounts in a row have to fail alike."""


class Part(NamedTuple):
    """What is quarantined: one setting, as one version of a flow reads it at one origin."""

    platform: str
    setting: str
    origin: str
    flow_version: str


@dataclass(frozen=True)
class Quarantine:
    """A part of a flow that is left alone.

    Attributes:
        part: which.
        why: what the failures have in common.
        accounts: whose visits failed so, in order.
        since: when the last of them made it enough, UTC.
    """

    part: Part
    why: Why
    accounts: tuple[Account, ...]
    since: datetime

    @property
    def reason(self) -> str:
        """What happened, in one sentence."""
        return (
            f"the flow of {self.part.platform} ({self.part.flow_version}) is in quarantine: since "
            f"{self.since:%Y-%m-%d %H:%M} UTC {self.part.setting} could not be read on "
            f"{len(self.accounts)} accounts in a row, each time with {self.why}"
        )

    @property
    def next_step(self) -> str:
        """What the person can do."""
        return (
            "A newer optout may know the new page; each run tries one account first and goes on by "
            "itself once that works. To visit all the same: --despite-quarantine"
        )


@dataclass
class Breaker:
    """Watches what the visits of one run establish, after what earlier ones did."""

    _rows: dict[Part, dict[Why, dict[Account, datetime]]] = field(default_factory=dict)
    _odd: dict[Part, set[Account]] = field(default_factory=dict)
    _trials: dict[Part, Account] = field(default_factory=dict)
    _tried: set[Part] = field(default_factory=set)

    @classmethod
    def after(cls, looks: Iterable[Look]) -> Breaker:
        """A breaker that knows these looks, oldest first; see `optout.ledger.health.tripping_looks`."""
        made = cls()
        for look in looks:
            made._saw(part_of(look), look)
        return made

    def looked(self, look: Look) -> Quarantine | None:
        """Take note of what a visit established.

        Returns:
            The quarantine that this was the last straw for.
        """
        part = part_of(look)
        before = self.quarantine(part)
        self._saw(part, look)
        if self._trials.get(part) == look.target.account:
            self._tried.add(part)
        return self.quarantine(part) if before is None else None

    def quarantines(self) -> list[Quarantine]:
        """Everything that is in quarantine now."""
        return [found for part in sorted(self._rows) if (found := self.quarantine(part))]

    def quarantine(self, part: Part) -> Quarantine | None:
        """The quarantine of one part, if it is in one."""
        for why, row in self._rows.get(part, {}).items():
            if len(row) >= ENOUGH:
                return Quarantine(part, why, tuple(row), sorted(row.values())[ENOUGH - 1])
        return None

    def allow_trials(self, accounts: dict[Part, list[Account]]) -> Collection[Account]:
        """Choose the account on which each quarantined part is tried once.

        Args:
            accounts: those that this run would visit, by part.

        Returns:
            The accounts chosen; they are to be visited first.
        """
        for part, asked in accounts.items():
            if found := self.quarantine(part):
                # One that has not failed says more than one that has.
                known = {*found.accounts, *self._odd.get(part, ())}
                fresh = [account for account in asked if account not in known]
                self._trials[part] = (fresh or asked)[0]
        return set(self._trials.values())

    def trials_first(self, jobs: Sequence[Job], origin_of: Callable[[Flow], str]) -> Iterator[Job]:
        """The jobs of a run, with those in front on which a quarantined part is tried."""
        accounts: dict[Part, list[Account]] = {}
        if self.quarantines():
            for job in jobs:
                for setting in job.settings:
                    part = part_for(job.flow, setting, origin_of(job.flow))
                    accounts.setdefault(part, []).append(job.account)
        on_trial = self.allow_trials(accounts)
        yield from (job for job in jobs if job.account in on_trial)
        yield from (job for job in jobs if job.account not in on_trial)

    def is_trying(self, origin: str) -> bool:
        """Whether a quarantined part is being tried at an origin, and nobody knows yet how that ends."""
        under_way = self._trials.keys() - self._tried
        return any(part.origin == origin and self.quarantine(part) for part in under_way)

    def held_settings(self, job: Job, origin: str) -> dict[str, Quarantine]:
        """The settings of a job that are left alone at an origin, and why."""
        parts = {each.name: part_for(job.flow, each, origin) for each in job.settings}
        held = {name: self.held_back(part, job.account) for name, part in parts.items()}
        return {name: found for name, found in held.items() if found}

    def held_back(self, part: Part, account: Account) -> Quarantine | None:
        """Why an account is not visited for this part; None where it is."""
        if self._trials.get(part) == account:
            return None
        return self.quarantine(part)

    def _saw(self, part: Part, seen: Look) -> None:
        account, odd = seen.target.account, self._odd.setdefault(part, set())
        if seen.outcome is Outcome.UNREADABLE:
            if account not in odd:
                self._rows.setdefault(part, {}).setdefault(seen.why, {}).setdefault(account, seen.at)
        elif seen.reading is not Reading.UNKNOWN:
            odd.update(*self._rows.pop(part, {}).values())
            odd.discard(account)


def part_of(look: Look) -> Part:
    """What a look was made with."""
    account = look.target.account
    return Part(account.platform, look.target.setting, look.origin, look.flow_version)


def part_for(flow: Flow, setting: Setting, origin: str) -> Part:
    """What a visit would be made with."""
    return Part(flow.name, setting.name, origin, flow.version)
