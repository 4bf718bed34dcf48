"""Looking at one bundle by itself: its files, who signed it, and whether it is complete."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from optout.evidence.bundle import ENVELOPE, MANIFEST, SEALS, SIGNATURE, listed
from optout.evidence.completeness import completeness
from optout.evidence.finding import Finding, Question, State
from optout.evidence.seal import NAMESPACE
from optout.evidence.sshsig import NotSigned, ssh_verify
from optout.evidence.statement import TooNew, open_envelope

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from optout.evidence.signing_key import PublicKey
    from optout.evidence.statement import Statement


@dataclass(frozen=True)
class Examined:
    """What a bundle says of itself, to be judged by whoever knows keys and log.

    Attributes:
        folder: where it is.
        files: whether its files are as they were sealed.
        completeness: whether it holds all that its outcome needs.
        signer: who signed it, or why nobody did.
        counter_signers: which of the keys asked about signed as well.
        digest: SHA-256 of its manifest, in hex; empty where there is none.
        facts: what stands on the seal.
        does_not_prove: as it says itself.
    """

    folder: Path
    files: Finding
    completeness: Finding
    signer: PublicKey | Finding
    counter_signers: tuple[PublicKey, ...] = ()
    digest: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    does_not_prove: tuple[str, ...] = ()


def examine(folder: Path, keys: Iterable[PublicKey] = ()) -> Examined:
    """Look at a bundle.

    Args:
        folder: the bundle.
        keys: of whom to look for further signatures.
    """
    try:
        content, others = _read(folder)
    except OSError as error:
        said = f"{error.filename or folder} cannot be read: {error.strerror}"
        unread = Finding(Question.FILES, State.IMPOSSIBLE, said)
        unseen = Finding(Question.COMPLETENESS, State.IMPOSSIBLE, "it could not be read")
        no_seal = Finding(Question.SIGNATURE, State.IMPOSSIBLE, "it could not be read")
        return Examined(folder, unread, unseen, no_seal)
    digests = {
        name: hashlib.sha256(each).hexdigest() for name, each in content.items() if name not in SEALS
    }
    signer, statement, counter = _signature(content, keys)
    if statement is not None:
        expected = dict(statement.files)
    else:
        expected = listed(content.get(MANIFEST, b""))
        digests.pop(MANIFEST, None)
    files = _files(content, others, expected, digests, sealed=statement is not None)
    complete, does_not_prove = completeness(content, sound=files.state is State.OK)
    return Examined(
        folder,
        files,
        complete,
        signer,
        counter,
        hashlib.sha256(content[MANIFEST]).hexdigest() if MANIFEST in content else "",
        statement.facts if statement else {},
        does_not_prove,
    )


def _read(folder: Path) -> tuple[dict[str, bytes], list[str]]:
    """The content of every plain file, and the names of whatever else lies there."""
    content, others = {}, []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_file(follow_symlinks=False):
                with open(entry.path, "rb", buffering=0) as file:  # noqa: PTH123 - thousands of them
                    content[entry.name] = file.read()
            else:
                others.append(entry.name)
    return content, others


def _signature(
    content: Mapping[str, bytes], keys: Iterable[PublicKey]
) -> tuple[PublicKey | Finding, Statement | None, tuple[PublicKey, ...]]:
    """Who signed, or why nobody did; what they stated; who signed as well."""
    envelope, signature = content.get(ENVELOPE), content.get(SIGNATURE)
    if envelope is None and signature is None:
        return _failed("there is none: it was made without a key, or the seal was taken off"), *_NOBODY
    if envelope is None or signature is None:
        return _failed("half of the seal is missing"), *_NOBODY
    try:
        signer = ssh_verify(signature, envelope, NAMESPACE)
        opened = open_envelope(envelope)
        statement = opened.statement_by(signer)
    except NotSigned as error:
        return _failed(f"{ENVELOPE} and {SIGNATURE} do not belong together: {error}"), *_NOBODY
    except TooNew as error:
        newer = f"it cannot be judged: {error}. Upgrade optout"
        return Finding(Question.SIGNATURE, State.IMPOSSIBLE, newer), *_NOBODY
    return signer, statement, tuple(key for key in keys if opened.signed_by(key))


_NOBODY = (None, ())


def _failed(said: str) -> Finding:
    return Finding(Question.SIGNATURE, State.FAILED, said)


def _files(
    content: Mapping[str, bytes],
    others: list[str],
    expected: Mapping[str, str],
    found: Mapping[str, str],
    *,
    sealed: bool,
) -> Finding:
    causes = [*_differences(expected, found, others)]
    if MANIFEST not in content:
        causes.append(f"missing: {MANIFEST}")
    half = [name for name in sorted(SEALS) if name not in content]
    if len(half) == 1:
        causes.append(f"missing: {half[0]}")
    if causes:
        return Finding(Question.FILES, State.FAILED, "; ".join(dict.fromkeys(causes)))
    count = len(expected)
    if sealed:
        return Finding(Question.FILES, State.OK, f"all {count} are there and as they were sealed")
    # A list that anybody could have written vouches for nothing, and must not look as if it did.
    only = f"all {count} agree with {MANIFEST}, which nobody signed"
    return Finding(Question.FILES, State.NOT_SHOWN, only)


def _differences(
    expected: Mapping[str, str], found: Mapping[str, str], others: list[str]
) -> Iterable[str]:
    """What was done to the files, in words."""
    missing = {name: expected[name] for name in sorted(expected.keys() - found.keys())}
    added = {name: found[name] for name in sorted(found.keys() - expected.keys())}
    changed = sorted(name for name in expected.keys() & found.keys() if expected[name] != found[name])
    for old, digest in list(missing.items()):
        new = next((name for name, other in added.items() if other == digest), None)
        if new is not None:
            del missing[old], added[new]
            yield f"renamed: {old} to {new}"
    swapped = [name for name in changed if found[name] in {expected[other] for other in changed}]
    if len(swapped) > 1:
        yield f"swapped: {', '.join(swapped)}"
        changed = [name for name in changed if name not in swapped]
    for word, names in (
        ("changed", changed),
        ("missing", missing),
        ("added", [*added, *sorted(others)]),
    ):
        if names:
            yield f"{word}: {', '.join(names)}"
