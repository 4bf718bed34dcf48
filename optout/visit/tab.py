"""One browser page of a visit: loading addresses, and knowing what is still under way."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playwright.async_api import Error as BrowserError
from playwright.async_api import TimeoutError as BrowserTimeout

from optout.errors import PageUnexpected, SiteUnreachable
from optout.model import Why
from optout.page_scripts import script
from optout.visit.connection import connection_of
from optout.visit.listen import listen
from optout.visit.moved import moved_on

if TYPE_CHECKING:
    from playwright.async_api import Dialog, Frame, Page, Request, Response

    from optout.evidence.step import Connection
    from optout.visit.fence import Fence
    from optout.visit.patience import Patience

_SAFE = ("GET", "HEAD", "OPTIONS")
_TOO_MANY = (429, 999)
_REFUSED = (403, *_TOO_MANY)
_SERVER_ERROR = 500
_BACKGROUND = ("fetch", "xhr")
# What a page counts its visitors with; it saves nothing.
_BEACON = "ping"
_ERROR_PAGE_S = 1.0
_FAILURE = "chrome-error:"
_CIRCLES = "net::ERR_TOO_MANY_REDIRECTS"
_OVERTAKEN = "net::ERR_ABORTED"


class LedAway(PageUnexpected):
    """The site sends the browser to a host that is not its own."""


class GoesInCircles(SiteUnreachable):
    """The site sends the browser from one address to the next without end."""


@dataclass(frozen=True)
class Write:
    """A request that may have changed something on the server.

    Attributes:
        method: the HTTP method.
        path: the path; never the query.
        status: the answer's status; 0 where none came.
    """

    method: str
    path: str
    status: int


class Tab:
    """A page, and the requests it has under way.

    Attributes:
        status: the HTTP status of the last document; 0 while none has arrived.
        connection: how the last document arrived; None while none has.
        writes: state-changing requests since `watch_writes`, of this page or of one that is only just
            being made.
        dialogs: texts of the native dialogs that were dismissed since `watch_writes`.
    """

    def __init__(self, page: Page, fence: Fence, patience: Patience) -> None:
        self.page = page
        self.fence = fence
        self.patience = patience
        self.status = 0
        self.connection: Connection | None = None
        self.writes: list[Write] = []
        self.dialogs: list[str] = []
        self._answer: tuple[Response, datetime.datetime] | None = None
        self._under_way: set[Request] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._wrote = asyncio.Event()
        self._error_page = asyncio.Event()
        listen(page, "framenavigated", self._on_navigated)
        listen(page, "dialog", self._on_dialog)
        # Asked of the context, which is told of traffic once for all of its pages. An answer counts from
        # its headers on: where the page never reads the body of an answer, the browser never calls the
        # request finished.
        self._traffic = (
            listen(page.context, "request", self._on_request),
            listen(page.context, "response", self._on_response),
            listen(page.context, "requestfailed", self._on_failed),
        )

    @property
    def path(self) -> str:
        """The path of the address shown."""
        return urlsplit(self.page.url).path

    @property
    def shows_failure(self) -> bool:
        """Whether the browser shows its own page about a document that it could not get."""
        return self.page.url.startswith(_FAILURE)

    def awaits(self, path: str) -> bool:
        """Whether the page has gone on to a path by itself, and nothing has come from there yet."""
        url = self.fence.site.url(path)
        return any(each.url == url and self._leads_on(each) for each in self._under_way)

    async def close(self) -> None:
        """Close the page while others of its context stay open."""
        for end in self._traffic:
            end()
        await self.page.close()

    async def load(self, path: str) -> None:
        """Load a path afresh, with a GET in a navigation of its own.

        Raises:
            GoesInCircles: the site answers with redirects only.
            SiteUnreachable: no answer, or an error instead of a page.
            PageUnexpected: the site led away from itself.
        """
        self._under_way.clear()
        self._idle.set()
        self.status = 0
        self._error_page.clear()
        response = await self._fetch(path)
        if response is None:
            # Only what follows the # differed, and the browser asked nobody: that proves nothing.
            await self.page.goto("about:blank")
            response = await self._fetch(path)
        self.status = response.status if response else 0
        if response is not None:
            self.connection = await connection_of(response, _now(), self.connection)
        self._refuse_errors(path)

    async def was_led_to(self, path: str) -> bool:
        """Whether the site itself has led to a path, with a GET for a document of its own, as `load`.

        Raises:
            SiteUnreachable: it answered with an error instead of a page.
        """
        if self._answer is None:
            return False
        answer, at = self._answer
        there = answer.url == self.page.url == self.fence.site.url(path)
        if not there or answer.request.method != "GET":
            return False
        self.status = answer.status
        self.connection = await connection_of(answer, at, self.connection)
        self._refuse_errors(path)
        return True

    async def _fetch(self, path: str, *, overtaken: bool = False) -> Response | None:
        shown = self.fence.site.url(path_of(path))
        before = self.fence.kept_out.total()
        try:
            return await self.page.goto(
                self.fence.site.url(path),
                wait_until="domcontentloaded",
                timeout=self.patience.load * 1000,
            )
        except BrowserTimeout:
            raise SiteUnreachable(
                f"{shown} did not answer within {self.patience.load:g} s",
                step="load",
                expected="a page",
                next_step="Try again later.",
                why=Why.SITE_DOWN,
            ) from None
        except BrowserError as error:
            if self.page.is_closed():
                raise
            # The browser's own page about it is still on its way, and must not meet the next load.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_ERROR_PAGE_S):
                    await self._error_page.wait()
            if self.fence.kept_out.total() > before:
                raise self._led_away(", ".join(self.fence.kept_out)) from None
            told = _net_error(error)
            if told == _OVERTAKEN and not overtaken:
                # The page shown before has gone somewhere by itself at that very moment.
                return await self._fetch(path, overtaken=True)
            kind = GoesInCircles if told == _CIRCLES else SiteUnreachable
            raise kind(
                f"{shown} cannot be reached ({told})",
                step="load",
                expected="a page",
                next_step="Check the network connection, then try again.",
                why=Why.SITE_DOWN,
            ) from None

    def _refuse_errors(self, path: str) -> None:
        if self.status in _REFUSED or self.status >= _SERVER_ERROR:
            limited = self.status in _REFUSED
            raise SiteUnreachable(
                f"{self.fence.site.url(path_of(path))} answered with status {self.status}",
                step="load",
                expected="a page",
                next_step="Wait some hours before the next try." if limited else "Try again later.",
                why=Why.RATE_LIMITED if limited else Why.SITE_DOWN,
            )

    def stay_on_site(self) -> None:
        """Make sure that the page shown still belongs to the site.

        Raises:
            PageUnexpected: it does not.
        """
        self.fence.stand()
        if not self.fence.site.is_own(self.page.url):
            raise self._led_away(urlsplit(self.page.url).hostname or "nowhere")

    def _led_away(self, host: str) -> LedAway:
        return LedAway(
            "the page leads away from the platform",
            step="load",
            expected=f"an address on {self.fence.site.origin}",
            found=host,
            next_step="Open the setting by hand and see whether the platform has moved it.",
        )

    async def settle(self) -> bool:
        """Wait until nothing is being fetched and the page has stood still for a moment.

        Returns:
            Whether all that the page has asked for is answered.
        """
        limit = self.patience.render
        try:
            async with asyncio.timeout(limit):
                await self._idle.wait()
                await self.page.evaluate(
                    script("quiet"),
                    {"quiet_ms": self.patience.quiet * 1000, "limit_ms": limit * 1000},
                )
                await self._idle.wait()
        except TimeoutError:
            pass  # Whoever asked for rest is told that there is none.
        except BrowserError as error:
            if not moved_on(error):
                raise
        return self._idle.is_set()

    def watch_writes(self) -> None:
        """Start noting state-changing requests."""
        self.writes.clear()
        self.dialogs.clear()
        self._wrote.clear()

    async def wrote(self) -> None:
        """Wait until the page has sent a state-changing request."""
        await self._wrote.wait()

    @property
    def has_written(self) -> bool:
        """Whether the page has sent a state-changing request since `watch_writes`."""
        return self._wrote.is_set()

    async def writes_done(self) -> None:
        """Wait until every request under way is answered, within the time for saving."""
        try:
            async with asyncio.timeout(self.patience.save):
                await self._idle.wait()
        except TimeoutError:
            return  # The fresh load that follows tells whether it was saved.

    def _on_navigated(self, frame: Frame) -> None:
        if frame.url.startswith(_FAILURE):
            self._error_page.set()

    def _on_request(self, request: Request) -> None:
        frame = _frame_of(request)
        may_change = request.method not in _SAFE
        # What changes something counts here, too, where nobody can tell yet which page asks for it.
        if (frame.page is not self.page) if frame else not may_change:
            return
        if may_change or request.resource_type in _BACKGROUND or self._leads_on(request):
            self._under_way.add(request)
            self._idle.clear()
        if may_change and request.resource_type != _BEACON:
            self._wrote.set()

    def _on_response(self, response: Response) -> None:
        if self._leads_on(response.request):
            self._answer = response, _now()
        self._done(response.request, response.status)

    def _on_failed(self, request: Request) -> None:
        self._done(request, 0)

    def _leads_on(self, request: Request) -> bool:
        """Whether it is for the page's next document."""
        return request.is_navigation_request() and _frame_of(request) is self.page.main_frame

    def _done(self, request: Request, status: int) -> None:
        if request.method not in _SAFE and request in self._under_way:
            self.writes.append(Write(request.method, urlsplit(request.url).path, status))
        self._under_way.discard(request)
        if not self._under_way:
            self._idle.set()

    async def _on_dialog(self, dialog: Dialog) -> None:
        # A page that goes away with the dialog has none any more, and that is all that was wanted.
        with contextlib.suppress(BrowserError):
            if dialog.type == "beforeunload":
                await dialog.accept()  # leaving agrees to nothing; staying would hold the visit up
                return
            # A native dialog holds everything up, and agreeing to it is not ours to do.
            self.dialogs.append(dialog.message[:200])
            await dialog.dismiss()


def _frame_of(request: Request) -> Frame | None:
    """The frame that asks; None where its page is only just being made."""
    try:
        return request.frame
    except BrowserError:
        return None


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def path_of(place: str) -> str:
    """A place without what may follow its path."""
    return urlsplit(place).path


def _net_error(error: BrowserError) -> str:
    first = str(error).splitlines()[0]
    if "interrupted by another navigation" in first:
        return _OVERTAKEN
    return next((word for word in first.split() if word.startswith("net::")), "no answer")
