"""What a message says: counts and the run's id; no address, no login, no secret."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

# By the names that a digest counts under, the worst first.
_SAID = {
    "came-back-on": "came back on",
    "signed-out": "signed out, so not seen",
    "page-changed": "page changed, so not readable",
    "setting-gone": "no longer there",
    "unseen": "not reached several times in a row",
    "fixed": "came back on, and switched off again",
    "quarantined": "platforms left out, because their page changed",
}


@dataclass(frozen=True)
class News:
    """What there is to tell about one run.

    Attributes:
        run: the run's id.
        at: when it began, with its zone.
        looked: how many settings it looked at.
        counts: how many of them are how, by the names that a digest counts under.
        missed: the times at which a run should have happened and did not.
        cut_short: when the run before this one began, where it never came to its end.
        troubles: what else stood in its way, in sentences without names or addresses.
        practice: whether a practice site was visited.
    """

    run: str
    at: datetime
    looked: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    missed: tuple[datetime, ...] = ()
    cut_short: datetime | None = None
    troubles: tuple[str, ...] = ()
    practice: bool = False

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.counts or self.missed or self.cut_short or self.troubles)

    @property
    def title(self) -> str:
        """The gist in one line."""
        counted = self._counted("{} {}")
        late = [f"{_runs(len(self.missed))} missed"] if self.missed else []
        other = ["a run was cut short"] if self.cut_short else []
        gist = counted + late + other or ["a run had trouble"]
        place = "practice site: " if self.practice else ""
        return f"optout: {place}{'; '.join(gist)}"

    @property
    def text(self) -> str:
        """The message below its title."""
        looked = f"{self.looked} setting{'' if self.looked == 1 else 's'}"
        parts = [f"Run {self.run} of {_when(self.at)} looked at {looked}."]
        if counted := self._counted("- {} {}"):
            parts.append("\n".join(counted))
        parts += [self._missed_text()] if self.missed else []
        if self.cut_short:
            parts.append(f"The run of {_when(self.cut_short)} was cut short; this one looked again.")
        parts += self.troubles
        parts.append("What it is about, and what to do: optout status")
        return "\n\n".join(parts)

    def _counted(self, line: str) -> list[str]:
        return [
            line.format(self.counts[name], said) for name, said in _SAID.items() if name in self.counts
        ]

    def _missed_text(self) -> str:
        first, last = f"{self.missed[0]:%Y-%m-%d %H:%M}", f"{self.missed[-1]:%Y-%m-%d %H:%M}"
        when = f"on {first}" if first == last else f"between {first} and {last}"
        return f"{_runs(len(self.missed))} should have happened {when} and did not. Was the machine off?"


def _runs(count: int) -> str:
    return "1 scheduled run" if count == 1 else f"{count} scheduled runs"


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M %Z}"
