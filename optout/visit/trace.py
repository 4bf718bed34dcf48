"""`--debug-trace`: recording a visit for whoever looks for a mistake; no evidence is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.async_api import Error as BrowserError

from optout.accounts.redact import redact
from optout.home import private_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.async_api import BrowserContext

KEPT_FOR_DAYS = 7
_FOLDER = "traces"


@dataclass
class Trace:
    """The recording of one visit. It holds the session, and whatever the pages showed.

    It runs only while somebody is signed in: what is typed to sign in is in none of its parts.

    Attributes:
        logs: the folder of log files.
        visit: the visit's id.
        tell: called with a warning for each file that was kept.
    """

    logs: Path
    visit: str
    tell: Callable[[str], None]
    _runs: bool = False
    _kept: int = 0

    async def begin(self, context: BrowserContext) -> None:
        """Record from here on, if it does not already."""
        if not self._runs:
            self._runs = True
            await context.tracing.start(screenshots=True, snapshots=True)

    async def end(self, context: BrowserContext) -> None:
        """Stop recording, where it does, and keep what there is."""
        if not self._runs:
            return
        self._runs = False
        part = self.logs / _FOLDER / f"{self.visit}-{self._kept + 1}.zip"
        try:
            private_folder(part.parent)
            await context.tracing.stop(path=part)
            part.chmod(0o600)
        except (BrowserError, OSError) as error:
            # Whoever asked for a trace wants the visit's result, too.
            self.tell(f"No trace is kept: {redact(str(error)).splitlines()[0][:160]}")
            return
        self._kept += 1
        self.tell(
            f"A trace is kept in {part}. It holds the session: whoever has it can act as this account. "
            f"Give it to nobody, and delete it; after {KEPT_FOR_DAYS} days optout does."
        )


def sweep_traces(logs: Path, now: float) -> None:
    """Remove traces that have been kept for long enough.

    Args:
        logs: the folder of log files.
        now: seconds since the epoch.
    """
    for part in (logs / _FOLDER).glob("*.zip"):
        if now - part.stat().st_mtime > KEPT_FOR_DAYS * 86_400:
            part.unlink(missing_ok=True)
