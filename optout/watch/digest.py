"""What one run of looking again has found, in the counts that a message needs."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from optout.ledger.accounts import groups_of
from optout.ledger.history import Place, by_place, recent_looks
from optout.ledger.waivers import waivers_in_force
from optout.ledger.watch_rules import list_rules
from optout.model import ExitBit, Why
from optout.watch.drift import Drift, DriftName, put_right, saw_nothing, standing
from optout.watch.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from optout.ledger.history import Look
    from optout.ledger.ledger import Ledger
    from optout.model import Account, Result, Target


@dataclass(frozen=True)
class Digest:
    """What a run has found about the targets it looked at.

    Attributes:
        looked: how many targets were looked at.
        drifts: those that are not as they were left, alarming or not yet; put right ones too.
        unseen: targets of which nothing could be seen often enough to be alarming.
        quarantined: the platforms whose targets were left out because their flow is quarantined.
        known: the drifts among them that were alarming before this run already.
    """

    looked: int
    drifts: tuple[Drift, ...] = ()
    unseen: tuple[Place, ...] = ()
    quarantined: tuple[str, ...] = ()
    known: tuple[Drift, ...] = ()

    @property
    def alarms(self) -> tuple[Drift, ...]:
        """The drifts to be told: again at every run, until they are put right.

        A setting that is gone is told once: there is nothing left to put right.
        """
        return tuple(
            drift
            for drift in self.drifts
            if drift.alarming and not (drift.name is DriftName.SETTING_GONE and drift in self.known)
        )

    @property
    def counts(self) -> dict[str, int]:
        """How many targets are how, of what has to be told; empty where all is well.

        The names are those of `DriftName`, `fixed` for what came back on and was switched off again,
        `unseen`, and `quarantined`, which counts platforms.
        """
        names = Counter("fixed" if drift.fixed else drift.name.value for drift in self.alarms)
        names["unseen"] = len(self.unseen)
        names["quarantined"] = len(self.quarantined)
        return {name: count for name, count in names.items() if count}

    @property
    def exit_bit(self) -> ExitBit:
        """The bit for settings that came back on or are gone, whether or not they are out again."""
        own = (DriftName.CAME_BACK_ON, DriftName.SETTING_GONE)
        drifted = any(drift.name in own for drift in self.alarms)
        return ExitBit.STILL_IN if drifted else ExitBit.OK


def digest(ledger: Ledger, results: Sequence[Result]) -> Digest:
    """What some results of one run mean, given all that was seen before.

    Args:
        ledger: with the results in it.
        results: what the run has established; of the platforms, or of one practice site.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    rules = Rules(tuple(list_rules(ledger)))
    wanted = {Place(result.target, result.origin, result.practice) for result in results}
    accounts = {place.target.account for place in wanted}
    looks: dict[Place, list[Look]] = {}
    for practice in {result.origin if result.practice else "" for result in results}:
        looks |= recent_looks(ledger, practice=practice, accounts=accounts)
    began = min((result.at for result in results), default=None)
    before = by_place(look for row in looks.values() for look in row if began and look.at < began)
    now = {place: looks.get(place, []) for place in wanted}
    skipped = [result for result in results if result.why is Why.FLOW_QUARANTINED]
    return _digest(
        now,
        before,
        rules,
        groups_of(ledger, accounts),
        waivers_in_force(ledger, datetime.datetime.now(datetime.UTC), accounts),
        quarantined=tuple(sorted({result.target.account.platform for result in skipped})),
        looked=len(wanted - {Place(each.target, each.origin, each.practice) for each in skipped}),
    )


def _digest(
    now: Mapping[Place, Sequence[Look]],
    before: Mapping[Place, Sequence[Look]],
    rules: Rules,
    groups: Mapping[Account, str],
    accepted: Collection[Target],
    *,
    quarantined: tuple[str, ...],
    looked: int,
) -> Digest:
    drifts: list[Drift] = []
    unseen: list[Place] = []
    known: list[Drift] = []
    for place, looks in sorted(now.items()):
        account, waived = place.target.account, place.target in accepted
        misses = rules.misses(account, [groups[account]] if account in groups else [])
        if drift := standing(looks, misses=misses, accepted=waived) or put_right(looks):
            drifts.append(drift)
            earlier = standing(before.get(place, ()), misses=misses, accepted=waived)
            if earlier and earlier.alarming and earlier.name is drift.name:
                known.append(drift)
        if _unseen(looks, misses):
            unseen.append(place)
    return Digest(looked, tuple(drifts), tuple(unseen), quarantined, tuple(known))


def _unseen(looks: Sequence[Look], misses: int) -> bool:
    """Whether the last looks all came to nothing."""
    last = looks[-misses:]
    return len(last) == misses and all(map(saw_nothing, last))
