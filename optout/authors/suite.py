"""The conformance suite: a flow is visited under every condition of its own practice site."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from optout.accounts.credentials import Credentials
from optout.accounts.secret import Secret
from optout.authors.window import AtTheWindow
from optout.errors import UsageProblem
from optout.model import Account, Mode
from optout.practice.expectations import found, table_of
from optout.practice.load import practice_site_of
from optout.practice.server import serve
from optout.visit.browser import open_browser
from optout.visit.order import Order
from optout.visit.patience import Patience
from optout.visit.site import Site, site_for
from optout.visit.visit import visit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator
    from pathlib import Path

    from optout.flow import Flow
    from optout.model import Result
    from optout.practice.expectations import Expected
    from optout.practice.server import PracticeServer
    from optout.practice.site import PracticeSite
    from optout.practice.switchboard import PracticeAccount
    from optout.visit.browser import OpenBrowser

PLAIN = ""
AT_ONCE = 6
# Several at once take longer each, and nobody comes to the window of an attended one.
PATIENCE = Patience(load=8, render=5, quiet=0.15, press=8, save=5, sign_in=6, person=2, flow=2, visit=60)
# A check never gets to the saving, and reads as a run does; that it cannot press is shown elsewhere.
_CHECKED = (PLAIN, "already-out", "locked-in")
_SLOW_S = 1.0
_PASSWORD = "practice"  # noqa: S105 - the password of a made-up account on this machine


@dataclass(frozen=True)
class Row:
    """One visit of the suite.

    Attributes:
        condition: of the practice site; empty for none.
        mode: whether it may change anything.
    """

    condition: str
    mode: Literal["run", "check"]

    def __str__(self) -> str:
        """As it is told to people."""
        return f"{self.condition or 'plain'}{'' if self.mode == 'run' else ' (check)'}"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of one visit.

    Attributes:
        row: which.
        expected: what it should have said.
        found: what it said, and what it did.
        reason: its own sentence.
        evidence: its bundle, or None.
    """

    row: Row
    expected: Expected
    found: Expected
    reason: str
    evidence: Path | None

    @property
    def as_expected(self) -> bool:
        """Whether both are the same in everything."""
        return self.found == self.expected


def rows_of(site: PracticeSite, only: Iterable[str] = ()) -> list[Row]:
    """The visits to make: every condition of the site, or these.

    Raises:
        UsageProblem: the site has no such condition.
    """
    known = [PLAIN, *(condition.name for condition in site.conditions)]
    wanted = [PLAIN if name == "plain" else name for name in only] or known
    for name in wanted:
        if name not in known:
            raise UsageProblem(
                f"this practice site has no condition {name!r}",
                expected=f"plain or one of {', '.join(known[1:])}",
            )
    return [row for name in wanted for row in _rows(name)]


def _rows(condition: str) -> Iterator[Row]:
    yield Row(condition, "run")
    if condition in _CHECKED:
        yield Row(condition, "check")


def needs_no_fence(flow: Flow) -> bool:
    """Whether visits need a browser without a fence: people are let go where they sign in."""
    return bool(flow.sign_in.hosts)


def circumstances(
    flow: Flow, condition: str, server: PracticeServer, account: PracticeAccount, browser: OpenBrowser
) -> dict[str, Any]:
    """How a visit to a practice account goes about it, as facts of its order.

    Where only a person gets through the sign-in, a kept session stands in for one; where no page names
    the person, somebody is at the window.
    """
    facts: dict[str, Any] = {
        "settings": flow.settings[:1],
        "patience": PATIENCE,
        "mode": Mode.AUTOMATIC,
        "credentials": None,
    }
    if flow.sign_in.password:
        who = Account(flow.name, account.login)
        password, totp = Secret(account.password), Secret(account.totp)
        facts["credentials"] = Credentials(who, password=password, totp=totp)
    if (not flow.sign_in.password or condition.startswith("signed-out")) and server.site.session_for:
        facts["session"] = server.site.session_for(account, server.origin)
    if not flow.identity:
        facts |= {"mode": Mode.ATTENDED, "person": AtTheWindow(browser, server.origin)}
    if flow.settings[0].way:  # which takes them some time
        facts["patience"] = replace(PATIENCE, person=6)
    return facts


async def conform(
    flow: Flow,
    rows: Iterable[Row],
    *,
    folder: Path,
    tell: Callable[[str], None],
    on_answer: Callable[[Answer], None],
) -> list[Answer]:
    """Make these visits, several at once.

    Args:
        flow: whose.
        rows: which.
        folder: where the bundles go, a folder for each.
        tell: called with a sentence where something takes long.
        on_answer: called with each answer as soon as it is there.

    Returns:
        The answers, in the order of the rows.

    Raises:
        OptoutError: there is no browser, or the practice site does not say what it is made from.
    """
    table, turn = table_of(flow), asyncio.Semaphore(AT_ONCE)
    here = Site("http://127.0.0.1", practice=True)
    async with open_browser(here, headed=False, fenced=not needs_no_fence(flow), tell=tell) as browser:

        async def one(number: int, row: Row) -> Answer:
            async with turn:
                expected = table[row.condition].by(row.mode)
                answer = await _visit(flow, row, expected, folder / f"{number:02}", browser)
            on_answer(answer)
            return answer

        async with asyncio.TaskGroup() as group:
            going = [group.create_task(one(number, row)) for number, row in enumerate(rows)]
    return [task.result() for task in going]


async def _visit(flow: Flow, row: Row, expected: Expected, folder: Path, browser: OpenBrowser) -> Answer:
    results: list[Result] = []
    async with serving(practice_site_of(flow, slow_seconds=_SLOW_S)) as server:
        named = filter(None, [row.condition])
        account = server.site.switchboard.add("ada@example.org", _PASSWORD, conditions=named)
        order: dict[str, Any] = {
            "person": _Nobody(),
            **circumstances(flow, row.condition, server, account, browser),
        }
        await visit(
            Order(
                visit=uuid.uuid4().hex,
                account=Account(flow.name, account.login),
                flow=flow,
                site=site_for(flow, server.origin),
                may_change=row.mode == "run",
                folder=folder,
                on_result=results.append,
                on_signed_in=lambda _state, _who: None,
                **order,
            ),
            browser,
        )
        (result,) = results
        return Answer(
            row=row,
            expected=expected,
            found=found(result, account.counters),
            reason=result.reason,
            evidence=result.evidence,
        )


@contextlib.asynccontextmanager
async def serving(site: PracticeSite) -> AsyncIterator[PracticeServer]:
    """Serve a practice site; when it ends, other visits do not have to wait for that."""
    with contextlib.ExitStack() as stack:
        yield stack.enter_context(serve(site))
        leaving = stack.pop_all()
    await asyncio.to_thread(leaving.close)


class _Nobody:
    """Nobody sits in front of the terminal, and nothing is asked of them."""

    def tell(self, message: str) -> None:
        """Not listen."""
