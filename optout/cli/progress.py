"""How far a run is: a bar on a terminal, with the rate and the time that is left."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from optout.cli.audience import Terminal

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Task

    from optout.campaign.targets import Job
    from optout.model import Result
    from optout.visit.browser import OpenBrowser


class _Rate(ProgressColumn):
    """How many targets a minute."""

    def render(self, task: Task) -> Text:
        """The rate since the run began; nothing before there is one."""
        done, elapsed = task.completed, task.elapsed
        return Text(f"{done / elapsed * 60:.0f}/min" if done and elapsed else "")


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.completed:.0f} of {task.total:.0f} targets"),
        BarColumn(),
        _Rate(),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        # What is left goes by the last minutes: visits take seconds, and some wait for their platform.
        speed_estimate_period=300,
    )


@dataclass
class Watched(Terminal):
    """A person at a terminal, while many targets are visited."""

    _progress: Progress = field(default_factory=_bar)
    _task: TaskID | None = None

    def __enter__(self) -> Self:
        """Itself, with its bar shown."""
        self._task = self._progress.add_task("", total=self.total)
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the bar away."""
        self._progress.stop()

    def tell(self, message: str) -> None:
        """Say one sentence above the bar."""
        self._progress.console.print(message, markup=False, highlight=False, soft_wrap=True)

    def show(self, text: str) -> None:
        """Print data: above the bar where that is on the same terminal, else where data goes."""
        if sys.stdout.isatty():
            self.tell(text)
        else:
            super().show(text)

    def begins(self, job: Job) -> None:
        """Nothing: many visits begin, and the bar says how far they are."""

    def uses(self, browser: OpenBrowser) -> None:
        """Say which browser was chosen."""
        self.tell(f"Using {browser.found}, version {browser.version}.")

    def established(self, result: Result) -> None:
        """Print a result as soon as it stands."""
        super().established(result)
        if self._task is not None:
            self._progress.advance(self._task)
