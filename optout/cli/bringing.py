"""Having the evidence here that other machines have made, before a command looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Collection

    from optout.home import Home
    from optout.ledger.ledger import Ledger


def bring(home: Home, ledger: Ledger | None = None, *, only: Collection[str] | None = None) -> None:
    """Copy what is in the evidence store and not here, where there is such a store.

    Args:
        home: where it is copied to.
        ledger: which says what there is; None opens the user's own.
        only: these bundles alone; None for all.

    Raises:
        LedgerProblem: the ledger cannot be read.
        OptoutError: the store cannot be read.
        OSError: the folder here is not writable.
    """
    from optout.evidence.store import EvidenceStore  # noqa: PLC0415 - most have none

    store = EvidenceStore.named()
    if store is None:
        return
    from optout.campaign.evidence_here import bring_evidence  # noqa: PLC0415 - as above
    from optout.ledger.open import open_ledger  # noqa: PLC0415 - as above

    def tell(message: str) -> None:
        click.echo(f"optout: {message}", err=True)

    if ledger is not None:
        bring_evidence(store, ledger, home, tell=tell, only=only)
        return
    with open_ledger(home) as opened:
        bring_evidence(store, opened, home, tell=tell, only=only)
