"""Work that may never end, done where it cannot hold up the program."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def in_background(work: Callable[[], T]) -> Future[T]:
    """Do `work` in a thread that does not keep the program alive.

    A pool would not do: Python waits for a pool's threads before it exits, and the work given here
    may be stuck for good in a system call.

    Returns:
        A future for its result; `result(seconds)` raises `TimeoutError` when it takes longer.
    """
    future: Future[T] = Future()

    def settle() -> None:
        try:
            future.set_result(work())
        # Not swallowed but carried over: whoever asks for the result gets it raised.
        except BaseException as error:  # noqa: BLE001
            future.set_exception(error)

    threading.Thread(target=settle, name="optout-background", daemon=True).start()
    return future
