"""Reading a setting. Nothing in this file can operate a control."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from playwright.async_api import Error as BrowserError

from optout.errors import FlowBroken, PageUnexpected
from optout.flow import MenuItem
from optout.model import Observation, Reading, Why
from optout.visit.locate import menu_items
from optout.visit.moved import moved_on
from optout.visit.openers import furthest_in_sight, open_menu, wait_for_opener
from optout.visit.press import press
from optout.visit.survey import PageSeen, Survey, survey
from optout.visit.tab import path_of
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
        self._menu_pressed = False

    async def look(self, setting: Setting, place: str) -> Sight:
        """Read the setting on the page as it stands, waiting until the page has made up its mind.

        Args:
            setting: the setting.
            place: where it is expected; what hides it there is opened.

        Returns:
            The reading. It is `unknown` with a reason where the page does not say clearly.

        Raises:
            OptoutError: the way to the setting must not be pressed, or the flow failed.
        """
        self._menu_pressed = False
        lost = await self._open_way(setting, place) if self._is_at(place) else None
        deadline = asyncio.get_running_loop().time() + self.tab.patience.render
        last: Understood | None = None
        rested = True
        while True:
            sight = await self._glance(setting, place)
            now = sight.understood
            if now.firm and not sight.seen.busy:
                return sight
            over = asyncio.get_running_loop().time() >= deadline
            # A control may show anything while the answer with its state is still on its way.
            calm = rested or now.observation.reading is Reading.UNKNOWN
            if last == now and calm and (over or await self._is_final(setting, place, sight)):
                return sight
            if lost is not None and now.observation.why is Why.CONTROL_MISSING:
                return _with_detail(sight, lost.reason)
            if over:
                return replace(sight, understood=_restless(now))
            last = now
            rested = await self.tab.settle()

    def _is_at(self, place: str) -> bool:
        return self.tab.status not in _GONE and self.tab.path == path_of(place)

    async def _is_final(self, setting: Setting, place: str, sight: Sight) -> bool:
        """Whether a reading that came twice is the page's last word."""
        why = sight.observation.why
        # By the address it was read at: the tab may have gone elsewhere since.
        at_its_place = self.tab.status not in _GONE and sight.seen.path == path_of(place)
        if why is Why.CONTROL_MISSING and at_its_place:
            return bool(await self.objects(setting, sight))
        return why is not Why.STATE_UNCLEAR or not at_its_place

    async def _open_way(self, setting: Setting, place: str) -> PageUnexpected | None:
        """Open what hides the setting, one after the other, until it shows.

        Returns:
            What kept it from being opened, where something did.
        """
        left = setting.opens
        while left:
            sight = await self._glance(setting, place)
            if sight.understood.control is not None:
                return None
            # Part of the way may stand open already: what is nearest to the setting is pressed.
            nearest = furthest_in_sight(left, sight.seen)
            opener, left = left[nearest], left[nearest + 1 :]
            try:
                await press(self.tab, *await wait_for_opener(self.tab, opener))
            except PageUnexpected as error:
                if error.why is Why.FORBIDDEN:
                    raise
                # What stands in the way may be the very thing, opening by itself.
                await self.tab.settle()
                return error
        return None

    async def objects(self, setting: Setting, sight: Sight) -> tuple[str, ...]:
        """The paths at which the setting stands once per object; empty where it stands once.

        Raises:
            FlowBroken: the flow's method failed.
        """
        links = tuple(link.href for link in sight.seen.of_role(("link",)) if link.href)
        name = self.flow.name
        paths = await ask_flow(
            lambda: tuple(self.flow.objects(setting, links)), name, self.tab.patience.flow
        )
        if wrong := [path for path in paths if not str(path).startswith("/")]:
            raise _broken(name, f"it named {wrong[0]!r} as the path of an object")
        return paths

    async def _glance(self, setting: Setting, place: str) -> Sight:
        while True:
            try:
                return await self._see(setting, place)
            except BrowserError as error:
                if self.tab.page.is_closed() or not moved_on(error):
                    raise
                # Another document has come, and no menu is open there.
                self._menu_pressed = False
                await self.tab.page.wait_for_load_state("domcontentloaded")

    async def _see(self, setting: Setting, place: str) -> Sight:
        found = await survey(self.tab.page, self.tab.fence.site, self.flow.embedded_data)
        control = setting.control
        # Pressed once, and again only where that showed nothing: a second press would close a menu.
        if isinstance(control, MenuItem) and not (self._menu_pressed and menu_items(found.seen)):
            found, self._menu_pressed = await open_menu(self.tab, self.flow, control, found)
        return Sight(await self._understand(setting, place, found.seen), found)

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
        understood = understand(setting, seen, at_its_place=seen.path == path_of(place), stated=stated)
        if not seen.text_length and not seen.controls:
            empty = replace(understood.observation, detail="the page is empty")
            return replace(understood, observation=empty)
        return understood


def _with_detail(sight: Sight, detail: str) -> Sight:
    observation = replace(sight.observation, detail=detail)
    return replace(sight, understood=replace(sight.understood, observation=observation))


def _restless(understood: Understood) -> Understood:
    unclear = replace(
        understood.observation,
        reading=Reading.UNKNOWN,
        why=Why.STATE_UNCLEAR,
        detail="the page did not come to rest",
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
