"""One browser page of a visit: loading addresses, and knowing what is still under way."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playwright.async_api import Error as BrowserError
from playwright.async_api import TimeoutError as BrowserTimeout

from optout.errors import PageUnexpected, SiteUnreachable
from optout.model import Why
from optout.visit.scripts import script

if TYPE_CHECKING:
    from playwright.async_api import Page, Request, Response

    from optout.visit.fence import Fence
    from optout.visit.patience import Patience

_SAFE = ("GET", "HEAD", "OPTIONS")
_TOO_MANY = (429, 999)
_REFUSED = (403, *_TOO_MANY)
_SERVER_ERROR = 500
_BACKGROUND = ("fetch", "xhr")


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
        status: the HTTP status of the last document.
        server_date: the clock of the last document's server, as it sent it.
        writes: state-changing requests since `watch_writes`.
        dialogs: texts of the native dialogs that were dismissed.
    """

    def __init__(self, page: Page, fence: Fence, patience: Patience) -> None:
        self.page = page
        self.fence = fence
        self.patience = patience
        self.status = 0
        self.server_date = ""
        self.writes: list[Write] = []
        self.dialogs: list[str] = []
        self._under_way: set[Request] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._wrote = asyncio.Event()
        page.on("request", self._on_request)
        # An answer counts from its headers on: where the page never reads the body of an answer, the
        # browser never calls the request finished.
        page.on("response", self._on_response)
        page.on("requestfailed", self._on_failed)
        page.on("dialog", self._on_dialog)

    @property
    def path(self) -> str:
        """The path of the address shown."""
        return urlsplit(self.page.url).path

    async def load(self, path: str) -> None:
        """Load a path afresh, with a GET in a navigation of its own.

        Raises:
            SiteUnreachable: no answer, or an error instead of a page.
            PageUnexpected: the site led away from itself.
        """
        site = self.fence.site
        self._under_way.clear()
        self._idle.set()
        before = self.fence.kept_out.total()
        try:
            response = await self.page.goto(
                site.url(path), wait_until="domcontentloaded", timeout=self.patience.load * 1000
            )
        except BrowserTimeout:
            raise SiteUnreachable(
                f"{site.url(path)} did not answer within {self.patience.load:g} s",
                step="load",
                next_step="Try again later.",
                why=Why.SITE_DOWN,
            ) from None
        except BrowserError as error:
            if self.fence.kept_out.total() > before:
                raise self._led_away(", ".join(self.fence.kept_out)) from None
            raise SiteUnreachable(
                f"{site.url(path)} cannot be reached ({_net_error(error)})",
                step="load",
                next_step="Check the network connection, then try again.",
                why=Why.SITE_DOWN,
            ) from None
        self.status = response.status if response else 0
        if response is not None:
            self.server_date = response.headers.get("date", "")
        self._refuse_errors(path)

    def _refuse_errors(self, path: str) -> None:
        if self.status in _REFUSED or self.status >= _SERVER_ERROR:
            limited = self.status in _REFUSED
            raise SiteUnreachable(
                f"{self.fence.site.url(path)} answered with status {self.status}",
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
        if not self.fence.site.is_own(self.page.url):
            raise self._led_away(urlsplit(self.page.url).hostname or "nowhere")

    def _led_away(self, host: str) -> PageUnexpected:
        return PageUnexpected(
            "the page leads away from the platform",
            step="load",
            expected=f"an address on {self.fence.site.origin}",
            found=host,
            next_step="Open the setting by hand and see whether the platform has moved it.",
        )

    async def settle(self) -> None:
        """Wait until nothing is being fetched and the page has stood still for a moment."""
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
            return  # A page that never rests is read as it stands; the reader compares two looks.
        except BrowserError as error:
            if not _moved_on(error):
                raise

    def watch_writes(self) -> None:
        """Start noting state-changing requests."""
        self.writes.clear()
        self._wrote.clear()

    async def wrote(self) -> None:
        """Wait until the page has sent a state-changing request."""
        await self._wrote.wait()

    async def writes_done(self) -> None:
        """Wait until every request under way is answered, within the time for saving."""
        try:
            async with asyncio.timeout(self.patience.save):
                await self._idle.wait()
        except TimeoutError:
            return  # The fresh load that follows tells whether it was saved.

    def _on_request(self, request: Request) -> None:
        if request.method not in _SAFE or request.resource_type in _BACKGROUND:
            self._under_way.add(request)
            self._idle.clear()
        if request.method not in _SAFE:
            self._wrote.set()

    def _on_response(self, response: Response) -> None:
        self._done(response.request, response.status)

    def _on_failed(self, request: Request) -> None:
        self._done(request, 0)

    def _done(self, request: Request, status: int) -> None:
        if request.method not in _SAFE and request in self._under_way:
            self.writes.append(Write(request.method, urlsplit(request.url).path, status))
        self._under_way.discard(request)
        if not self._under_way:
            self._idle.set()

    async def _on_dialog(self, dialog: object) -> None:
        # A native dialog holds everything up, and agreeing to it is not ours to do.
        self.dialogs.append(str(getattr(dialog, "message", ""))[:200])
        await dialog.dismiss()  # type: ignore[attr-defined]


def _net_error(error: BrowserError) -> str:
    first = str(error).splitlines()[0]
    return next((word for word in first.split() if word.startswith("net::")), "no answer")


def _moved_on(error: BrowserError) -> bool:
    return any(sign in str(error) for sign in ("context was destroyed", "detached", "navigat"))
