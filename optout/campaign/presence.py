"""Whether a process that visits is still there: a lock on a file, which goes with the process.

The ledger knows until when a worker is alive unless it is heard of again; that holds for every machine.
On a worker's own machine the lock tells at once, and cannot mistake a later process for it.
"""

from __future__ import annotations

import contextlib
import platform
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from optout.home import private_folder
from optout.ledger import workers

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from pathlib import Path

    from optout.home import Home
    from optout.ledger.workers import Worker


@contextlib.contextmanager
def present(home: Home) -> Iterator[str]:
    """Be there under an id of one's own, until the block or the process ends.

    Raises:
        OSError: the file cannot be made.
    """
    worker_id = workers.new_worker_id()
    private_folder(_folder(home))
    try:
        with _lock(home, worker_id):
            yield worker_id
    finally:
        forget(home, worker_id)


def is_alive(home: Home, worker: Worker, now: datetime.datetime) -> bool:
    """Whether a worker is still there.

    The lock has the last word where it can be asked: a machine that slept for an hour wakes up with
    its workers alive, whatever the ledger says by then.
    """
    if worker.host != platform.node() or not _path(home, worker.id).exists():
        return now < worker.alive_until
    try:
        with _lock(home, worker.id):
            return False
    except Timeout:
        return True


def was_here(home: Home, worker_id: str) -> bool:
    """Whether a worker is of this installation; another one on this machine has its own files."""
    return _path(home, worker_id).exists()


def forget(home: Home, worker_id: str) -> None:
    """Remove the file of a worker that is no more."""
    _path(home, worker_id).unlink(missing_ok=True)


def _lock(home: Home, worker_id: str) -> FileLock:
    return FileLock(_path(home, worker_id), timeout=0, mode=0o600)


def _path(home: Home, worker_id: str) -> Path:
    # The last part of an id is its own; host names may hold what no file's name can.
    return _folder(home) / f"{worker_id.rpartition(':')[2]}.lock"


def _folder(home: Home) -> Path:
    return home.data / "workers"
