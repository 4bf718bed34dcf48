"""Talking to whoever started a command: sentences on stderr, results on stdout."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from optout.report.plain import result_text

if TYPE_CHECKING:
    from optout.campaign.targets import Job
    from optout.model import Result
    from optout.visit.browser import OpenBrowser


@dataclass
class Terminal:
    """A person at a terminal, or the log that stands in for one.

    Attributes:
        total: how many visits there will be.
        results_as_text: whether each result is printed as it comes.
    """

    total: int
    results_as_text: bool
    _begun: int = 0

    def tell(self, message: str) -> None:
        """Say one sentence on stderr."""
        click.echo(message, err=True)

    def begins(self, job: Job) -> None:
        """Say which visit begins, if somebody is watching."""
        self._begun += 1
        if sys.stderr.isatty():
            self.tell(f"[{self._begun}/{self.total}] {job.flow.title}: visiting {job.account} …")

    def uses(self, browser: OpenBrowser) -> None:
        """Say which browser was chosen, if somebody is watching."""
        if sys.stderr.isatty():
            self.tell(f"Using {browser.found}, version {browser.version}.")

    def established(self, result: Result) -> None:
        """Print a result as soon as it stands."""
        if self.results_as_text:
            click.echo(result_text(result))
