"""What verifying establishes: one finding per question, and what they come to together."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from optout.model import ExitBit


class State(enum.StrEnum):
    """How a question was answered."""

    OK = "ok"
    FAILED = "failed"
    NOT_SHOWN = "not-shown"
    IMPOSSIBLE = "impossible"


class Question(enum.StrEnum):
    """What is asked of a bundle, and of the folder that it lies in."""

    FILES = "files"
    SIGNATURE = "signature"
    CHAIN = "chain"
    TIME = "time"
    COMPLETENESS = "completeness"
    KEYS = "keys"
    LOG = "log"
    CHECKPOINTS = "checkpoints"
    BUNDLES = "bundles"


@dataclass(frozen=True)
class Finding:
    """One answer.

    Attributes:
        question: to what.
        state: whether it holds, does not, was not shown, or could not be looked at.
        said: the answer in a sentence without a full stop.
    """

    question: Question
    state: State
    said: str


@dataclass(frozen=True)
class Verification:
    """All answers about one bundle, or about the folder around bundles.

    Attributes:
        path: what they are about.
        findings: in the order they are shown.
        does_not_prove: what nobody may conclude from it.
        about_bundle: whether it is about a bundle, or about what lies around it.
    """

    path: str
    findings: tuple[Finding, ...]
    does_not_prove: tuple[str, ...] = ()
    about_bundle: bool = True

    @property
    def valid(self) -> bool:
        """Whether nothing failed, and everything could be looked at."""
        return not {State.FAILED, State.IMPOSSIBLE} & {each.state for each in self.findings}

    @property
    def exit_bits(self) -> ExitBit:
        """What it sets in the exit status."""
        states = {each.state for each in self.findings}
        bits = ExitBit.OK
        if State.FAILED in states:
            bits |= ExitBit.EVIDENCE
        if State.IMPOSSIBLE in states:
            bits |= ExitBit.UNFORESEEN
        return bits
