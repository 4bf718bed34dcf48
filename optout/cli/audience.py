"""Talking to whoever started a command: sentences on stderr, results on stdout."""

from __future__ import annotations

import enum
import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import click

from optout.report.machine import result_object
from optout.report.plain import result_text

if TYPE_CHECKING:
    from types import TracebackType

    from optout.campaign.targets import Job
    from optout.model import Result
    from optout.visit.browser import OpenBrowser


class Style(enum.Enum):
    """How results are printed."""

    TEXT = "text, each as soon as it stands"
    LINES = "a line of JSON each, as soon as it stands"
    AT_THE_END = "all in one JSON array, by whoever asked for it"


@dataclass
class Terminal:
    """A person at a terminal, or the log that stands in for one.

    Attributes:
        total: how many results there will be, unless something else keeps their places.
        style: how results are printed.
    """

    total: int
    style: Style = Style.TEXT

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is left to be put away."""

    def tell(self, message: str) -> None:
        """Say one sentence on stderr."""
        click.echo(message, err=True)

    def begins(self, job: Job) -> None:
        """Say which visit begins, if somebody is watching."""
        if sys.stderr.isatty():
            self.tell(f"{job.flow.title}: visiting {job.account} …")

    def uses(self, browser: OpenBrowser) -> None:
        """Say which browser was chosen, if somebody is watching."""
        if sys.stderr.isatty():
            self.tell(f"Using {browser.found}, version {browser.version}.")

    def established(self, result: Result) -> None:
        """Print a result as soon as it stands."""
        if self.style is Style.TEXT:
            self.show(result_text(result))
        elif self.style is Style.LINES:
            self.show(json.dumps(result_object(result)))

    def show(self, text: str) -> None:
        """Print data on stdout."""
        click.echo(text)


def audience_for(total: int, style: Style) -> Terminal:
    """Whoever watches a run: with a bar where many results are awaited at a terminal.

    Args:
        total: how many results there will be.
        style: how they are printed.
    """
    if total > 1 and sys.stderr.isatty():
        # Imported here: most commands end before anybody could wonder how far they are.
        from optout.cli.progress import Watched  # noqa: PLC0415

        return Watched(total, style)
    return Terminal(total, style)
