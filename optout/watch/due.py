"""When each target is looked at again: a pure function of what happened to it last."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from optout.campaign.targets import Job
from optout.flow import Form
from optout.ledger.accounts import groups_of
from optout.ledger.history import Place, recent_looks
from optout.ledger.identities import last_signed_in
from optout.ledger.mandates import mandates_of
from optout.ledger.waivers import waivers_in_force
from optout.ledger.watch_rules import list_rules
from optout.model import Outcome, Reading, Target, Why
from optout.watch.drift import DriftName, saw_nothing, standing
from optout.watch.rules import Event, Rules

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from optout.flow import Flow
    from optout.ledger.history import Look
    from optout.ledger.ledger import Ledger
    from optout.model import Account

# A target is looked at a little early, and each by another little: 500 accounts do not fall due in one
# minute, and a schedule that runs every seven days does not find them due a minute after it has run.
_EARLIEST, _LATEST = 0.75, 0.95
_OF_THE_PAGE = (Outcome.UNREADABLE, Outcome.SKIPPED)
_NOT_AUTHORISED = (Why.NO_MANDATE, Why.MANDATE_EXPIRED)


@dataclass(frozen=True, kw_only=True)
class Due:
    """When a target is looked at again, and why then.

    Attributes:
        place: the target, and where.
        event: what happened to it last.
        since: when that was, UTC; None for a target that nobody has looked at.
        at: when it is due, UTC; None for at once.
    """

    place: Place
    event: Event
    since: datetime.datetime | None
    at: datetime.datetime | None

    def is_due(self, now: datetime.datetime) -> bool:
        """Whether its time has come. What happened in the future was told by a clock that was wrong."""
        return self.at is None or self.since is None or self.at <= now or self.since > now


def due(
    place: Place,
    looks: Sequence[Look],
    rules: Rules,
    *,
    flow_version: str,
    signed_in: datetime.datetime | None = None,
    waived: bool = False,
    mandated: bool = False,
    groups: Collection[str] = (),
) -> Due:
    """When a target is looked at again.

    Args:
        place: the target, and where.
        looks: its looks there, oldest first; see `recent_looks`.
        rules: how long after what.
        flow_version: the version of the flow that would look now.
        signed_in: when the account's owner was last seen signed in there.
        waived: whether somebody has accepted that it is in.
        mandated: whether somebody has authorised visits to its account.
        groups: the groups of its account.
    """
    account = place.target.account
    if not looks:
        return Due(place=place, event=Event.NEVER_LOOKED, since=None, at=None)
    last = looks[-1]
    misses = rules.misses(account, groups)
    if last.why in _NOT_AUTHORISED:
        event = Event.SIGNED_IN if mandated else Event.NEEDS_PERSON
    else:
        event = _event(looks, misses, flow_version, signed_in, waived=waived)
    days = rules.days(event, account, groups) * _share(place)
    return Due(place=place, event=event, since=last.at, at=last.at + datetime.timedelta(days=days))


def calendar(
    ledger: Ledger,
    flows: Collection[Flow],
    accounts: Collection[Account],
    *,
    practice: str = "",
    now: datetime.datetime | None = None,
) -> list[Due]:
    """When every watched target is due, the soonest first.

    A platform's first setting is watched, and every other one that was ever looked at.

    Args:
        ledger: where.
        flows: what is installed.
        accounts: whose targets.
        practice: the origin of a practice site; empty for the platforms themselves.
        now: the moment at which waivers and mandates hold; None for this one.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    rules = Rules(tuple(list_rules(ledger)))
    looks = recent_looks(ledger, practice=practice, accounts=accounts)
    signed_in = last_signed_in(ledger, accounts)
    now = now or datetime.datetime.now(datetime.UTC)
    waived, mandates = waivers_in_force(ledger, now, accounts), mandates_of(ledger, accounts)
    groups = groups_of(ledger, accounts)
    known = {flow.name: flow for flow in flows}
    places = {place for place in looks if _still_offered(known, place.target)}
    for account in accounts:
        if flow := known.get(account.platform):
            target = Target(account, flow.settings[0].name)
            places.add(Place(target, practice or flow.origin, practice=bool(practice)))
    dues = [
        due(
            place,
            looks.get(place, ()),
            rules,
            flow_version=known[place.target.account.platform].version,
            signed_in=signed_in.get((place.target.account, place.origin)),
            waived=place.target in waived,
            mandated=(given := mandates.get(place.target.account)) is not None and given.holds_at(now),
            groups=[groups[place.target.account]] if place.target.account in groups else [],
        )
        for place in places
    ]
    never = datetime.datetime.min.replace(tzinfo=datetime.UTC)
    return sorted(dues, key=lambda each: (each.at or never, each.place))


def due_jobs(dues: Collection[Due], flows: Collection[Flow], now: datetime.datetime) -> list[Job]:
    """What is to be visited now, the longest due account first.

    Args:
        dues: see `calendar`.
        flows: what is installed.
        now: now, with its zone.
    """
    known = {flow.name: flow for flow in flows}
    wanted: dict[Account, set[str]] = {}
    for each in dues:
        if each.is_due(now):
            wanted.setdefault(each.place.target.account, set()).add(each.place.target.setting)
    jobs = []
    for account, names in wanted.items():
        flow = known[account.platform]
        jobs.append(Job(account, flow, tuple(each for each in flow.settings if each.name in names)))
    return jobs


def _still_offered(flows: dict[str, Flow], target: Target) -> bool:
    flow = flows.get(target.account.platform)
    setting = flow.setting(target.setting) if flow else None
    return setting is not None and not isinstance(setting.control, Form)  # which is sent once


def _event(
    looks: Sequence[Look],
    misses: int,
    flow_version: str,
    signed_in: datetime.datetime | None,
    *,
    waived: bool,
) -> Event:
    last = looks[-1]
    if last.outcome in _OF_THE_PAGE and last.why is not Why.DRY_RUN:
        return Event.UNREADABLE if last.flow_version == flow_version else Event.FLOW_CHANGED
    if saw_nothing(last) or last.outcome is Outcome.FAILED:
        return Event.UNREACHABLE
    if last.outcome is Outcome.NEEDS_PERSON and last.reading is Reading.UNKNOWN:
        return Event.SIGNED_IN if signed_in and signed_in > last.at else Event.NEEDS_PERSON
    if last.is_in and (waived or _undone(looks)):
        return Event.WAIVED
    drift = standing(looks, misses=misses)
    if drift and (drift.name is DriftName.CAME_BACK_ON or not drift.alarming):
        return Event.DRIFTED
    return Event.STILL_IN if last.is_in else Event.PROVEN_OUT


def _undone(looks: Sequence[Look]) -> bool:
    """Whether it is in because somebody put it back, and has stayed so."""
    for look in reversed(looks):
        if look.wanted_in or look.is_out:
            return look.wanted_in
    return False


def _share(place: Place) -> float:
    """How much of its time a target waits: always the same for one target."""
    digest = hashlib.sha256(f"{place.target} {place.origin}".encode()).digest()
    return _EARLIEST + (_LATEST - _EARLIEST) * int.from_bytes(digest[:8]) / 2**64
