"""What the visits that one process makes have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from optout.campaign.breaker import Breaker
from optout.campaign.stops import Stops
from optout.ledger.health import last_outcome, looks_after, tripping_looks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optout.campaign.browsers import Browsers
    from optout.campaign.plan import Wishes
    from optout.campaign.surroundings import Audience, Surroundings
    from optout.evidence.seal import Seal
    from optout.model import Account


@dataclass
class Common:
    """What the visits that one process makes have in common.

    Attributes:
        wishes: what the person asked for.
        around: the installation.
        audience: who watches.
        worker: this process's id among those that visit.
        browsers: the browsers that visits share.
        seals: what bundles are sealed with.
        put_back: for an undo, what each control stood on; see `Order`.
        breaker: which flows are in quarantine.
        stops: which platforms are left alone for the rest of the run.
        keyless: whether it was said that sessions are not kept.
        by_session: the accounts that were visited with a kept session since the last `catch_up`.
    """

    wishes: Wishes
    around: Surroundings
    audience: Audience
    worker: str
    browsers: Browsers
    seals: tuple[Seal, ...] = ()
    put_back: Mapping[str, str] | None = None
    breaker: Breaker = field(default_factory=Breaker)
    stops: Stops = field(default_factory=Stops)
    keyless: bool = False
    by_session: set[Account] = field(default_factory=set)
    _seen: int = 0

    def learn(self) -> None:
        """Take note of what all runs so far say about the flows.

        Raises:
            LedgerProblem: the ledger cannot be read.
        """
        self._seen = last_outcome(self.around.ledger)
        self.breaker = Breaker.after(tripping_looks(self.around.ledger))

    def catch_up(self, run_id: str) -> None:
        """Take note of what a run has established since the last time, in whatever process.

        Raises:
            LedgerProblem: the ledger cannot be read.
        """
        looks, self._seen = looks_after(self.around.ledger, run_id, self._seen)
        for look in looks:
            if quarantine := self.breaker.looked(look):
                self.audience.tell(f"{quarantine.reason}. {quarantine.next_step}")
            stop = self.stops.saw(look, signed_in=look.target.account not in self.by_session)
            if stop and not self.wishes.despite_quarantine:
                self.audience.tell(f"{stop.reason}. {stop.next_step}")
            self.by_session.discard(look.target.account)
