"""What vouches for bundles: keys, the log, its checkpoints and their time stamps."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from optout.errors import NotUsableHere
from optout.evidence.finding import Finding, Question, State
from optout.evidence.timestamp import StampInvalid, check_stamp, read_stamp
from optout.ledger.chain import Entry, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from optout.evidence.checkpoint import Checkpoint
    from optout.evidence.signing_key import PublicKey


@dataclass(frozen=True)
class Brought:
    """What somebody who verifies brings along, from where nobody could have changed it.

    Attributes:
        keys: public keys they trust.
        checkpoint: a checkpoint that was handed to them.
        authority: root certificates of a time stamping authority, in PEM; empty where there are none.
    """

    keys: tuple[PublicKey, ...] = ()
    checkpoint: Path | None = None
    authority: bytes = b""


@dataclass
class Witnesses:
    """What is known besides the bundles.

    Attributes:
        trusted: the keys that were brought, with those that they vouch for.
        known: the keys that lie beside the bundles.
        log: the entries in their order; None where there is no log, or it is broken.
        brought: the checkpoint that was brought, where it agrees with the log.
        findings: about all of these.
    """

    trusted: set[PublicKey] = field(default_factory=set)
    known: set[PublicKey] = field(default_factory=set)
    log: list[Entry] | None = None
    brought: Checkpoint | None = None
    findings: list[Finding] = field(default_factory=list)
    _by_bundle: dict[str, list[Entry]] = field(default_factory=dict)
    _by_digest: dict[str, Entry] = field(default_factory=dict)
    _checkpoints: list[Checkpoint] = field(default_factory=list)
    _stamped: list[Checkpoint] = field(default_factory=list)
    _stamps: dict[Path, Finding] = field(default_factory=dict)

    def say(self, question: Question, state: State, said: str) -> None:
        """Note a finding."""
        self.findings.append(Finding(question, state, said))

    def read_log(self, entries: Iterable[Entry]) -> None:
        """Take in the log."""
        self.log = list(entries)
        for entry in self.log:
            self._by_bundle.setdefault(entry.bundle, []).append(entry)
            self._by_digest.setdefault(entry.digest, entry)

    def accept(self, checkpoints: Iterable[Checkpoint]) -> None:
        """Take in checkpoints that agree with the log."""
        every = {each.path: each for each in (*self._checkpoints, *checkpoints)}.values()
        self._checkpoints = sorted(every, key=_size)
        self._stamped = [each for each in self._checkpoints if each.stamp.is_file()]

    @property
    def expected(self) -> set[PublicKey]:
        """The keys that may have signed; empty where anybody may."""
        return self.trusted or self.known

    def entries(self, bundle: str) -> list[Entry]:
        """What the log says about a bundle."""
        return self._by_bundle.get(bundle, [])

    def twin(self, digest: str) -> Entry | None:
        """The entry of a bundle that is the same, wherever it is."""
        return self._by_digest.get(digest) if digest else None

    @property
    def standing(self) -> list[Entry]:
        """The bundles that should be there: entered, and not removed since."""
        last = (entries[-1] for entries in self._by_bundle.values())
        return [entry for entry in last if entry.kind is Kind.BUNDLE]

    def covering(self, number: int) -> Checkpoint | None:
        """The first checkpoint that an entry is under."""
        return _first(self._checkpoints, number)

    def stamped(self, number: int, authority: bytes) -> Finding | None:
        """What the earliest time stamp over an entry shows; None where there is none."""
        checkpoint = _first(self._stamped, number)
        if checkpoint is None:
            return None
        if checkpoint.path not in self._stamps:
            self._stamps[checkpoint.path] = _stamp(checkpoint, authority)
        return self._stamps[checkpoint.path]


def _size(checkpoint: Checkpoint) -> int:
    return checkpoint.size


def _first(checkpoints: list[Checkpoint], number: int) -> Checkpoint | None:
    place = bisect_left(checkpoints, number, key=_size)
    return checkpoints[place] if place < len(checkpoints) else None


def _stamp(checkpoint: Checkpoint, authority: bytes) -> Finding:
    """What a time stamp over a checkpoint shows."""
    content = checkpoint.path.read_bytes()
    try:
        reply = checkpoint.stamp.read_bytes()
        if not authority:
            stamp = read_stamp(reply, content)
            said = (
                f"a time stamp says {stamp.at.isoformat()} over checkpoint {checkpoint.size:,}; whose "
                "it is was not checked: name the authority's root certificate with --tsa-ca"
            )
            return Finding(Question.TIME, State.NOT_SHOWN, said)
        stamp = check_stamp(reply, content, authority)
    except StampInvalid as error:
        return Finding(Question.TIME, State.FAILED, f"{checkpoint.stamp.name}: {error}")
    except (NotUsableHere, OSError) as error:
        said = f"{checkpoint.stamp.name} cannot be checked: {error}"
        return Finding(Question.TIME, State.IMPOSSIBLE, said)
    said = (
        f"it was there before {stamp.at.isoformat()}, as the authority says over checkpoint "
        f"{checkpoint.size:,} (checked by {stamp.checked_by})"
    )
    return Finding(Question.TIME, State.OK, said)
