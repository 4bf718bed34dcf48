"""Telling that a page moved on while it was being looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import Error as BrowserError

_SIGNS = ("context was destroyed", "detached", "navigat")


def moved_on(error: BrowserError) -> bool:
    """Whether the browser complains only because another document has taken the page's place."""
    return any(sign in str(error) for sign in _SIGNS)
