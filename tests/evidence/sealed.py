"""Sealed evidence without a visit: bundles, keys, a log and checkpoints, as an installation has them."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from optout.evidence.bundle import write_bundle
from optout.evidence.checkpoint import Checkpoint, make_checkpoint
from optout.evidence.key_folder import KeyFolder
from optout.evidence.layout import Layout
from optout.evidence.seal import Seal
from optout.evidence.signing_key import SigningKey
from optout.evidence.verify import verify
from optout.evidence.witnesses import Brought
from optout.home import private_folder
from optout.ledger.chain import Entry, Kind, next_entry

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from optout.evidence.finding import Finding, Verification

AT = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
ADA = "5b035dd901e83f477bea"


def step(reading: str, picture: str, **facts: Any) -> dict[str, Any]:
    """A reading as a record has it."""
    said = {"reading": reading, "locked": None, "path": "/ai", "picture": picture, "signed_in_ref": ADA}
    return {**said, **facts}


def record(**facts: Any) -> dict[str, Any]:
    """The record of an opt-out that lacks nothing."""
    said = {
        "schema": "optout-record/2",
        "practice": False,
        "outcome": "opted-out",
        "signed_in": {"known_from": "the page", "expected_ref": ADA},
        "before": [step("in", "before.png")],
        "after": [step("out", "after.png")],
        "does_not_prove": ["that the platform obeys"],
    }
    return {**said, **facts}


def files(number: int = 1, **facts: Any) -> dict[str, bytes]:
    """A bundle's files, different for every number."""
    return {
        "PROCESS.md": f"What was done, {number}.\n".encode(),
        "after.png": b"\x89PNG after " + bytes([number % 251] * 40),
        "before.png": b"\x89PNG before " + bytes([number % 251] * 40),
        "record.json": json.dumps(record(visit=number, **facts)).encode(),
    }


@dataclass
class Installation:
    """Evidence as runs leave it behind, without the runs.

    Attributes:
        layout: where it is.
        key: what signs.
        counter: what signs as well.
    """

    layout: Layout
    key: SigningKey = field(default_factory=SigningKey.make)
    counter: SigningKey | None = None
    entries: list[Entry] = field(default_factory=list)

    @classmethod
    def at(cls, root: Path, count: int = 0, **facts: Any) -> Installation:
        """One with so many bundles and a checkpoint after each."""
        made = cls(Layout(root), **facts)
        KeyFolder(made.layout.keys).add(made.key.public)
        for _ in range(count):
            made.add()
            made.checkpoint()
        return made

    def add(self, *, key: SigningKey | None = None, entered: bool = True, **facts: Any) -> Path:
        """One more bundle."""
        number = len(self.entries) + 1
        folder = private_folder(self.layout.evidence / "linkedin" / ADA) / f"{number:06}-ai-training"
        if not entered:
            folder = folder.with_name("999999-ai-training")
        sealer = Seal(key or self.key, self.counter)
        bundle = write_bundle(folder, files(number, **facts), [sealer])
        if entered:
            self.enter(Kind.BUNDLE, folder, bundle.digest)
        return folder

    def enter(self, kind: Kind, folder: Path, digest: str) -> Entry:
        """A line in the log."""
        name = folder.relative_to(self.layout.evidence).as_posix()
        at = (AT + datetime.timedelta(days=len(self.entries))).isoformat()
        last = self.entries[-1] if self.entries else None
        self.entries.append(next_entry(last, kind, name, digest, at))
        private_folder(self.layout.log.parent)
        self.write_log(entry.line for entry in self.entries)
        return self.entries[-1]

    def write_log(self, lines: Iterable[str]) -> None:
        self.layout.log.write_text("".join(f"{line}\n" for line in lines))

    def checkpoint(self) -> Checkpoint:
        """Sign where the log stands."""
        return make_checkpoint(self.layout.checkpoints, self.entries[-1], self.key)

    @property
    def bundles(self) -> list[Path]:
        """The folders of the bundles."""
        return [self.layout.evidence.joinpath(*entry.bundle.split("/")) for entry in self.entries]


def verified(path: Path, **brought: Any) -> list[Verification]:
    return list(verify(path, Brought(**brought)))


def failures(path: Path, **brought: Any) -> list[Finding]:
    """Whatever did not hold, or could not be looked at."""
    return [
        finding
        for each in verified(path, **brought)
        for finding in each.findings
        if finding.state in ("failed", "impossible")
    ]


def said(path: Path, **brought: Any) -> str:
    """The same as a text."""
    return "\n".join(f"{each.question}: {each.said}" for each in failures(path, **brought))
