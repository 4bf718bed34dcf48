"""Starting the asynchronous engine from a command."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


def run_async(work: Coroutine[Any, Any, _T]) -> _T:
    """Do the work to its end.

    A browser that closes may leave calls behind that nobody waits for any more. What becomes of them
    is logged for `--debug`; asyncio would print a traceback for each.
    """

    async def quietly() -> _T:
        asyncio.get_running_loop().set_exception_handler(_note)
        return await work

    return asyncio.run(quietly())


def _note(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    _log.debug("%s", context.get("message"), exc_info=context.get("exception"))
