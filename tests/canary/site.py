"""A site that hands out planted secrets wherever sites do, and notes which of them came back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pyotp
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from optout.practice.pause import pause
from optout.practice.site import PracticeSite
from optout.practice.switchboard import Switchboard

if TYPE_CHECKING:
    from starlette.requests import Request

LOGIN = "ada.lovelace@example.org"
PASSWORD = 'Canary "horse" & 7/battery'
SEED = "KVKFKRCPNZQUYMLXOVYDSQKJKZDTSRLD"
COOKIE = "ck-5Jw0Qm2VtRzYx8Kd3LpNaB7e"
BEARER = "br-9Hs4Tf6UwPqXc1Mb8VnGzR2y"
STORED = "st-3Dk7Ye5IoLaJh0Fg6CsWxQ4t"
IN_URL = "ur-8Zv2Bn1MqSdEr9Ty4UiKpO7h"
TYPED = {"password": PASSWORD, "seed": SEED}
HANDED_OUT = {"cookie": COOKIE, "bearer token": BEARER, "storage token": STORED, "code in a URL": IN_URL}
_SEED_URI = f"otpauth://totp/canary?secret={SEED}&digits=8"

_PAGE = """<!doctype html><html lang=en><meta charset=utf-8><title>Practice {token}</title>
<p>Practice site</p><p id=who>Ada Example</p><main><h1>Privacy</h1>
<section data-token="{bearer}"><h2>Learning from you</h2>
<p><label><input type=checkbox {checked} onchange="save(this, '{bearer}')">
Use what I write</label></p></section>
<input type=hidden name=csrf value="{bearer}"></main>
<script>
localStorage.setItem('auth', JSON.stringify({{user: 'ada', token: '{stored}'}}));
const headers = (token) => ({{authorization: `Bearer ${{token}}`,
  'x-stored': JSON.parse(localStorage.getItem('auth')).token}});
const save = (box, token) => fetch('/api/training?code={token}', {{
  method: 'PUT', body: JSON.stringify({{allowed: box.checked, token}}), headers: headers(token)}});
</script></html>"""


def seed_uri() -> str:
    """The seed as authenticator apps are given it; eight digits, which no timestamp has by chance."""
    return _SEED_URI


@dataclass
class Canaries:
    """What a site was sent, and how it behaves.

    Attributes:
        kind: `wrong-selector`: the password's field cannot be typed into. `never`: the setting never
            shows. `held`: the setting's page is never answered; `held-once`: not the first time.
            Anything else: all goes well.
        codes: the one-time codes that were sent.
        seen: the names of the secrets that came back.
        reached: whether the setting's page has been asked for.
    """

    kind: str
    codes: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    reached: bool = False
    allowed: bool = True

    def site(self) -> PracticeSite:
        """The site, to be served."""
        routes = [
            Route("/enter", self._enter, methods=["GET", "POST"]),
            Route("/code", self._code, methods=["GET", "POST"]),
            Route("/back", self._back),
            Route("/settings", self._settings),
            Route("/api/training", self._save, methods=["PUT"]),
        ]
        return PracticeSite("canary", Starlette(routes=routes), Switchboard(()))

    async def _enter(self, request: Request) -> Response:
        given = dict(parse_qsl((await request.body()).decode()))
        if given.get("password") == PASSWORD:
            self.seen.add("password")
            return RedirectResponse("/code", 303)
        state = "readonly" if self.kind == "wrong-selector" else ""
        return HTMLResponse(
            "<html lang=en><form method=post action=/enter><input id=login name=login>"
            f"<input type=password name=password {state}><button>Sign in</button></form>"
        )

    async def _code(self, request: Request) -> Response:
        code = dict(parse_qsl((await request.body()).decode())).get("code", "")
        if code:
            self.codes.append(code)
        if code and pyotp.TOTP(SEED, digits=8).verify(code, valid_window=1):
            self.seen.add("seed")
            answer = RedirectResponse(f"/back?code={IN_URL}", 303)
            answer.set_cookie("session", COOKIE, httponly=True)
            return answer
        return HTMLResponse(
            "<html lang=en><form method=post action=/code><input id=code name=code>"
            "<button id=send>Send</button></form>"
        )

    async def _back(self, request: Request) -> Response:
        if request.query_params.get("code") == IN_URL:
            self.seen.add("code in a URL")
        return RedirectResponse(f"/settings?code={IN_URL}", 303)

    async def _settings(self, request: Request) -> Response:
        if request.cookies.get("session") != COOKIE:
            return RedirectResponse("/enter", 303)
        self.seen.add("cookie")
        through = "code" in request.query_params
        first, self.reached = not self.reached, self.reached or not through
        if not through and (self.kind == "held" or (self.kind == "held-once" and first)):
            await pause(request, None)
        page = _PAGE if self.kind != "never" or through else _PAGE.partition("<section")[0]
        checked = "checked" if self.allowed else ""
        return HTMLResponse(page.format(bearer=BEARER, stored=STORED, token=IN_URL, checked=checked))

    async def _save(self, request: Request) -> Response:
        if request.headers.get("authorization") == f"Bearer {BEARER}":
            self.seen.add("bearer token")
        if request.headers.get("x-stored") == STORED:
            self.seen.add("storage token")
        self.allowed = bool((await request.json())["allowed"])
        return JSONResponse({})


def site() -> PracticeSite:
    """The site on its best behaviour, for the flow to name."""
    return Canaries("").site()
