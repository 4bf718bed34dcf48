"""Being told of what happens in a browser."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.async_api import Browser, BrowserContext, Page

_ONE_ARGUMENT = inspect.Signature([inspect.Parameter("what", inspect.Parameter.POSITIONAL_ONLY)])


def listen(
    to: Browser | BrowserContext | Page, event: str, note: Callable[[Any], Any]
) -> Callable[[], None]:
    """Have something called with what happens.

    Args:
        to: where it happens.
        event: the event's name.
        note: what is called; where it returns a coroutine, that is awaited.

    Returns:
        What ends it.
    """

    def told(what: Any) -> Any:
        return note(what)

    # The driver's client asks anew at every event what it may pass on, which takes longer than most of
    # what is done about it, unless that is written down: https://peps.python.org/pep-0362/
    told.__signature__ = _ONE_ARGUMENT  # type: ignore[attr-defined]
    to.on(event, told)  # type: ignore[call-overload]
    return lambda: to.remove_listener(event, told)
