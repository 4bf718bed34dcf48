"""Somebody else calls `optout schedule run`: a system unit, a container's scheduler."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.watch.schedule.system import Planned, Written

if TYPE_CHECKING:
    from optout.watch.schedule.entry import Entry


class Elsewhere:
    """A caller that is set up by hand; only the rhythm is remembered, to notice missed runs."""

    name = "elsewhere"
    title = "a scheduler that you set up yourself"
    note = "Nothing was written to this system. Let your scheduler call: optout schedule run"

    def lack(self) -> str:
        """Nothing: there is nothing to use."""
        return ""

    def planned(self, entry: Entry) -> Planned:  # noqa: ARG002 - nothing is written for any entry
        """Nothing is written."""
        return Planned(())

    def install(self, entry: Entry) -> None:
        """Nothing is installed."""

    def found(self, name: str) -> tuple[Written, ...]:  # noqa: ARG002 - as above
        """Nothing was written, so nothing is there."""
        return ()

    def remove(self, name: str) -> bool:  # noqa: ARG002 - as above
        """Nothing is there to be removed."""
        return False
