"""Reading a setting. Nothing in this file can operate a control."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from playwright.async_api import Error as BrowserError

from optout.errors import FlowBroken
from optout.flow import MenuItem
from optout.model import Observation, Reading, Why
from optout.visit.openers import close_menu, open_menu, open_way
from optout.visit.survey import PageSeen, Survey, survey
from optout.visit.understand import Understood, understand

if TYPE_CHECKING:
    from collections.abc import Callable

    from optout.flow import Flow, Setting
    from optout.visit.tab import Tab

_GONE = (404, 410)
_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class Sight:
    """A reading, with the page it was taken from and the way back to its elements."""

    understood: Understood
    survey: Survey

    @property
    def observation(self) -> Observation:
        """The reading with its grounds."""
        return self.understood.observation

    @property
    def seen(self) -> PageSeen:
        """Everything the page showed."""
        return self.survey.seen


class Reader:
    """Reads the settings of one flow on one tab."""

    def __init__(self, tab: Tab, flow: Flow) -> None:
        self.tab = tab
        self.flow = flow

    async def read(self, setting: Setting, place: str) -> Sight:
        """Load the setting's place afresh and read it there.

        Args:
            setting: the setting.
            place: the path to load.

        Returns:
            The reading. It is `unknown` with a reason where the page does not say clearly.

        Raises:
            OptoutError: the place could not be loaded, or the flow raised.
        """
        await self.tab.load(place)
        self.tab.stay_on_site()
        return await self.look(setting, place)

    async def look(self, setting: Setting, place: str) -> Sight:
        """Read the setting on the page as it stands, waiting until the page has made up its mind."""
        if self.tab.status not in _GONE and self.tab.path == place:
            await open_way(self.tab, setting.opens)
        deadline = asyncio.get_running_loop().time() + self.tab.patience.render
        last: Understood | None = None
        while True:
            sight = await self._glance(setting, place)
            now = sight.understood
            if now.firm and not sight.seen.busy:
                return sight
            over = asyncio.get_running_loop().time() >= deadline
            unclear = now.observation.why in (Why.STATE_UNCLEAR, Why.CONTROL_MISSING)
            elsewhere = self.tab.status in _GONE or self.tab.path != place
            if last == now and (over or elsewhere or not unclear):
                return sight
            if over:
                return replace(sight, understood=_restless(now))
            last = now
            await self.tab.settle()

    async def _glance(self, setting: Setting, place: str) -> Sight:
        while True:
            try:
                found = await survey(self.tab.page, self.tab.fence.site, self.flow.embedded_data)
                if isinstance(setting.control, MenuItem):
                    found = await open_menu(self.tab, self.flow, setting.control, found)
                sight = Sight(await self._understand(setting, place, found.seen), found)
                if isinstance(setting.control, MenuItem):
                    await close_menu(self.tab)
            except BrowserError as error:
                if "context was destroyed" not in str(error):
                    raise
                await self.tab.page.wait_for_load_state("domcontentloaded")
            else:
                return sight

    async def _understand(self, setting: Setting, place: str, seen: PageSeen) -> Understood:
        flow = self.flow
        stated = await ask_flow(
            lambda: flow.embedded_reading(setting, seen.embedded), flow.name, self.tab.patience.flow
        )
        if self.tab.status in _GONE:
            missing = Observation(
                reading=Reading.UNKNOWN,
                why=Why.CONTROL_MISSING,
                detail=f"its address answers with status {self.tab.status}",
                language=seen.language,
                path=seen.path,
            )
            return Understood(missing)
        understood = understand(setting, seen, at_its_place=seen.path == place, stated=stated)
        if not seen.text_length and not seen.controls:
            empty = replace(understood.observation, detail="the page is empty")
            return replace(understood, observation=empty)
        return understood


def _restless(understood: Understood) -> Understood:
    unclear = replace(
        understood.observation,
        reading=Reading.UNKNOWN,
        why=Why.STATE_UNCLEAR,
        detail="the page kept changing what it shows",
    )
    return Understood(unclear, understood.control)


async def ask_flow(question: Callable[[], _Answer], name: str, limit_s: float) -> _Answer:
    """Ask a flow's own method, which may raise or hang without taking the visit with it.

    Raises:
        FlowBroken: it raised, or gave no answer in time.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[_Answer] = loop.create_future()

    def put(act: Callable[[], None]) -> None:
        loop.call_soon_threadsafe(lambda: None if answer.done() else act())

    def ask() -> None:
        try:
            said = question()
        # Whatever a third party's method raises ends this visit and nothing else.
        except Exception as error:  # noqa: BLE001
            raised = f"{type(error).__name__}: {error}"
            put(lambda: answer.set_exception(_broken(name, f"its method raised {raised}")))
        else:
            put(lambda: answer.set_result(said))

    # A daemon thread, because a method that never returns must not keep the process alive.
    threading.Thread(target=ask, daemon=True, name=f"flow {name}").start()
    try:
        async with asyncio.timeout(limit_s):
            return await answer
    except TimeoutError:
        raise _broken(name, f"its method gave no answer within {limit_s:g} s") from None


def _broken(name: str, what: str) -> FlowBroken:
    return FlowBroken(
        f"the flow {name} failed: {what}",
        step="read",
        next_step="Nothing was changed. Report it to the flow's author.",
        why=Why.FLOW_RAISED,
    )
