"""What all pages share: who is asking, the page around the page, and errors."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qsl, quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse

from optout.practice.pause import pause

from .wording import WORDINGS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import HTTPConnection, Request
    from starlette.responses import Response

    from optout.practice.sessions import Session, Sessions
    from optout.practice.switchboard import PracticeAccount, Switchboard

SESSION_COOKIE = "li_at"
PENDING_COOKIE = "chp_token"
CSRF_COOKIE = "JSESSIONID"
CONSENT_COOKIE = "li_gc"
HERE = Path(__file__).parent

_PAGES = Environment(loader=FileSystemLoader(HERE / "pages"), autoescape=True, undefined=StrictUndefined)
_TROUBLE = {
    400: "This request makes no sense here.",
    403: "This is not allowed.",
    404: "There is no page at this address.",
    429: "Too many requests. Come back later.",
    500: "Something went wrong on our side.",
    999: "This request was turned away.",
}


@dataclass(frozen=True)
class Practice:
    """What the pages of one site work on.

    Attributes:
        switchboard: the accounts.
        sessions: who is signed in.
        slow_seconds: how long a page takes for a `slow` account.
    """

    switchboard: Switchboard
    sessions: Sessions
    slow_seconds: float


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


def to_sign_in(request: Request) -> Response:
    """Off to the sign-in page, and back here afterwards. Cookies stay as they are."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/uas/login?session_redirect={quote(here, safe='')}", 302)


def member(
    handler: Callable[[Request, Session], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """A page for signed-in members only; the others are sent to sign in."""

    async def guarded(request: Request) -> Response:
        session = session_of(request)
        if session is None:
            ended = practice(request).sessions.find(request.cookies.get(SESSION_COOKIE))
            if ended and ended.account.has("signed-out-late"):
                return render("late.html", door=to_sign_in(request).headers["location"])
            return to_sign_in(request)
        if session.account.has("slow"):
            await pause(request, practice(request).slow_seconds)
        return await handler(request, session)

    return guarded


def shown_name(account: PracticeAccount) -> str:
    """The name that signed-in pages show for an account; empty when they show none."""
    if account.has("nobody-named"):
        return ""
    return "Bob Example" if account.has("other-person") else account.name


def render(template: str, *, status: int = 200, **facts: object) -> Response:
    """A page for people who are not signed in."""
    page = _PAGES.get_template(template).render({"lang": "en", "ask_cookies": False, **facts})
    return HTMLResponse(page, status)


def render_member(
    request: Request, session: Session, template: str, *, status: int = 200, **facts: object
) -> Response:
    """A page for a signed-in member, in the display language of the account."""
    account = session.account
    return render(
        template,
        status=status,
        lang="" if account.has("lang-missing") else account.language,
        words=WORDINGS[account.language],
        name=shown_name(account),
        new_nav=account.has("new-nav"),
        csrf=session.csrf,
        ask_cookies=account.has("cookie-banner") and CONSENT_COOKIE not in request.cookies,
        **facts,
    )


async def trouble(request: Request, error: Exception) -> Response:
    """The page for an error status; a member who is signed in stays visibly so on a 404."""
    status = getattr(error, "status_code", 500)
    text = _TROUBLE.get(status, "This did not work.")
    session = session_of(request)
    if status == 404 and session is not None:  # noqa: PLR2004 - not found
        return render_member(request, session, "not_found.html", status=status, text=text)
    headers = getattr(error, "headers", None)
    response = render("trouble.html", status=status, code=status, text=text)
    response.headers.update(headers or {})
    return response


async def fields(request: Request) -> dict[str, str]:
    """The fields of a posted form; the last one wins where a name comes twice."""
    body = (await request.body()).decode("utf-8", errors="replace")
    return dict(parse_qsl(body, keep_blank_values=True))


def give_cookie(
    response: Response, name: str, value: str, *, days: int | None = None, script: bool = True
) -> None:
    """Set a cookie exactly as given: quotes in the value are part of it.

    Args:
        response: the answer that carries it.
        name: its name.
        value: its value, written as it stands.
        days: how long it lasts; with the browser window when left out.
        script: whether scripts in the page may read it.
    """
    age = "" if days is None else f"; Max-Age={days * 86400}"
    hidden = "" if script else "; HttpOnly"
    response.headers.append("set-cookie", f"{name}={value}; Path=/; SameSite=Lax{age}{hidden}")
