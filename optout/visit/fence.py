"""What a visit's browser may reach, and where a secret may be typed.

Three layers, because each alone was measured to leak: a resolver rule of the browser itself (the only
one that also stops redirects), request routing (which also sees ports), and a look at the address of
every frame before anything secret is typed.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playwright.async_api import Error as BrowserError

from optout.errors import NotUsableHere, PageUnexpected
from optout.model import Why

if TYPE_CHECKING:
    from playwright.async_api import (
        Browser,
        BrowserContext,
        ElementHandle,
        Frame,
        Route,
        WebSocketRoute,
    )

    from optout.visit.site import Site

_FORM_ACTION = "(field) => (field.form ? field.form.action : '')"


class Fence:
    """The fence around one site.

    Attributes:
        kept_out: how many requests to each foreign host were stopped.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self.kept_out: Counter[str] = Counter()

    @property
    def launch_arguments(self) -> list[str]:
        """Chromium switches that make every other host unresolvable, whoever asks."""
        names = dict.fromkeys((self.site.host, *self.site.hosts))
        excluded = " , ".join(f"EXCLUDE {name}" for name in names)
        return [f"--host-resolver-rules=MAP * ~NOTFOUND , {excluded}", "--disable-quic"]

    async def prove(self, browser: Browser) -> None:
        """Try to leave the fence, and refuse to go on if that works.

        Raises:
            NotUsableHere: a page reached a host outside the fence.
        """
        reached = asyncio.Event()

        def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            reached.set()
            writer.close()

        listener = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = listener.sockets[0].getsockname()[1]
        outside = "localhost" if self.site.host == "127.0.0.1" else "127.0.0.1"
        context = await browser.new_context()
        try:
            page = await context.new_page()
            await page.goto(f"http://{outside}:{port}/", wait_until="commit", timeout=5_000)
            reached.set()
        except BrowserError:
            pass  # This is what a standing fence looks like; `reached` has the last word.
        finally:
            await context.close()
            listener.close()
        if reached.is_set():
            raise NotUsableHere(
                "this browser ignores the rule that keeps it on the platform's own hosts",
                step="fence",
                next_step="Use another browser (OPTOUT_BROWSER), or --mode attended.",
            )

    async def guard(self, context: BrowserContext) -> None:
        """Stop requests and web sockets of this context that lead outside the fence."""
        await context.route("**/*", self._route)
        await context.route_web_socket("**/*", self._route_web_socket)

    async def _route(self, route: Route) -> None:
        if self.site.is_allowed(route.request.url):
            await route.continue_()
            return
        self.kept_out[urlsplit(route.request.url).hostname or ""] += 1
        await route.abort("blockedbyclient")

    async def _route_web_socket(self, socket: WebSocketRoute) -> None:
        if self.site.is_allowed(socket.url):
            socket.connect_to_server()
            return
        self.kept_out[urlsplit(socket.url).hostname or ""] += 1
        await socket.close(code=1008, reason="outside the fence")

    async def may_type_into(self, field: ElementHandle) -> None:
        """Check the whole chain of frames around a field, and where its form would send it.

        Raises:
            PageUnexpected: any of them is not on the flow's own scheme, host and port.
        """
        frame: Frame | None = await field.owner_frame()
        chain = []
        while frame is not None:
            chain.append(frame.url)
            frame = frame.parent_frame
        action = await field.evaluate(_FORM_ACTION)
        foreign = [url for url in (*chain, *([action] if action else ())) if not self.site.is_own(url)]
        if foreign or not chain:
            raise PageUnexpected(
                "nothing secret was typed",
                step="sign-in",
                expected=f"a form on {self.site.origin} that sends to it",
                found=_without_query(foreign[0]) if foreign else "a field in no frame",
                next_step="Do not sign in on that page; report it if it is the platform's own.",
                why=Why.UNSAFE_TO_TYPE,
            )


def _without_query(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"[:200]
