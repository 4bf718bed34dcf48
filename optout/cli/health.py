"""How the flows are doing, for commands that also work where there is no ledger."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from optout.errors import OptoutError
from optout.home import Home
from optout.ledger.open import open_ledger
from optout.watch.health import Health, health

if TYPE_CHECKING:
    from optout.flow.discovery import Flows


def health_of(flows: Flows) -> dict[str, Health]:
    """How each flow is doing, by platform; nothing where the ledger is not there or cannot be read.

    Asking makes no ledger: what is known about platforms needs none.
    """
    home = Home.of_user()
    if not (home.ledger.exists() or os.environ.get("OPTOUT_DATABASE")):
        return {}
    try:
        with open_ledger(home) as ledger:
            return health(ledger, tuple(flows))
    except OptoutError:
        return {}  # `optout doctor` says what is wrong with it
