"""Looking at what lies around bundles, and at what somebody brought along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.errors import UsageProblem
from optout.evidence.checkpoint import Checkpoint, checkpoint_files, read_checkpoint
from optout.evidence.finding import Question, State
from optout.evidence.key_folder import KeyFolder, family
from optout.evidence.sshsig import NotSigned
from optout.evidence.statement import TooNew
from optout.evidence.witnesses import Brought, Witnesses
from optout.ledger.chain import ChainBroken, read_chain

if TYPE_CHECKING:
    from pathlib import Path

    from optout.evidence.layout import Layout


def gather(layout: Layout | None, brought: Brought) -> Witnesses:
    """Everything that can vouch for the bundles in a folder.

    Args:
        layout: the folder around them; None for a bundle that lies alone.
        brought: what comes from elsewhere.
    """
    found = Witnesses(trusted=set(brought.keys))
    if layout is not None:
        _keys(found, layout, brought)
        _log(found, layout)
        _checkpoints(found, layout)
    if brought.checkpoint is not None:
        _brought(found, brought.checkpoint)
    return found


def _keys(found: Witnesses, layout: Layout, brought: Brought) -> None:
    folder = KeyFolder(layout.keys)
    problems = folder.problems()
    if problems:
        found.say(Question.KEYS, State.FAILED, "; ".join(problems))
    try:
        own, successions = [*folder.own, *folder.workers], folder.successions
    except (UsageProblem, OSError):
        return
    found.known = set(own)
    found.trusted = family(brought.keys, successions)
    if problems:
        return
    if own:
        names = ", ".join(key.fingerprint for key in own)
        found.say(Question.KEYS, State.OK, f"beside the bundles: {names}")
    else:
        found.say(Question.KEYS, State.NOT_SHOWN, "none lies beside the bundles")


def _log(found: Witnesses, layout: Layout) -> None:
    try:
        text = layout.log.read_bytes().decode(errors="replace")
    except FileNotFoundError:
        said = f"{layout.log.name} is missing: a run writes it when it ends"
        found.say(Question.LOG, State.FAILED, said)
        return
    except OSError as error:
        found.say(Question.LOG, State.IMPOSSIBLE, f"{layout.log} cannot be read: {error.strerror}")
        return
    try:
        found.read_log(read_chain(_lines(text)))
    except ChainBroken as broken:
        found.say(Question.LOG, State.FAILED, f"{layout.log.name}: {broken}")
        return
    entries = "1 entry" if len(found.log or ()) == 1 else f"{len(found.log or ()):,} entries"
    found.say(Question.LOG, State.OK, f"{entries}, each follows the one before")


def _lines(text: str) -> list[str]:
    if text and not text.endswith("\n"):
        raise ChainBroken("its last line was cut")
    return text.split("\n")[:-1]


def _checkpoints(found: Witnesses, layout: Layout) -> None:
    problems, good = [], []
    for path in checkpoint_files(layout.checkpoints):
        try:
            checkpoint = read_checkpoint(path)
        except (NotSigned, TooNew, OSError) as error:
            problems.append(f"{path.name}: {error}")
            continue
        problem = (
            f"it speaks of {checkpoint.size} entries: it was replayed under another name"
            if path.stem != str(checkpoint.size)
            else _contradiction(found, checkpoint)
        )
        if problem:
            problems.append(f"{path.name}: {problem}")
        else:
            good.append(checkpoint)
    found.accept(good)
    if problems:
        found.say(Question.CHECKPOINTS, State.FAILED, "; ".join(problems))
    elif good:
        said = (
            f"{len(good)} beside the log, the newest of {good[0].at} after {good[0].size:,} entries; "
            "only one that was kept elsewhere (--checkpoint) shows that nothing was cut or written anew"
        )
        found.say(Question.CHECKPOINTS, State.OK, said)
    else:
        found.say(Question.CHECKPOINTS, State.NOT_SHOWN, "there is none")


def _brought(found: Witnesses, path: Path) -> None:
    try:
        checkpoint = read_checkpoint(path)
    except (NotSigned, TooNew) as error:
        state = State.FAILED if isinstance(error, NotSigned) else State.IMPOSSIBLE
        found.say(Question.CHECKPOINTS, state, f"the one you brought, {path.name}: {error}")
        return
    except OSError as error:
        said = f"the one you brought, {path}, cannot be read: {error.strerror}"
        found.say(Question.CHECKPOINTS, State.IMPOSSIBLE, said)
        return
    if found.log is None:
        if not any(each.question is Question.LOG for each in found.findings):
            said = "there is no log beside the bundle that the one you brought could be compared with"
            found.say(Question.CHECKPOINTS, State.IMPOSSIBLE, said)
        return
    if problem := _contradiction(found, checkpoint):
        said = f"the one you brought, of {checkpoint.at}: {problem}"
        found.say(Question.CHECKPOINTS, State.FAILED, said)
        return
    found.brought = checkpoint
    found.accept([checkpoint])
    said = (
        f"the one you brought, of {checkpoint.at} after {checkpoint.size:,} entries, agrees with the log"
    )
    found.say(Question.CHECKPOINTS, State.OK, said)


def _contradiction(found: Witnesses, checkpoint: Checkpoint) -> str:
    """What speaks against a checkpoint; empty where nothing does."""
    if found.expected and checkpoint.key not in found.expected:
        return f"it is signed by a foreign key, {checkpoint.key.fingerprint}"
    if found.log is None:
        return ""
    if checkpoint.size > len(found.log):
        return (
            f"it speaks of {checkpoint.size:,} entries and the log has {len(found.log):,}: "
            "the log's end was cut off"
        )
    if found.log[checkpoint.size - 1].hash != checkpoint.head:
        return "the log's entries of then are not those of now: the log was written anew"
    return ""
