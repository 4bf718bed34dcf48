"""How each platform's flow is doing: when it last worked, on how many accounts, what is held back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from optout.campaign.breaker import Breaker, Quarantine
from optout.ledger.health import Worked, tripping_looks, worked

if TYPE_CHECKING:
    from collections.abc import Collection

    from optout.flow import Flow
    from optout.ledger.ledger import Ledger


@dataclass(frozen=True)
class Health:
    """How a flow is doing on the platform itself; what happens in practice does not count.

    Attributes:
        flow: the flow.
        worked: what its newest version that worked has read; None where none has.
        quarantines: its settings that this version is kept from.
    """

    flow: Flow
    worked: Worked | None = None
    quarantines: tuple[Quarantine, ...] = ()

    def __str__(self) -> str:
        """In one sentence."""
        if self.quarantines:
            return self.quarantines[0].reason
        if self.worked is None:
            return "it has not been tried on the platform from here"
        times = f"{self.worked.accounts} account{'' if self.worked.accounts == 1 else 's'}"
        return (
            f"last worked {self.worked.last:%Y-%m-%d %H:%M} UTC, on {times}, "
            f"with version {self.worked.flow_version}"
        )


def health(ledger: Ledger, flows: Collection[Flow]) -> dict[str, Health]:
    """How each flow is doing, by platform.

    Args:
        ledger: where.
        flows: what is installed.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    newest: dict[str, Worked] = {}
    for found in worked(ledger):
        newest.setdefault(found.platform, found)
    quarantines = Breaker.after(tripping_looks(ledger)).quarantines()
    return {
        flow.name: Health(
            flow,
            newest.get(flow.name),
            tuple(
                each
                for each in quarantines
                if each.part.platform == flow.name
                and each.part.origin == flow.origin
                and each.part.flow_version == flow.version
            ),
        )
        for flow in flows
    }
