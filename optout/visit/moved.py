"""Telling that a page moved on while it was being looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.accounts.redact import redact
from optout.errors import PageUnexpected
from optout.model import Why

if TYPE_CHECKING:
    from playwright.async_api import Error as BrowserError

_SIGNS = ("context was destroyed", "detached", "navigat")


def moved_on(error: BrowserError) -> bool:
    """Whether the browser complains only because another document has taken the page's place."""
    return any(sign in str(error) for sign in _SIGNS)


def went_away(error: BrowserError) -> PageUnexpected:
    """The error for a page that was replaced while a setting was operated on it."""
    return PageUnexpected(
        "the page went away while the setting was operated",
        step="press",
        found=redact(str(error).splitlines()[0][:160]),
        next_step="Run again; if it happens again, report it to the flow's author.",
        why=Why.STATE_UNCLEAR,
    )
