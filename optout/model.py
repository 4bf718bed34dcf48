"""The words optout thinks in: plain data, no input or output."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


class Reading(enum.StrEnum):
    """What a page shows for a setting."""

    OUT = "out"
    IN = "in"
    NOT_OFFERED = "not-offered"
    MANAGED = "managed"
    UNKNOWN = "unknown"


class Outcome(enum.StrEnum):
    """What a visit established for a target; `claimed` is what its owner says and no visit saw."""

    OPTED_OUT = "opted-out"
    ALREADY_OUT = "already-out"
    STILL_IN = "still-in"
    NOT_SAVED = "not-saved"
    NOT_OFFERED = "not-offered"
    MANAGED = "managed"
    NEEDS_PERSON = "needs-person"
    CLAIMED = "claimed"
    UNREADABLE = "unreadable"
    UNREACHABLE = "unreachable"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNDONE = "undone"


class Mode(enum.StrEnum):
    """Who signs in and who clicks; `by-hand` is the person alone, with no visit."""

    AUTOMATIC = "automatic"
    ATTENDED = "attended"
    GUIDED = "guided"
    BY_HAND = "by-hand"


class SecretKind(enum.StrEnum):
    """Where a secret of an account comes from."""

    NONE = "none"
    KEYRING = "keyring"
    COMMAND = "command"


class ExitBit(enum.IntFlag):
    """One bit per kind of trouble, OR-ed over all targets of a run."""

    OK = 0
    UNFORESEEN = 1
    USAGE = 2
    STILL_IN = 4
    NEEDS_PERSON = 8
    UNREADABLE = 16
    UNREACHABLE = 32
    EVIDENCE = 64


class Why(enum.StrEnum):
    """The reason behind an outcome, as a closed vocabulary that scripts can match."""

    NONE = ""
    # needs-person: signing in
    NO_CREDENTIALS = "no-credentials"
    CREDENTIALS_REFUSED = "credentials-refused"
    LOGIN_REFUSED = "login-refused"
    RESTRICTED = "restricted"
    CAPTCHA = "captcha"
    EMAIL_CODE = "email-code"
    SMS_CODE = "sms-code"
    AUTHENTICATOR_CODE = "authenticator-code"
    APP_APPROVAL = "app-approval"
    IDENTITY_CHECK = "identity-check"
    CHALLENGE = "challenge"
    CONSENT_WALL = "consent-wall"
    SIGNED_OUT = "signed-out"
    OTHER_PERSON = "other-person"
    NO_DISPLAY = "no-display"
    PERSON_SIGNS_IN = "person-signs-in"
    NOBODY_VOUCHES = "nobody-vouches"
    TIMED_OUT = "timed-out"
    # needs-person: the setting
    CONFIRM_UNKNOWN = "confirm-unknown"
    LOCKED_IN = "locked-in"
    LOCKED_OUT = "locked-out"
    BY_HAND = "by-hand"
    # claimed: somebody's word, and nothing that was seen
    DONE_BY_HAND = "done-by-hand"
    REQUEST_SENT = "request-sent"
    # unreadable
    ANCHORS_DISAGREE = "anchors-disagree"
    LABEL_UNKNOWN = "label-unknown"
    CONTROL_MISSING = "control-missing"
    STATE_UNCLEAR = "state-unclear"
    IDENTITY_UNREADABLE = "identity-unreadable"
    SIGN_IN_UNKNOWN = "sign-in-unknown"
    UNSAFE_TO_TYPE = "unsafe-to-type"
    # still-in and not-saved
    WAIVED = "waived"
    COVERED = "covered"
    FORBIDDEN = "forbidden"
    SAVE_REFUSED = "save-refused"
    NOT_KEPT = "not-kept"
    # unreachable, skipped, failed
    SITE_DOWN = "site-down"
    RATE_LIMITED = "rate-limited"
    DRY_RUN = "dry-run"
    NO_MANDATE = "no-mandate"
    MANDATE_EXPIRED = "mandate-expired"
    FLOW_QUARANTINED = "flow-quarantined"
    PLATFORM_STOPPED = "platform-stopped"
    INTERRUPTED = "interrupted"
    FLOW_RAISED = "flow-raised"
    EVIDENCE_NOT_WRITTEN = "evidence-not-written"
    SECRET_FOUND = "secret-found"  # noqa: S105 - a reason, not a secret
    UNFORESEEN = "unforeseen"


@dataclass(frozen=True, order=True)
class Account:
    """A platform and a login on it."""

    platform: str
    login: str

    def __str__(self) -> str:
        """`linkedin:ada@example.org`, as typed on the command line."""
        return f"{self.platform}:{self.login}"


@dataclass(frozen=True)
class SecretSource:
    """Where a password or a one-time code comes from: facts that may be stored in clear.

    Attributes:
        kind: no source, the keyring, or a command that prints it.
        command: for a command, its program and arguments; else empty.

    Raises:
        ValueError: a command without words, or words without a command.
    """

    kind: SecretKind = SecretKind.NONE
    command: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.command) != (self.kind is SecretKind.COMMAND):
            # The words are not repeated: a command line can hold a key.
            raise ValueError(f"a secret from {self.kind!r} described by {len(self.command)} words")


@dataclass(frozen=True, order=True)
class Target:
    """An account and a setting: the unit of work and of proof."""

    account: Account
    setting: str

    def __str__(self) -> str:
        """`linkedin/ai-training:ada@example.org`, as typed on the command line."""
        return f"{self.account.platform}/{self.setting}:{self.account.login}"


@dataclass(frozen=True)
class Observation:
    """One reading of a setting, and what it rests on.

    Attributes:
        reading: what the page shows.
        locked: for `managed`, the value it is locked to (`out` or `in`).
        why: for `unknown`, the reason.
        detail: one sentence with what was there, for people.
        label: the words next to the control, as shown.
        state: what the control stood on: `on`, `off`, or the chosen option's own words.
        language: the page's own language tag, empty when it gives none.
        anchors: the names of the anchors that agreed on the control.
        candidates: when anchors disagreed, a line per control that was considered.
        path: the path the page was read at; never its query.
    """

    reading: Reading
    locked: Reading | None = None
    why: Why = Why.NONE
    detail: str = ""
    label: str = ""
    state: str = ""
    language: str = ""
    anchors: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    path: str = ""


@dataclass(frozen=True)
class Result:
    """What one visit established for one target.

    Attributes:
        at: when it was established, UTC.
        reading: the last reading that proves anything (after a fresh load).
        locked: for `managed`, the value it is locked to.
        reason: one sentence for people; empty when the outcome says it all.
        next_step: what the person can do now; empty when there is nothing to do.
        evidence: the bundle's folder, or None where no page was reached.
        evidence_digest: SHA-256 of the bundle's manifest, in hex.
        origin: scheme, host and port the visit went to.
        practice: whether that was a practice site.
        notes: what else was noticed, such as neighbouring controls that moved.
    """

    target: Target
    at: datetime
    reading: Reading
    outcome: Outcome
    locked: Reading | None = None
    why: Why = Why.NONE
    reason: str = ""
    next_step: str = ""
    evidence: Path | None = None
    evidence_digest: str = ""
    origin: str = ""
    practice: bool = False
    notes: tuple[str, ...] = field(default=())

    @property
    def exit_bit(self) -> ExitBit:
        """The bit this result sets in the exit status."""
        if self.why in _BITS_BY_REASON:
            return _BITS_BY_REASON[self.why]
        if self.outcome is Outcome.MANAGED:
            return ExitBit.OK if self.locked is Reading.OUT else ExitBit.NEEDS_PERSON
        if self.outcome is Outcome.SKIPPED:
            return ExitBit.OK if self.reading in _OUT_ENOUGH else ExitBit.STILL_IN
        return _EXIT_BITS[self.outcome]


_OUT_ENOUGH = (Reading.OUT, Reading.NOT_OFFERED)

# Reasons that say more than the outcome they stand beside.
_BITS_BY_REASON = {
    Why.WAIVED: ExitBit.OK,
    Why.FLOW_QUARANTINED: ExitBit.UNREADABLE,
    Why.PLATFORM_STOPPED: ExitBit.NEEDS_PERSON,
    Why.NO_MANDATE: ExitBit.NEEDS_PERSON,
    Why.MANDATE_EXPIRED: ExitBit.NEEDS_PERSON,
}

_EXIT_BITS = {
    Outcome.OPTED_OUT: ExitBit.OK,
    Outcome.ALREADY_OUT: ExitBit.OK,
    Outcome.NOT_OFFERED: ExitBit.OK,
    Outcome.STILL_IN: ExitBit.STILL_IN,
    Outcome.NOT_SAVED: ExitBit.STILL_IN,
    Outcome.NEEDS_PERSON: ExitBit.NEEDS_PERSON,
    Outcome.CLAIMED: ExitBit.NEEDS_PERSON,
    Outcome.UNREADABLE: ExitBit.UNREADABLE,
    Outcome.UNREACHABLE: ExitBit.UNREACHABLE,
    Outcome.FAILED: ExitBit.UNFORESEEN,
    Outcome.UNDONE: ExitBit.OK,
}
