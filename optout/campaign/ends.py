"""How a visit can end before its time, said in our own words."""

from __future__ import annotations

import asyncio
import logging

from optout.accounts.redact import redact
from optout.errors import OptoutError
from optout.model import Why

_log = logging.getLogger(__name__)


def go_on_unless_cancelled() -> None:
    """Stop here after Ctrl-C, which may have shown itself as another error, or as none at all.

    Raises:
        asyncio.CancelledError: it was pressed.
    """
    if cancelled():
        raise asyncio.CancelledError


def foreseen(error: BaseException) -> OptoutError:
    """What ended a visit, as an error of our own; where it came from is logged for `--debug`."""
    if cancelled():
        return OptoutError(
            "interrupted before there was a result",
            step="visit",
            next_step="What was proven before is kept. Run the same command again to continue.",
            why=Why.INTERRUPTED,
        )
    if isinstance(error, OptoutError):
        return error
    _log.debug("a visit ended in a way nobody foresaw", exc_info=error)
    said = redact(str(error)).splitlines() or [""]
    return OptoutError(
        "something unforeseen ended the visit",
        step="visit",
        found=f"{type(error).__name__}: {said[0][:200]}",
        next_step="Look again with: optout --debug check; if it happens again, report it.",
        why=Why.UNFORESEEN,
    )


def cancelled() -> bool:
    """Whether Ctrl-C was pressed, or somebody else has ended the task that asks."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
