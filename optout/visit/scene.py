"""Recognising the page a visit has come to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from playwright.async_api import Error as BrowserError

from optout.flow import SceneKind
from optout.model import Why
from optout.page_scripts import script

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from optout.flow import Flow, Scene
    from optout.visit.tab import Tab

# What stands between a visit and a signed-in page.
AT_THE_DOOR = frozenset(
    {
        SceneKind.SIGN_IN_FORM,
        SceneKind.ACCOUNT_CHOOSER,
        SceneKind.SIGNED_OUT,
        SceneKind.CREDENTIALS_REFUSED,
        SceneKind.PERSON_ONLY,
        SceneKind.ONE_TIME_CODE,
    }
)
THROUGH = frozenset({SceneKind.SIGNED_IN, SceneKind.INTERSTITIAL})


@dataclass(frozen=True)
class Where:
    """The page a visit stands on.

    Attributes:
        scene: the scene it is recognised as; None where none fits.
        path: its path.
        look: what the page was recognised by; the start of waiting for something else.
    """

    scene: Scene | None
    path: str
    look: dict[str, Any]

    @property
    def kind(self) -> SceneKind | None:
        """The kind of the scene, or None where none fits."""
        return self.scene.kind if self.scene else None

    @property
    def why(self) -> Why:
        """The reason the scene gives a person."""
        return self.scene.why if self.scene else Why.NONE

    def shows(self, selectors: Iterable[str]) -> bool:
        """Whether one of these, out of those a flow names, is in sight."""
        return not set(self.look["marks"]).isdisjoint(selectors)


async def where(tab: Tab, flow: Flow) -> Where:
    """Recognise the page as it stands."""
    while True:
        try:
            question = {**_questions(flow), "limit_ms": tab.patience.render * 1000}
            look = await tab.page.evaluate(script("scene"), question)
        except BrowserError as error:
            if "context was destroyed" not in str(error):
                raise
            await tab.page.wait_for_load_state("domcontentloaded")
        else:
            return _recognise(flow, look)


async def until_elsewhere(tab: Tab, flow: Flow, here: Where, limit_s: float) -> Where | None:
    """Wait until the page is recognisably different.

    Returns:
        Where it is then, or None when the time is over.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + limit_s
    while (left := deadline - loop.time()) > 0:
        question = {**_questions(flow), "since": here.look, "limit_ms": left * 1000}
        try:
            look = await tab.page.evaluate(script("scene"), question)
        except BrowserError as error:
            if tab.page.is_closed() or "context was destroyed" not in str(error):
                raise
            await tab.page.wait_for_load_state("domcontentloaded")
            continue
        return _recognise(flow, look) if look else None
    return None


async def until_one_of(
    tab: Tab, flow: Flow, kinds: Container[SceneKind | None], limit_s: float
) -> Where:
    """Wait for a page of one of these kinds; whatever stands there when the time is over."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + limit_s
    here = await where(tab, flow)
    while here.kind not in kinds:
        later = await until_elsewhere(tab, flow, here, deadline - loop.time())
        if later is None:
            break
        here = later
    return here


def _questions(flow: Flow) -> dict[str, Any]:
    marks = {mark for scene in flow.scenes for mark in scene.marks}
    return {
        "selectors": sorted(marks.union(flow.dismiss, flow.sign_in.dismiss)),
        "traces": sorted({trace for scene in flow.scenes for trace in scene.traces}),
    }


def _recognise(flow: Flow, look: dict[str, Any]) -> Where:
    query = dict(parse_qsl(look["search"].lstrip("?"), keep_blank_values=True))
    marks, traces = set(look["marks"]), set(look["traces"])
    for scene in flow.scenes:
        if not scene.fits_address(look["path"], query):
            continue
        if scene.marks and not marks.intersection(scene.marks):
            continue
        if scene.traces and not traces.intersection(scene.traces):
            continue
        if scene.texts and not any(scene.texts.match(text) for text in look["texts"]):
            continue
        return Where(scene, look["path"], look)
    return Where(None, look["path"], look)
