"""Everything that can go wrong, as one tree. The number is the bit in the exit status.

OptoutError                     1
├── UsageProblem                2   the command asks for something that does not exist
├── PersonNeeded                8   only a person can continue
│   ├── NotUsableHere           8   no browser, keyring or display on this machine
│   └── SecretUnavailable       8   a password, code or key could not be had
├── PageUnexpected             16   the page is not as the flow expects
├── SiteUnreachable            32   no answer, or an error instead of a page
├── EvidenceInvalid            64   a bundle does not verify
├── EvidenceNotWritten          1   a bundle could not be kept
├── LedgerProblem               1   the ledger cannot be read or written
│   └── LedgerUnreachable       1   its database does not answer; it may do so later
├── CatalogueBroken             1   a catalogue file is not as its schema says
└── FlowBroken                  1   a flow cannot be loaded, or it raised
"""

from __future__ import annotations

from typing import ClassVar

from optout.model import ExitBit, Why


class OptoutError(Exception):
    """The root of the tree.

    Args:
        what: what happened, in one sentence without a full stop.
        step: the step it happened in, such as `sign-in` or `read`.
        expected: what the step looked for.
        found: what was there instead.
        next_step: what the person can do now.
        why: the reason as a word that scripts can match.
    """

    exit_bit: ClassVar[ExitBit] = ExitBit.UNFORESEEN

    def __init__(
        self,
        what: str,
        *,
        step: str = "",
        expected: str = "",
        found: str = "",
        next_step: str = "",
        why: Why = Why.NONE,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.step = step
        self.expected = expected
        self.found = found
        self.next_step = next_step
        self.why = why

    @property
    def reason(self) -> str:
        """What happened, where, what was expected and what was there."""
        parts = [f"{self.step}: {self.what}" if self.step else self.what]
        if self.expected:
            parts.append(f"expected {self.expected}")
        if self.found:
            parts.append(f"found {self.found}")
        return "; ".join(parts)

    def __str__(self) -> str:
        """The reason, then what to do next."""
        return f"{self.reason}. {self.next_step}" if self.next_step else self.reason


class UsageProblem(OptoutError):
    """The command names something that does not exist or cannot be accepted."""

    exit_bit = ExitBit.USAGE


class PersonNeeded(OptoutError):
    """Only a person can continue: a challenge, refused credentials, another person's session."""

    exit_bit = ExitBit.NEEDS_PERSON


class NotUsableHere(PersonNeeded):
    """Something this machine lacks: a browser, a keyring, a display."""


class SecretUnavailable(PersonNeeded):
    """A password, a one-time code or a key could not be had from its source."""


class PageUnexpected(OptoutError):
    """The page is not as the flow expects."""

    exit_bit = ExitBit.UNREADABLE


class SiteUnreachable(OptoutError):
    """The site gave no answer, or an error instead of a page."""

    exit_bit = ExitBit.UNREACHABLE


class EvidenceInvalid(OptoutError):
    """A bundle does not verify."""

    exit_bit = ExitBit.EVIDENCE


class EvidenceNotWritten(OptoutError):
    """A bundle could not be kept: disk full, folder not writable, nothing to photograph."""


class LedgerProblem(OptoutError):
    """The ledger cannot be opened, is newer than this program, or refuses a write."""


class LedgerUnreachable(LedgerProblem):
    """The ledger's database does not answer now; later it may."""


class CatalogueBroken(OptoutError):
    """A file of the catalogue is missing, cannot be read, or is not as its schema says."""


class FlowBroken(OptoutError):
    """A flow cannot be loaded, breaks the contract, or raised during a visit."""
