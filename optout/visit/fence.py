"""What a visit's browser may reach, and where a secret may be typed.

The fence is a rule of the browser's own resolver, the only means that was measured to stop everything:
redirects, workers, sockets and prefetching included. It is tried at the browser's start, watched during
the visit, and before anything secret is typed the address of every frame around the field is looked at.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playwright.async_api import Error as BrowserError

from optout.errors import NotUsableHere, PageUnexpected
from optout.model import Why
from optout.page_scripts import script
from optout.visit.listen import listen
from optout.visit.moved import moved_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.async_api import Browser, BrowserContext, Frame, Request, Response

    from optout.visit.element import Element
    from optout.visit.site import Site


class FieldGone(PageUnexpected):
    """The page has replaced a field before anything was typed into it."""

    @classmethod
    def of_a_form(cls) -> FieldGone:
        """The error for a field of a sign-in form."""
        return cls(
            "a field of the sign-in form was replaced before it was filled",
            step="sign-in",
            expected="a form that stands still",
            next_step="Run again; if it happens again, sign in yourself: --mode attended.",
            why=Why.SIGN_IN_UNKNOWN,
        )


class Fence:
    """The fence around one site.

    Attributes:
        kept_out: how many requests to each foreign host were stopped.
        breach: a foreign host that answered all the same; empty while the fence stands.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self.kept_out: Counter[str] = Counter()
        self.breach = ""

    @property
    def launch_arguments(self) -> list[str]:
        """Chromium switches that make every other host unresolvable, whoever asks.

        Where the origin names a port, only that port of its host is left.
        """
        own = urlsplit(self.site.origin).netloc
        rules = [f"MAP {own} {own}", "MAP * ~NOTFOUND", *(f"EXCLUDE {host}" for host in self.site.hosts)]
        return [
            f"--host-resolver-rules={' , '.join(rules)}",
            "--disable-quic",
            # Calls from page to page would go past the resolver.
            "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        ]

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

    def watch(self, context: BrowserContext) -> None:
        """Count what the rule keeps out of this context, and notice if anything gets through.

        The rule is the fence. Requests are not routed through us besides: that would switch the
        browser's cache off, and every page would load all its scripts from the platform again.
        """
        listen(context, "requestfailed", self._on_failed)
        listen(context, "response", self._on_response)

    def stand(self) -> None:
        """Make sure that nothing has got through.

        Raises:
            NotUsableHere: a host outside the fence has answered.
        """
        if self.breach:
            raise NotUsableHere(
                "a page reached a host outside the fence, so the visit was stopped",
                step="fence",
                expected=f"nothing but {self.site.origin}",
                found=self.breach,
                next_step="Use another browser (OPTOUT_BROWSER), or --mode attended.",
            )

    def _on_failed(self, request: Request) -> None:
        if not self.site.is_allowed(request.url):
            self.kept_out[urlsplit(request.url).hostname or ""] += 1

    def _on_response(self, response: Response) -> None:
        if not self.site.is_allowed(response.url):
            self.breach = urlsplit(response.url).hostname or response.url[:80]

    async def may_type_into(self, *fields: Element) -> None:
        """Check the whole chain of frames around each field, and where its form would send it.

        Raises:
            FieldGone: the page has another document by now, or another field.
            PageUnexpected: any of them is not on the flow's own scheme, host and port.
        """
        by_frame: dict[Frame, list[str]] = {}
        for field in fields:
            by_frame.setdefault(field.frame, []).append(field.mark)
        # A document that is not ours is asked nothing.
        for frame in by_frame:
            self._refuse_foreign(_chain_of(frame))
        for frame, marks in by_frame.items():
            sends_to = await _sends_to(frame, marks)
            # Another document that has come meanwhile may have answered, and now knows the marks.
            self._refuse_foreign(_chain_of(frame))
            self._refuse_foreign(sends_to)

    def _refuse_foreign(self, urls: Sequence[str]) -> None:
        for url in urls:
            if not self.site.is_own(url):
                raise PageUnexpected(
                    "nothing secret was typed",
                    step="sign-in",
                    expected=f"a form on {self.site.origin} that sends to it",
                    found=_without_query(url),
                    next_step="Do not sign in on that page; report it if it is the platform's own.",
                    why=Why.UNSAFE_TO_TYPE,
                )


async def _sends_to(frame: Frame, marks: Sequence[str]) -> list[str]:
    """Where the forms around marked fields, and their buttons, would send them."""
    try:
        found: list[str | None] = await frame.evaluate(script("sends-to"), marks)
    except BrowserError as error:
        if not moved_on(error):
            raise
        raise FieldGone.of_a_form() from None
    if None in found:
        raise FieldGone.of_a_form()
    return [str(url) for url in found]


def _chain_of(frame: Frame | None) -> list[str]:
    """The addresses of a frame and of all around it."""
    return [frame.url, *_chain_of(frame.parent_frame)] if frame else []


def _without_query(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"[:200]
