"""Verifying bundles: offline, without a ledger or a keyring, on any machine."""

from __future__ import annotations

import functools
import os
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

from optout.errors import EvidenceInvalid, OptoutError
from optout.evidence.examine import Examined, examine
from optout.evidence.finding import Finding, Question, State, Verification
from optout.evidence.gather import gather
from optout.evidence.judge import judged, judged_tombstone, name_in_log
from optout.evidence.key_folder import KeyFolder
from optout.evidence.layout import Layout, bundles_in
from optout.evidence.selection import read_selection
from optout.evidence.sshsig import NotSigned
from optout.evidence.statement import TooNew
from optout.evidence.tombstone import TOMBSTONE_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from optout.evidence.signing_key import PublicKey
    from optout.evidence.witnesses import Brought, Witnesses

_MANY = 256
"""From how many bundles on more processors are worth their start."""

_CHUNK = 32
_AT_MOST_NAMED = 5


def verify(path: Path, brought: Brought) -> Iterator[Verification]:
    """Verify a bundle, or every bundle in a folder, and what lies around them.

    Args:
        path: a bundle, a folder of bundles, or the root of an installation or an unpacked export.
        brought: what comes from elsewhere: keys, a checkpoint, an authority's certificate.

    Yields:
        First what is found about keys and log, where there are any; then each bundle.

    Raises:
        OptoutError: there is nothing to verify there.
    """
    layout = Layout.around(path)
    whole = layout is not None and path in (layout.root, layout.evidence)
    start = layout.evidence if layout and whole and layout.evidence.is_dir() else path
    folders = list(bundles_in(start))
    if not folders and not whole:
        raise OptoutError(
            f"there is no evidence in {path}",
            step="verify",
            expected="a bundle, or a folder of bundles",
            next_step="Name the folder that holds manifest.sha256, or one above it.",
        )
    witnesses = gather(layout, brought)
    if layout is not None:
        if whole:
            _all_there(witnesses, layout, folders)
        yield Verification(str(layout.root), tuple(witnesses.findings), about_bundle=False)
    elif witnesses.findings:
        yield Verification(str(path), tuple(witnesses.findings), about_bundle=False)
    laid = [folder for folder in folders if (folder / TOMBSTONE_FILE).is_file()]
    gone = set(laid)
    for folder in laid:
        yield judged_tombstone(folder, layout, witnesses)
    keys = tuple({*witnesses.trusted, *_counter_keys(layout)})
    for examined in _examined([folder for folder in folders if folder not in gone], keys):
        yield judged(examined, layout, witnesses, brought)


def check_sealed(folder: Path) -> Examined:
    """One bundle whose files are as they were sealed, whoever sealed it.

    Raises:
        EvidenceInvalid: a file was changed, is missing or was added, or nobody signed it.
    """
    examined = examine(folder)
    for finding in (examined.signer, examined.files):
        if isinstance(finding, Finding) and finding.state is not State.OK:
            raise EvidenceInvalid(
                f"the bundle {folder} does not verify",
                step="evidence",
                found=f"{finding.question}: {finding.said}",
                next_step="Do not rely on it. What is wrong in detail: optout evidence verify PATH",
            )
    return examined


def _examined(folders: Sequence[Path], keys: tuple[PublicKey, ...]) -> Iterator[Examined]:
    look = functools.partial(examine, keys=keys)
    if len(folders) < _MANY:
        yield from map(look, folders)
        return
    with ProcessPoolExecutor(os.cpu_count()) as workers:
        yield from workers.map(look, folders, chunksize=_CHUNK)


def _all_there(witnesses: Witnesses, layout: Layout, folders: Sequence[Path]) -> None:
    """Whether every bundle that should be in the folder is."""
    if witnesses.log is None:
        return
    here = {name_in_log(folder, layout) for folder in folders}
    wanted = {entry.bundle for entry in witnesses.standing}
    if layout.selection.exists():
        try:
            chosen, key = read_selection(layout.selection)
        except NotSigned as error:
            witnesses.say(Question.BUNDLES, State.FAILED, f"{layout.selection.name}: {error}")
            return
        except (TooNew, OSError) as error:
            witnesses.say(Question.BUNDLES, State.IMPOSSIBLE, f"{layout.selection.name}: {error}")
            return
        if witnesses.expected and key not in witnesses.expected:
            said = f"{layout.selection.name} is signed by a foreign key, {key.fingerprint}"
            witnesses.say(Question.BUNDLES, State.FAILED, said)
            return
        wanted = set(chosen)
    missing = sorted(wanted - here)
    if missing:
        more = f" and {len(missing) - _AT_MOST_NAMED} more" if len(missing) > _AT_MOST_NAMED else ""
        said = f"missing: {', '.join(missing[:_AT_MOST_NAMED])}{more}"
        witnesses.say(Question.BUNDLES, State.FAILED, said)
        return
    part = " that were chosen for this export" if layout.selection.exists() else ""
    witnesses.say(Question.BUNDLES, State.OK, f"all {len(wanted):,}{part} are there")


def _counter_keys(layout: Layout | None) -> list[PublicKey]:
    if layout is None:
        return []
    folder = KeyFolder(layout.keys)
    return [] if folder.problems() else folder.counter
