"""Whether a bundle holds everything that its outcome claims to rest on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from optout.evidence.finding import Finding, Question, State
from optout.ledger.chain import MALFORMED
from optout.model import Outcome, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

RECORD = "record.json"
_RECORD, _CLAIM = "optout-record", "optout-claim"
_KNOWN = {_RECORD: 2, _CLAIM: 1}
# The outcomes that say more than "look again", and what the last readings of each may be.
_PROVEN = {
    Outcome.OPTED_OUT: {Reading.OUT},
    Outcome.ALREADY_OUT: {Reading.OUT},
    Outcome.NOT_OFFERED: {Reading.NOT_OFFERED},
    Outcome.MANAGED: {Reading.MANAGED, Reading.OUT},
    Outcome.UNDONE: {Reading.IN},
}
_CHANGED = (Outcome.OPTED_OUT, Outcome.UNDONE)


def completeness(content: Mapping[str, bytes], *, sound: bool) -> tuple[Finding, tuple[str, ...]]:
    """Whether all pictures are there, the fresh load was done, and the account was the right one.

    Args:
        content: the files by name.
        sound: whether they are as they were sealed.

    Returns:
        The finding, and what the bundle itself says that it does not prove.
    """
    try:
        data = json.loads(content[RECORD])
        schema, _, version = data["schema"].rpartition("/")
        known = _KNOWN[schema]
        newer = int(version) > known
    except MALFORMED:
        return _finding(State.FAILED, f"there is no {RECORD} of optout in it"), ()
    if newer:
        said = f"{RECORD} is of version {version}, this optout knows {known}. Upgrade optout"
        return _finding(State.IMPOSSIBLE, said), ()
    limits = tuple(map(str, data.get("does_not_prove", ())))
    if not sound:
        return _finding(
            State.NOT_SHOWN, "nobody vouches for the files, so they were not looked into"
        ), limits
    if schema == _CLAIM:
        return _finding(State.NOT_SHOWN, "it proves no opt-out: it is what its owner says"), limits
    try:
        return _of_record(data, content), limits
    except MALFORMED as error:
        return _finding(State.FAILED, f"{RECORD} cannot be understood ({type(error).__name__})"), limits


def _of_record(data: Mapping[str, Any], content: Mapping[str, bytes]) -> Finding:
    outcome = Outcome(data["outcome"])
    if outcome not in _PROVEN:
        return _finding(State.NOT_SHOWN, f"it proves no opt-out: the outcome is {outcome}")
    lacking = [*_lacking(data, outcome, content)]
    if lacking:
        return _finding(State.FAILED, f"it says {outcome}, but {'; '.join(lacking)}")
    steps = [*data["before"], *data["after"]]
    fresh = "read back after a fresh load" if outcome in _CHANGED else "read on a page loaded for it"
    pictures = "a picture" if len(steps) == 1 else f"{len(steps)} pictures"
    said = f"{outcome}: {pictures}, {fresh}, {_identity(data)}"
    if data["practice"]:
        # Practice must be plain wherever somebody could take it for the platform.
        return _finding(State.NOT_SHOWN, f"PRACTICE, nothing of the platform was visited: {said}")
    return _finding(State.OK, said)


def _lacking(data: Mapping[str, Any], outcome: Outcome, content: Mapping[str, bytes]) -> Iterator[str]:
    before, after = data["before"], data["after"]
    steps = [*before, *after]
    if not steps:
        yield "nothing was read"
        return
    for step in steps:
        if not step["picture"]:
            yield f"there is no picture of {step['path']}"
        elif step["picture"] not in content:
            yield f"the picture {step['picture']} is not there"
    if outcome in _CHANGED and not after:
        yield "nothing was read back after a fresh load"
    # Of several objects each has the last word on itself.
    for path, step in {step["path"]: step for step in steps}.items():
        if not _speaks_for(step, outcome):
            yield f"the last reading of {path} is {step['reading']}"
    seen = {step["signed_in_ref"] for step in steps}
    expected = data["signed_in"]["expected_ref"]
    if not all(seen):
        yield "a page was read without seeing who is signed in"
    elif len(seen) > 1 or (expected and seen != {expected}):
        yield "another person was signed in than expected"


def _speaks_for(step: Mapping[str, Any], outcome: Outcome) -> bool:
    reading = Reading(step["reading"])
    locked = step["locked"] == Reading.OUT and outcome is not Outcome.UNDONE
    return reading in _PROVEN[outcome] or (reading is Reading.MANAGED and locked)


def _identity(data: Mapping[str, Any]) -> str:
    known = data["signed_in"]["known_from"]
    if data["signed_in"]["expected_ref"]:
        return f"the account's own person signed in (known from {known})"
    return f"the same person signed in throughout (known from {known}; first visit to this account)"


def _finding(state: State, said: str) -> Finding:
    return Finding(Question.COMPLETENESS, state, said)
