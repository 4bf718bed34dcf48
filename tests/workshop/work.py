"""One visit to the workshop, and what it did on the server's side."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from optout.model import Account, Mode
from optout.practice.server import serve
from optout.visit.order import Order
from optout.visit.patience import Patience
from optout.visit.site import site_for
from optout.visit.visit import visit
from tests.workshop.flow import Workshop
from tests.workshop.site import session_for, site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from optout.flow import Flow, Setting
    from optout.model import Outcome, Result
    from optout.practice.server import PracticeServer
    from optout.practice.switchboard import PracticeAccount
    from optout.visit.browser import OpenBrowser
    from optout.visit.person import Person

QUICK = Patience(render=2.0, quiet=0.15, sign_in=4.0, person=8.0, flow=1.0, press=2.0, save=3.0)


class Nobody:
    """Nobody sits in front of the terminal."""

    def tell(self, message: str) -> None:
        raise AssertionError(message)


@dataclass
class Work:
    """A running workshop and a browser to visit it with.

    Attributes:
        server: the site.
        browser: what visits it.
        folder: where bundles go.
        last: the account that was added last.
    """

    server: PracticeServer
    browser: OpenBrowser
    folder: Path
    last: PracticeAccount = field(init=False)

    def add(self, *conditions: str, **settings: bool) -> PracticeAccount:
        """An account of its own; `settings` are stored values, True for in."""
        board = self.server.site.switchboard
        login = f"ada{len(board.accounts)}@example.org"
        self.last = board.add(login, "right horse", conditions=conditions)
        self.last.settings.update(settings)
        return self.last

    async def visit(self, *settings: Setting, **facts: Any) -> list[Result]:
        """Visit the account added last; as a run, unless told otherwise."""
        results: list[Result] = []
        await visit(self.order(*settings, results=results, **facts), self.browser)
        return results

    async def run(self, setting: Setting, **facts: Any) -> Result:
        """A run for one setting."""
        (result,) = await self.visit(setting, **facts)
        return result

    async def check(self, setting: Setting, **facts: Any) -> Result:
        """A check of one setting."""
        (result,) = await self.visit(setting, may_change=False, **facts)
        return result

    def order(
        self,
        *settings: Setting,
        results: list[Result],
        flow: Flow | None = None,
        person: Person | None = None,
        signed_in: bool = True,
        **facts: Any,
    ) -> Order:
        """What a visit is asked to do, with everything this workshop does not care about."""
        flow = flow or Workshop()
        origin = self.server.origin
        given: dict[str, Any] = {"mode": Mode.AUTOMATIC, "may_change": True, "patience": QUICK}
        if signed_in:
            given["session"] = session_for(self.server.site, self.last, origin)
        return Order(
            visit=uuid.uuid4().hex,
            account=Account(flow.name, self.last.login),
            flow=flow,
            settings=settings,
            site=site_for(flow, origin),
            person=person or Nobody(),
            folder=self.folder / self.last.login,
            on_result=results.append,
            on_signed_in=lambda _state, _who: None,
            **{**given, **facts},
        )

    @property
    def sent(self) -> int:
        """State-changing requests of the account added last."""
        return self.last.counters.state_changing_requests

    def stored(self, key: str) -> bool:
        """What is stored for the account added last: True for in."""
        return self.last.settings.get(key, True)


def workshop(browser: OpenBrowser, folder: Path) -> Iterator[Work]:
    """A workshop of its own, for a fixture to hand out."""
    with serve(site()) as server:
        yield Work(server, browser, folder)


def record_of(result: Result) -> dict[str, Any]:
    """What a result's bundle says."""
    assert result.evidence is not None
    record: dict[str, Any] = json.loads((result.evidence / "record.json").read_text())
    return record


def outcomes(results: list[Result]) -> list[Outcome]:
    """The outcomes, in order."""
    return [result.outcome for result in results]
