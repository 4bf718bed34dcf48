"""Visits that are made several at once and asked for one by one, each with its own failure.

Half of a visit is waiting. Tests of one group go to one worker (`pytest.mark.xdist_group`), and the
first of them that is asked for makes the visits of all of them.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any

import pytest

from optout.authors.suite import AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from optout.practice.expectations import Expected

    Key = tuple[str, ...]
    Answer = tuple[Expected, str]
    Visit = Callable[..., Awaitable[Answer]]

_GROUP_SIZE = 30
_GROUPED = "@"  # what pytest-xdist marks the tests of a group with


def rows(name: str, keys: Iterable[Key], *, thorough: bool = False) -> list[Any]:
    """Parameters for a test per key, in groups that can be visited together.

    Args:
        name: of the groups.
        keys: what to visit.
        thorough: whether these are for `make thorough` only.
    """
    name = f"{name}-thorough" if thorough else name
    more = (pytest.mark.thorough,) if thorough else ()
    return [
        pytest.param(*key, marks=(pytest.mark.xdist_group(f"{name}-{number // _GROUP_SIZE}"), *more))
        for number, key in enumerate(keys)
    ]


class Together:
    """What came of each visit of this session so far."""

    def __init__(self) -> None:
        self._answers: dict[str, dict[Key, Answer | BaseException]] = {}

    async def answer(self, request: pytest.FixtureRequest, visit: Visit) -> Answer:
        """What came of this test's visit; those of its whole group are made where none was yet.

        Args:
            request: the test's own.
            visit: makes the visit for a test's parameters.

        Raises:
            BaseException: whatever that visit raised.
        """
        group = _group(request.node)
        if group not in self._answers:
            assert _GROUPED in request.node.nodeid or "PYTEST_XDIST_WORKER" not in os.environ, (
                "these versions of pytest and pytest-xdist do not keep groups together"
            )
            tests = (item for item in request.session.items if isinstance(item, pytest.Function))
            wanted = [_key(test) for test in tests if _group(test) == group]
            self._answers[group] = await _all(wanted, visit)
        answer = self._answers[group][_key(request.node)]
        if isinstance(answer, BaseException):
            raise answer
        return answer


async def _all(keys: list[Key], visit: Visit) -> dict[Key, Answer | BaseException]:
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(key: Key) -> Answer:
        async with turn:
            return await visit(*key)

    answers = await asyncio.gather(*map(one, keys), return_exceptions=True)
    return dict(zip(keys, answers, strict=True))


def _group(test: pytest.Function) -> str:
    mark = test.get_closest_marker("xdist_group")
    return str(mark.args[0]) if mark else ""


def _key(test: pytest.Function) -> Key:
    return tuple(map(str, test.callspec.params.values()))
