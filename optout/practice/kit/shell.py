"""What all pages share: who is asking, the page around the page, and errors."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qsl, quote

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
)
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse

from optout.practice.pause import pause

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from starlette.requests import HTTPConnection, Request
    from starlette.responses import Response

    from optout.practice.kit.platform import Platform
    from optout.practice.sessions import Session, Sessions
    from optout.practice.switchboard import PracticeAccount, Switchboard

SESSION_COOKIE = "practice_session"
PENDING_COOKIE = "practice_pending"
_TROUBLE = {
    403: "This is not allowed.",
    404: "There is no page at this address.",
    429: "Too many requests. Come back later.",
    500: "Something went wrong on our side.",
}
_NOT_FOUND = 404


@dataclass(frozen=True)
class Practice:
    """What the pages of one site work on.

    Attributes:
        platform: the facts.
        switchboard: the accounts.
        sessions: who is signed in.
        slow_seconds: how long a page takes for a `slow` account.
        pages: the templates.
    """

    platform: Platform
    switchboard: Switchboard
    sessions: Sessions
    slow_seconds: float
    pages: Environment


@functools.cache
def templates(folder: Path | None) -> Environment:
    """The kit's pages, and those of a platform's own folder in their place."""
    kit = PackageLoader("optout.practice.kit", "pages")
    own = [FileSystemLoader(folder)] if folder else []
    loader = ChoiceLoader([PrefixLoader({"kit": kit}), *own, kit])
    pages = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    pages.filters["attributes"] = _attributes
    return pages


def practice(connection: HTTPConnection) -> Practice:
    """What this site works on."""
    return cast("Practice", connection.app.state.practice)


def session_of(connection: HTTPConnection) -> Session | None:
    """The session that signed-in pages accept, or None."""
    session = practice(connection).sessions.find(connection.cookies.get(SESSION_COOKIE))
    return session if session and session.live else None


def pending_of(connection: HTTPConnection) -> Session | None:
    """The session that still has something to pass, or None."""
    session = practice(connection).sessions.find(connection.cookies.get(PENDING_COOKIE))
    return session if session and session.pending else None


def member(
    handler: Callable[[Request, Session], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """A page for signed-in people only; the others are sent to the door. Cookies stay as they are."""

    async def guarded(request: Request) -> Response:
        session = session_of(request)
        if session is None:
            here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            ended = practice(request).sessions.find(request.cookies.get(SESSION_COOKIE))
            door = practice(request).platform.door
            inside = f"{door.path}?next={quote(here, safe='')}"
            if ended and ended.account.has("signed-out-late"):
                return render(request, "late.html", door=inside)
            if door.stays:
                return render(request, "stranger.html", door=inside)
            return RedirectResponse(inside, 302)
        if session.account.has("slow"):
            await pause(request, practice(request).slow_seconds)
        return await handler(request, session)

    return guarded


def render(request: Request, template: str, *, status: int = 200, **facts: object) -> Response:
    """A page for people who are not signed in."""
    return _render(request, template, "", status=status, member=False, csrf="", **facts)


def render_member(
    request: Request, session: Session, template: str, *, status: int = 200, **facts: object
) -> Response:
    """A page for somebody who is signed in."""
    name = shown_name(session.account)
    return _render(request, template, name, status=status, member=True, csrf=session.csrf, **facts)


def _render(request: Request, template: str, name: str, *, status: int, **facts: object) -> Response:
    site = practice(request)
    around = {
        part: Markup(site.pages.from_string(source).render(name=name))  # noqa: S704 - rendered, escaped
        for part, source in (("who", site.platform.who), ("head", site.platform.head))
    }
    page = site.pages.get_template(template).render({**around, "platform": site.platform, **facts})
    return HTMLResponse(page, status)


def shown_name(account: PracticeAccount) -> str:
    """The name that signed-in pages show for an account; empty when they show none."""
    if account.has("nobody-named"):
        return ""
    return "Bob Example" if account.has("other-person") else account.name


async def trouble(request: Request, error: Exception) -> Response:
    """The page for an error status; somebody who is signed in stays visibly so on a 404."""
    status = getattr(error, "status_code", 500)
    text = _TROUBLE.get(status, "This did not work.")
    session = session_of(request)
    if status == _NOT_FOUND and session is not None:
        return render_member(request, session, "trouble.html", status=status, text=text)
    return render(request, "trouble.html", status=status, text=text)


async def fields(request: Request) -> dict[str, str]:
    """The fields of a posted form; the last one wins where a name comes twice."""
    body = (await request.body()).decode("utf-8", errors="replace")
    return dict(parse_qsl(body, keep_blank_values=True))


def _attributes(pairs: dict[str, str] | tuple[str, str] | None) -> Markup:
    """Names and values as they stand in a tag."""
    items = pairs.items() if isinstance(pairs, dict) else [pairs] if pairs else []
    return Markup(" ").join(Markup('{}="{}"').format(name, value) for name, value in items)
