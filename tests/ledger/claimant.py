"""A process whose threads claim tasks, visit nobody for a moment, and finish them."""

from __future__ import annotations

import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from optout.home import Home
from optout.ledger.open import open_ledger
from optout.ledger.tasks import Limits, Wait, claim, finish

if TYPE_CHECKING:
    from optout.ledger.ledger import Ledger

LIMITS = Limits(at_once=2)
_LOCK = threading.Lock()


def say(what: str, account: str, origin: str) -> None:
    with _LOCK:
        print(what, account, origin, time.time(), flush=True)  # noqa: T201 - this is how it reports


def work(ledger: Ledger, run: str, owner: str) -> None:
    while found := claim(ledger, run, owner, lambda _: LIMITS, now=lambda: datetime.now(UTC)):
        if isinstance(found, Wait):
            time.sleep(0.01)
            continue
        say("began", found.account.login, found.origin)
        time.sleep(0.02)
        say("ended", found.account.login, found.origin)
        finish(ledger, found, owner, now=datetime.now(UTC))


def main(root: str, run: str, owner: str) -> None:
    with open_ledger(Home.at(Path(root))) as ledger:
        threads = [threading.Thread(target=work, args=(ledger, run, owner)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
