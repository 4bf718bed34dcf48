"""Recognising the page a visit has come to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from playwright.async_api import Error as BrowserError

from optout.flow import Scene, SceneKind
from optout.model import Why
from optout.page_scripts import ask, script
from optout.visit.identity import marks_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from optout.flow import Flow
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
_ELSEWHERE = Scene(kind=SceneKind.SIGNED_OUT)
THROUGH = frozenset({SceneKind.SIGNED_IN, SceneKind.INTERSTITIAL})


@dataclass(frozen=True)
class Where:
    """The page a visit stands on.

    Attributes:
        scene: the scene it is recognised as; None where none fits.
        path: its path.
        look: what the page was recognised by; the start of waiting for something else.
        named: who it says is signed in; empty where it named nobody, or not yet.
    """

    scene: Scene | None
    path: str
    look: dict[str, Any]
    named: str = ""

    @property
    def kind(self) -> SceneKind | None:
        """The kind of the scene, or None where none fits."""
        return self.scene.kind if self.scene else None

    @property
    def why(self) -> Why:
        """The reason the scene gives a person."""
        return self.scene.why if self.scene else Why.NONE

    @property
    def vouches(self) -> bool:
        """Whether something on the page, and not its address alone, says what it is."""
        scene = self.scene
        told = scene is not None and (scene.marks or scene.traces or scene.texts)
        return bool(told or self.named or self.kind not in (None, SceneKind.SIGNED_IN))

    def shows(self, selectors: Iterable[str]) -> bool:
        """Whether one of these, out of those a flow names, is in sight."""
        return not set(self.look["marks"]).isdisjoint(selectors)


def tells_strangers(flow: Flow) -> bool:
    """Whether any page is known to be one that nobody is signed in on."""
    return bool(flow.sign_in.hosts) or any(
        scene.kind in (SceneKind.SIGNED_OUT, SceneKind.SIGN_IN_FORM) for scene in flow.scenes
    )


async def where(tab: Tab, flow: Flow) -> Where:
    """Recognise the page as it stands."""
    while True:
        try:
            question = {**_questions(flow), "limit_ms": tab.patience.render * 1000}
            look = await ask(tab.page, script("scene"), question)
        except BrowserError as error:
            if "context was destroyed" not in str(error):
                raise  # otherwise the next page is on its way, and is asked once it is there
        else:
            return _seen(tab, flow, look)


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
            # A page that waits for the next document may have stopped its own clock.
            async with asyncio.timeout(left):
                look = await ask(tab.page, script("scene"), question)
        except TimeoutError:
            break
        except BrowserError as error:
            if tab.page.is_closed() or "context was destroyed" not in str(error):
                raise
            continue
        return _seen(tab, flow, look) if look else None
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
        "identity": marks_of(flow),
    }


def _seen(tab: Tab, flow: Flow, look: dict[str, Any]) -> Where:
    site = tab.fence.site
    if site.is_own(look["url"]):
        return _recognise(flow, look)
    # Somebody else's page is none that the flow knows, whatever it looks like.
    return Where(_ELSEWHERE if site.is_for_signing_in(look["url"]) else None, look["path"], look)


def _recognise(flow: Flow, look: dict[str, Any]) -> Where:
    named = look.get("named", "")
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
        return Where(scene, look["path"], look, named)
    return Where(None, look["path"], look, named)
