"""Entering results in the ledger: once their bundles are where all evidence is, and not before."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from optout.campaign.ends import cancelled
from optout.errors import EvidenceNotWritten, LedgerUnreachable, OptoutError
from optout.ledger.outcomes import record_result

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from optout.evidence.store import EvidenceStore
    from optout.ledger.ledger import Ledger
    from optout.model import Result

_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 60.0


@dataclass
class Recording:
    """What is on its way into the ledger. Visits that go on at the same time may share it.

    Attributes:
        ledger: where results go.
        root: the evidence folder.
        store: where bundles go first; None where the evidence folder is the place for them.
    """

    ledger: Ledger
    root: Path
    store: EvidenceStore | None = None
    _waiting: dict[str, list[Result]] = field(default_factory=dict)
    _unsettled: set[str] = field(default_factory=set)

    def record(self, visit_id: str, result: Result) -> bool:
        """Record a result now, or leave it to `settle` where that can take its time.

        Returns:
            Whether it is recorded.

        Raises:
            LedgerProblem: the ledger refused; nothing was recorded.
        """
        if visit_id not in self._waiting and not (self.store and result.evidence):
            try:
                self.finish(visit_id, result)
            except LedgerUnreachable:
                pass
            else:
                return True
        self._waiting.setdefault(visit_id, []).append(result)
        return False

    @property
    def unsettled(self) -> list[str]:
        """The visits that have ended before all of theirs was recorded."""
        return sorted(self._unsettled)

    def finish(self, visit_id: str, result: Result) -> None:
        """Store a result's bundle and record it. Doing so twice does no harm.

        Raises:
            EvidenceNotWritten: the store is full or gone; nothing was recorded.
            EvidenceInvalid: the bundle is not as it was written; nothing was recorded.
            LedgerProblem: the ledger refused; nothing was recorded.
        """
        if self.store and result.evidence is not None:
            name = PurePosixPath(*result.evidence.relative_to(self.root).parts)
            self.store.put(result.evidence, str(name))
        record_result(self.ledger, visit_id, result, self.root)

    async def settle(self, visit_id: str, tell: Callable[[str], None]) -> list[Result]:
        """Store and record what waits of a visit, however long the store or the database is away.

        After Ctrl-C it is tried once; then the bundles stay where they are, to be taken up later.

        Args:
            visit_id: the visit.
            tell: called with a sentence when it has to wait, and again when that is over.

        Returns:
            What was recorded by this, in order.

        Raises:
            EvidenceInvalid: a bundle is not as it was written; it is not recorded.
            LedgerProblem: the ledger refused.
        """
        self._unsettled.discard(visit_id)
        try:
            return await self._settle(visit_id, tell)
        finally:
            if self._waiting.get(visit_id):
                self._unsettled.add(visit_id)
            else:
                self._waiting.pop(visit_id, None)

    async def _settle(self, visit_id: str, tell: Callable[[str], None]) -> list[Result]:
        settled: list[Result] = []
        wait, told = _FIRST_WAIT_S, ""
        while waiting := self._waiting.get(visit_id):
            try:
                await asyncio.to_thread(self.finish, visit_id, waiting[0])
            except (EvidenceNotWritten, LedgerUnreachable) as away:
                if away.what != told:
                    told = away.what
                    tell(f"{away} {'' if cancelled() else 'Waiting for it.'}".rstrip())
                if cancelled():
                    return settled
                await asyncio.sleep(wait)
                wait = min(2 * wait, _LONGEST_WAIT_S)
            except OptoutError:
                waiting.pop(0)  # no waiting helps it, and none of the others is to wait for it
                raise
            else:
                settled.append(waiting.pop(0))
                wait = _FIRST_WAIT_S
        if told:
            tell("What had to wait is stored and recorded.")
        return settled
