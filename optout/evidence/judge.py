"""Judging one bundle by what vouches for it: keys, log, checkpoints, time stamps."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from optout.evidence.finding import Finding, Question, State, Verification
from optout.evidence.sshsig import NotSigned
from optout.evidence.statement import TooNew
from optout.evidence.tombstone import read_tombstone
from optout.ledger.chain import Entry, Kind

if TYPE_CHECKING:
    from pathlib import Path

    from optout.evidence.examine import Examined
    from optout.evidence.layout import Layout
    from optout.evidence.witnesses import Brought, Witnesses

LIMITS = (
    (
        "that whoever owns the signing key told the truth when it was made: a signature shows that "
        "nothing was changed since, and by which key it was made"
    ),
)


def judged(
    examined: Examined, layout: Layout | None, witnesses: Witnesses, brought: Brought
) -> Verification:
    """All that can be said about a bundle.

    Args:
        examined: what it says of itself.
        layout: the folder around it; None where it lies alone.
        witnesses: what vouches for it.
        brought: what comes from elsewhere.
    """
    entry, chain = _chain(examined, layout, witnesses)
    findings = (
        examined.files,
        _signature(examined, witnesses),
        chain,
        _time(examined, entry, witnesses, brought),
        examined.completeness,
    )
    limits = dict.fromkeys((*examined.does_not_prove, *LIMITS))
    return Verification(str(examined.folder), findings, tuple(limits))


def _signature(examined: Examined, witnesses: Witnesses) -> Finding:
    if isinstance(examined.signer, Finding):
        return examined.signer
    name = examined.signer.fingerprint
    also = [key.fingerprint for key in examined.counter_signers if key != examined.signer]
    counter = f"; counter-signed by {', '.join(also)}" if also else ""
    vouching = {examined.signer, *examined.counter_signers}
    if witnesses.trusted:
        if not vouching & witnesses.trusted:
            said = f"made by a foreign key, {name}: neither the one you named nor one it vouches for"
            return Finding(Question.SIGNATURE, State.FAILED, said)
        return Finding(Question.SIGNATURE, State.OK, f"made by {name}{counter}, as you named it")
    if witnesses.known and examined.signer not in witnesses.known:
        said = f"made by a foreign key, {name}: it is not among the keys beside the bundles"
        return Finding(Question.SIGNATURE, State.FAILED, said)
    said = (
        f"made by {name}{counter}; whose key that is only its owner can say: compare it, or name the "
        "key with --pub"
    )
    return Finding(Question.SIGNATURE, State.OK, said)


def _chain(
    examined: Examined, layout: Layout | None, witnesses: Witnesses
) -> tuple[Entry | None, Finding]:
    """The bundle's entry in the log, where it stands there as it is here, and what that shows."""
    if layout is None:
        said = "the bundle lies alone, without the log it is entered in"
        return None, Finding(Question.CHAIN, State.NOT_SHOWN, said)
    if witnesses.log is None:
        return None, Finding(Question.CHAIN, State.FAILED, "the log does not verify")
    entries = witnesses.entries(name_in_log(examined.folder, layout))
    wrong = _not_entered(examined, witnesses) if not entries else _contradicted(examined, entries)
    if wrong:
        return None, Finding(Question.CHAIN, State.FAILED, wrong)
    number = entries[0].number
    if witnesses.brought and witnesses.brought.size < number:
        said = f"entry {number:,} is newer than the checkpoint you brought"
        return entries[0], Finding(Question.CHAIN, State.NOT_SHOWN, said)
    covering = witnesses.covering(number)
    under = f"under a checkpoint of {covering.at}" if covering else "not under a checkpoint yet"
    said = f"entry {number:,} of {len(witnesses.log):,}, {under}"
    return entries[0], Finding(Question.CHAIN, State.OK, said)


def _not_entered(examined: Examined, witnesses: Witnesses) -> str:
    twin = witnesses.twin(examined.digest)
    if twin:
        return f"the log has it as {twin.bundle}: it was moved or copied"
    return (
        "it is not in the log: it was put there by something else, or its run was killed before the "
        "result was recorded"
    )


def _contradicted(examined: Examined, entries: list[Entry]) -> str:
    first, last = entries[0], entries[-1]
    if first.digest != examined.digest:
        return f"entry {first.number:,} is of another bundle, or its manifest was changed"
    if last.kind is Kind.REMOVED:
        return (
            f"entry {last.number:,} says that it was removed on {last.at}; that was interrupted: run "
            "the same optout evidence purge again"
        )
    return ""


def _time(examined: Examined, entry: Entry | None, witnesses: Witnesses, brought: Brought) -> Finding:
    if entry is not None:
        stamped = witnesses.stamped(entry.number, brought.authority)
        if stamped is not None:
            return stamped
    sealed = examined.facts.get("sealed", "")
    own = f"by the clock of the computer that made it, {sealed}" if sealed else "nothing says when"
    return Finding(Question.TIME, State.NOT_SHOWN, f"no third-party time; {own}")


def judged_tombstone(folder: Path, layout: Layout | None, witnesses: Witnesses) -> Verification:
    """A bundle whose time was over: its tombstone is signed, and the log says the same."""

    def answer(state: State, said: str) -> Verification:
        return Verification(str(folder), (Finding(Question.FILES, state, said),))

    try:
        stone = read_tombstone(folder)
    except NotSigned as error:
        return answer(State.FAILED, f"its tombstone does not verify: {error}")
    except (TooNew, OSError) as error:
        return answer(State.IMPOSSIBLE, f"its tombstone cannot be read: {error}")
    if len(list(folder.iterdir())) > 2:  # noqa: PLR2004 - the tombstone and its signature
        return answer(State.FAILED, "added: there is more in it than a tombstone")
    if witnesses.expected and stone.key not in witnesses.expected:
        said = f"its tombstone is signed by a foreign key, {stone.key.fingerprint}"
        return answer(State.FAILED, said)
    if layout is not None:
        entries = witnesses.entries(name_in_log(folder, layout))
        removed = [entry for entry in entries if entry.kind is Kind.REMOVED]
        if not removed or (stone.bundle, stone.digest) != (removed[-1].bundle, removed[-1].digest):
            return answer(State.FAILED, "its tombstone says that it was removed, and the log does not")
    return answer(State.NOT_SHOWN, f"removed on {stone.at} because its time was over")


def name_in_log(folder: Path, layout: Layout) -> str:
    """The bundle's name in the log."""
    if not folder.is_relative_to(layout.evidence):
        return ""
    return str(PurePosixPath(*folder.relative_to(layout.evidence).parts))
