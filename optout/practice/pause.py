"""Making a visitor wait, without keeping the server from stopping."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request


async def pause(request: Request, seconds: float | None) -> None:
    """Wait this many seconds, or for ever (None), or until the browser or the server hangs up."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(_hung_up(request), seconds)


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
