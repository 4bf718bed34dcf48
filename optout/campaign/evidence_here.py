"""Bringing evidence to this machine that other machines have made and stored."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from optout.errors import EvidenceInvalid
from optout.evidence.key_folder import KeyFolder
from optout.evidence.layout import Layout
from optout.evidence.signing_key import PublicKey
from optout.evidence.tombstone import TOMBSTONE_FILE
from optout.ledger import chain_log
from optout.ledger.chain import Kind
from optout.ledger.shared import noted_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from optout.evidence.store import EvidenceStore
    from optout.home import Home
    from optout.ledger.ledger import Ledger


def bring_evidence(
    store: EvidenceStore,
    ledger: Ledger,
    home: Home,
    *,
    tell: Callable[[str], None],
    only: Collection[str] | None = None,
) -> None:
    """Copy what is in the store and not here: bundles, the keys that sign them, and the log.

    Args:
        store: where bundles are.
        ledger: which says which bundles there are, and whose keys sign them.
        home: where they are copied to.
        tell: called with a sentence about each bundle that the store does not have as it should be.
        only: these bundles alone; None for all.

    Raises:
        LedgerProblem: the ledger cannot be read.
        OptoutError: the store cannot be read.
        OSError: the folder here is not writable.
    """
    layout = Layout(home.data)
    folder = KeyFolder(layout.keys)
    own = set(folder.own)
    for key in (PublicKey.read(line.encode()) for line in noted_keys(ledger)):
        if key not in own:
            folder.add(key, worker=True)
    standing: dict[str, str] = {}
    for entry in chain_log.entries(ledger):
        if entry.kind is Kind.BUNDLE:
            standing[entry.bundle] = entry.digest
        else:
            standing.pop(entry.bundle, None)
    for name, digest in standing.items():
        if only is None or name in only:
            try:
                store.fetch(name, home.evidence, digest)
            except EvidenceInvalid as error:
                tell(str(error))
    chain_log.write_log(ledger, layout.log)


def drop_removed(ledger: Ledger, home: Home) -> None:
    """Remove this machine's copies of bundles whose time is over, as the log says.

    Raises:
        LedgerProblem: the ledger cannot be read.
        OSError: a folder is not writable.
    """
    for entry in chain_log.entries(ledger):
        folder = home.evidence.joinpath(*entry.bundle.split("/"))
        if entry.kind is Kind.REMOVED and folder.exists() and not (folder / TOMBSTONE_FILE).exists():
            shutil.rmtree(folder)


def clear_store(store: EvidenceStore | None, ledger: Ledger, home: Home) -> None:
    """Put the tombstones of this machine in the place of bundles whose time was over.

    Args:
        store: where bundles are; None does nothing.
        ledger: which says which bundles were removed.
        home: where their tombstones are.

    Raises:
        LedgerProblem: the ledger cannot be read.
        OptoutError: the store cannot be read or written.
    """
    if store is None:
        return
    for entry in chain_log.entries(ledger):
        folder = home.evidence.joinpath(*entry.bundle.split("/"))
        if entry.kind is Kind.REMOVED and (folder / TOMBSTONE_FILE).exists():
            store.replace(folder, entry.bundle)
