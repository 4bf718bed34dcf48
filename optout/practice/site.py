"""What a platform's practice site is, so that all can be served, driven and listed alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from starlette.types import ASGIApp

    from optout.practice.conditions import Condition
    from optout.practice.switchboard import PracticeAccount, Switchboard


@dataclass(frozen=True)
class PracticeSite:
    """A local stand-in for one platform.

    Attributes:
        platform: the name of the flow it stands in for.
        app: the web application.
        switchboard: its accounts; add one and someone can sign in.
        session_for: what a browser keeps of an account that has signed in at an origin (Playwright's
            storage state); None where the site has no short way in.
    """

    platform: str
    app: ASGIApp
    switchboard: Switchboard
    session_for: Callable[[PracticeAccount, str], dict[str, Any]] | None = None

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition an account can be put under."""
        return self.switchboard.conditions

    def groups(self) -> Iterator[tuple[str, tuple[Condition, ...]]]:
        """The conditions under their headings, in the order the site gives them."""
        for group in dict.fromkeys(condition.group for condition in self.conditions):
            yield group, tuple(known for known in self.conditions if known.group == group)
