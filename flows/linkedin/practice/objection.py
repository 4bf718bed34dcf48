"""The objection form, which needs no signing in, and what the site says once it was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.routing import Route

from .shell import fields, practice, render

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from optout.practice.switchboard import PracticeAccount

PATH = "/help/linkedin/ask/TS-DPRO"
_OPTIONS = (
    "Object to processing for training content-generating AI models",
    "Object to processing for personalized advertising",
    "Other",
)


async def _objection(request: Request) -> Response:
    account = practice(request).switchboard.newest
    if account is not None and account.has("form-gone"):
        raise HTTPException(404)
    if request.method == "GET":
        return _form(account)
    typed = await fields(request)
    if account is not None and account.has("form-refused"):
        raise HTTPException(500)
    if not all(typed.get(name) for name in ("first", "last", "email", "kind")):
        return _form(account, wrong=True)
    asking = practice(request).switchboard.find(typed["email"])
    if asking is not None:
        asking.settings[f"objected: {typed['kind']}"] = True
        practice(request).switchboard.count("changes", asking.login)
    return render("objection_sent.html")


def _form(account: PracticeAccount | None, *, wrong: bool = False) -> Response:
    return render(
        "objection.html",
        wrong=wrong,
        options=_OPTIONS,
        radio=account is not None and account.has("form-radio"),
        renamed=account is not None and account.has("form-renamed"),
    )


ROUTES = [Route(PATH, _objection, methods=["GET", "POST"])]
