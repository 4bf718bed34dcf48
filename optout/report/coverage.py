"""A report over many targets: its lines, and the totals that add up to them."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from optout.report.lines import Line, line_of
from optout.report.standing import Standing, evidence_in, stand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from optout.ledger.coverage import History
    from optout.ledger.mandates import Mandate
    from optout.ledger.waivers import Waiver
    from optout.model import Account, Target

_IN_MEMORY = 4_000_000


@dataclass
class Summary:
    """How many targets stand where. Every line is counted once in both.

    Attributes:
        settings: by platform and setting, how many stand where.
        groups: the same by platform, group and setting; the group is empty for accounts without one.
        reasons: by standing and reason, how many.
    """

    settings: dict[tuple[str, str], Counter[Standing]] = field(default_factory=dict)
    groups: dict[tuple[str, str, str], Counter[Standing]] = field(default_factory=dict)
    reasons: Counter[tuple[Standing, str]] = field(default_factory=Counter)

    def add(self, line: Line) -> None:
        """Count one line."""
        standing = Standing(line.standing)
        self.settings.setdefault((line.platform, line.setting), Counter())[standing] += 1
        by_group = (line.platform, line.group, line.setting)
        self.groups.setdefault(by_group, Counter())[standing] += 1
        self.reasons[standing, line.reason] += 1

    @property
    def by_group(self) -> list[tuple[str, str, str, Counter[Standing]]]:
        """Platform, group, setting and how many stand where; nothing where no account has a group."""
        if not any(group for _, group, _ in self.groups):
            return []
        return [(*key, counts) for key, counts in sorted(self.groups.items())]

    @property
    def totals(self) -> Counter[Standing]:
        """How many targets stand where, of all platforms and settings."""
        return sum(self.settings.values(), Counter())

    @property
    def population(self) -> int:
        """How many targets there are."""
        return self.totals.total()

    @property
    def standings(self) -> list[Standing]:
        """Where any target stands, in the order of `Standing`."""
        totals = self.totals
        return [standing for standing in Standing if totals[standing]]


@dataclass(frozen=True)
class Report:
    """A report whose lines lie in a temporary file, so that it may be of any size.

    Attributes:
        made_at: when, UTC.
        targets: what was asked for, as typed; empty for everything.
        group: the group whose accounts it is about; None for all.
        practice: whether it is about practice sites, and about no platform at all.
        summary: the totals.
    """

    made_at: datetime
    targets: tuple[str, ...]
    group: str | None
    practice: bool
    summary: Summary
    _kept: IO[bytes]

    def lines(self) -> Iterator[Line]:
        """Every line, in order of platform, setting and account; as often as wanted, one at a time."""
        self._kept.seek(0)
        for text in self._kept:
            yield Line(*json.loads(text))


@contextlib.contextmanager
def gathered(
    histories: Iterable[History],
    evidence: Path,
    *,
    made_at: datetime,
    targets: tuple[str, ...] = (),
    group: str | None = None,
    practice: bool = False,
    waivers: Mapping[Target, Waiver] | None = None,
    mandates: Mapping[Account, Mandate] | None = None,
) -> Iterator[Report]:
    """The report over some targets, while the context lasts.

    Args:
        histories: the targets with their looks; read once, one at a time.
        evidence: the folder that all bundles are in.
        made_at: now, UTC.
        targets: what was asked for, as typed.
        group: the group whose accounts these are.
        practice: whether these are practice sites'.
        waivers: those in force.
        mandates: the newest of each account.

    Raises:
        OSError: the disk is full.
    """
    kept = evidence_in(evidence)
    summary = Summary()
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
        for history in histories:
            target = history.place.target
            waiver, mandate = (waivers or {}).get(target), (mandates or {}).get(target.account)
            found = stand(history.looks, kept, waived=waiver is not None)
            line = line_of(history, found, waiver=str(waiver or ""), mandate=str(mandate or ""))
            summary.add(line)
            file.write(json.dumps(line).encode() + b"\n")
        yield Report(made_at, targets, group, practice, summary, file)
