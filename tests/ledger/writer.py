"""A process that records results, one visit each, and says so after each one."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from optout.home import Home
from optout.ledger.open import open_ledger
from optout.ledger.outcomes import record_result
from optout.ledger.visits import end_visit, start_run, start_visit
from optout.model import Account, Mode, Outcome, Reading, Result, Target


def main(root: str, name: str, count: str) -> None:
    home = Home.at(Path(root))
    account = Account("exemplar", name)
    with open_ledger(home) as ledger:
        run_id = start_run(ledger, "run", at=datetime.now(UTC))
        for number in range(int(count)):
            visit_id = start_visit(
                ledger,
                run_id,
                account,
                origin="https://exemplar.test",
                practice=False,
                mode=Mode.AUTOMATIC,
                flow_version="2026.3",
                browser="chromium 141",
                at=datetime.now(UTC),
            )
            result = Result(
                target=Target(account, "ai-training"),
                at=datetime.now(UTC),
                reading=Reading.OUT,
                outcome=Outcome.ALREADY_OUT,
                evidence=home.evidence / name / str(number),
            )
            record_result(ledger, visit_id, result, home.evidence)
            sys.stdout.write(f"{name}/{number}\n")
            sys.stdout.flush()
            end_visit(ledger, visit_id, at=datetime.now(UTC))


if __name__ == "__main__":
    main(*sys.argv[1:])
