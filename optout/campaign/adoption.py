"""Taking over from processes that died: nothing they had proven is lost, and nothing stays open."""

from __future__ import annotations

import datetime
import platform
from typing import TYPE_CHECKING

from optout.accounts.keys import NoKey
from optout.accounts.logins import account_folder
from optout.campaign.presence import forget, is_alive, was_here
from optout.errors import EvidenceInvalid
from optout.evidence.layout import bundles_in
from optout.evidence.recover import result_of, says_visit
from optout.evidence.verify import check_sealed
from optout.ledger import tasks, visits, workers
from optout.ledger.outcomes import evidence_paths_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from optout.campaign.surroundings import Surroundings
    from optout.home import Home
    from optout.ledger.visits import OpenVisit
    from optout.model import Result

# A visit that no worker has entered: by hand, which takes no time, or by an older optout.
_LONG_SINCE = datetime.timedelta(days=1)


async def adopt(
    around: Surroundings, tell: Callable[[str], None], now: datetime.datetime
) -> list[Result]:
    """Record what dead processes of this machine have sealed and not recorded, and end their visits.

    To be called at the beginning of every run; twice at the same time does no harm.

    Args:
        around: the installation.
        tell: called with a sentence where there was something to do, or something cannot be relied on.
        now: now, with its zone.

    Returns:
        What was recorded.

    Raises:
        LedgerProblem: the ledger refused.
    """
    known = workers.list_workers(around.ledger)
    dead = {each.id for each in known if not is_alive(around.home, each, now)}
    living = {each.id for each in known} - dead
    recovered: list[Result] = []
    for visit in visits.open_visits(around.ledger):
        if _is_over(around.home, visit, living, now):
            for result in _sealed_by(around, visit, tell):
                around.recording.record(visit.id, result)
                recovered.append(result)
            await around.recording.settle(visit.id, tell)
            visits.end_visit(around.ledger, visit.id, at=now)
    for worker in known:
        if worker.id in dead:
            _bury(around, worker, now)
    if recovered:
        what = "1 result" if len(recovered) == 1 else f"{len(recovered)} results"
        tell(f"Took over {what} that a run had proven and not recorded when it was killed.")
    return recovered


def _is_over(home: Home, visit: OpenVisit, living: set[str], now: datetime.datetime) -> bool:
    """Whether a visit's process is gone. Another installation's is that one's to see to."""
    if visit.host != platform.node() or visit.worker in living:
        return False
    if visit.worker and was_here(home, visit.worker):
        return True
    return now - visit.started_at > _LONG_SINCE


def _bury(around: Surroundings, worker: workers.Worker, now: datetime.datetime) -> None:
    """Give back what a dead worker held, and end its run where nobody could go on with it."""
    ledger = around.ledger
    tasks.release(ledger, worker.id)
    workers.leave(ledger, worker.id)
    forget(around.home, worker.id)
    if worker.run_id is None or workers.list_workers(ledger, worker.run_id):
        return
    if worker.run_id not in {run.id for run in tasks.unfinished_runs(ledger)}:
        tasks.drop_tasks(ledger, worker.run_id)
        visits.end_run(ledger, worker.run_id, at=now)


def _sealed_by(around: Surroundings, visit: OpenVisit, tell: Callable[[str], None]) -> Iterator[Result]:
    """What a visit has sealed and nobody has recorded, as far as it can be relied on."""
    folder = around.home.evidence / account_folder(visit.account, around.salt)
    if not folder.is_dir():
        return
    recorded = evidence_paths_of(around.ledger, visit.id)
    for bundle in bundles_in(folder):
        name = bundle.relative_to(around.home.evidence).as_posix()
        # The name ends with the beginning of the visit's id; that spares looking into all the others.
        if not bundle.name.endswith(visit.id[:8]) or name in recorded or says_visit(bundle) != visit.id:
            continue
        try:
            yield _relied_on(around, bundle, visit)
        except EvidenceInvalid as invalid:
            tell(str(invalid))


def _relied_on(around: Surroundings, bundle: Path, visit: OpenVisit) -> Result:
    """The result of a bundle that this installation has sealed.

    Raises:
        EvidenceInvalid: it was changed, or is somebody else's.
    """
    key = around.signing.current()
    if not isinstance(key, NoKey) and check_sealed(bundle).signer not in around.signing.folder.own:
        raise EvidenceInvalid(
            f"the bundle {bundle} is not sealed by this installation",
            step="evidence",
            next_step="Do not rely on it; find out who put it there. It was not recorded.",
        )
    return result_of(bundle, visit.account)
