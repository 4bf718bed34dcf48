"""Removing evidence whose time is over, so that everybody can see that this is what happened."""

from __future__ import annotations

import datetime
import shutil
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from optout.evidence.bundle import DRAFT
from optout.evidence.layout import is_bundle
from optout.evidence.tombstone import TOMBSTONE_FILE, lay
from optout.home import private_folder
from optout.ledger import chain_log
from optout.ledger.chain import Entry, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from optout.evidence.layout import Layout
    from optout.evidence.signing_key import SigningKey
    from optout.ledger.ledger import Ledger


@dataclass(frozen=True)
class Old:
    """A bundle whose time is over.

    Attributes:
        entry: what the log says of it.
        folder: where it is.
    """

    entry: Entry
    folder: Path


def old_bundles(ledger: Ledger, layout: Layout, before: datetime.datetime) -> list[Old]:
    """The bundles that were entered before a moment and are still there, the oldest first.

    One whose removal was interrupted is among them.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    found = []
    for entry in chain_log.entries(ledger):
        folder = layout.evidence.joinpath(*entry.bundle.split("/"))
        removed_before = entry.kind is Kind.REMOVED or datetime.datetime.fromisoformat(entry.at) < before
        there = is_bundle(folder) and not (folder / TOMBSTONE_FILE).exists()
        if removed_before and there:
            found.append(Old(entry, folder))
    return list({old.entry.bundle: old for old in found}.values())


def purge(ledger: Ledger, bundles: Sequence[Old], key: SigningKey) -> None:
    """Put a signed tombstone in the place of each bundle, and say so in the log first.

    Killed half way, it leaves the bundle or the tombstone in view, and the next purge finishes it.

    Raises:
        LedgerProblem: the ledger refused; the bundles from there on are untouched.
        OSError: a folder is not writable.
    """
    for old in bundles:
        now = datetime.datetime.now(datetime.UTC)
        removed = chain_log.remove(ledger, old.entry.bundle, old.entry.digest, now)
        stone, gone = (
            old.folder.with_name(f"{DRAFT}{what}-{uuid.uuid4().hex[:8]}") for what in ("stone", "gone")
        )
        lay(private_folder(stone), removed.bundle, removed.digest, removed.at, key)
        old.folder.rename(gone)
        stone.rename(old.folder)
        shutil.rmtree(gone)
