"""A practice site with a person at every window, because no test reaches into another process's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from optout.practice.site import PracticeSite

FORMS = ("/login", "/uas/login")
# A person reads before they type.
SCRIPT = """
addEventListener('load', () => setTimeout(() => {
  document.querySelector('input[type=password]').value = PASSWORD;
  document.querySelector('input[autocomplete~=username]').value = LOGIN;
  document.querySelector('button[type=submit]').click();
}, 1500));
"""


class SelfSigning:
    """Adds to the sign-in page a script that types and sends.

    Args:
        app: the site.
        login: whom it signs in.
        password: with what.
    """

    def __init__(self, app: ASGIApp, login: str, password: str) -> None:
        self.app = app
        self.script = SCRIPT.replace("PASSWORD", repr(password)).replace("LOGIN", repr(login))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/person.js":
            headers = [(b"content-type", b"text/javascript")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": self.script.encode()})
        elif scope["type"] == "http" and scope["method"] == "GET" and scope["path"] in FORMS:
            await self.app(scope, receive, _with_script(send))
        else:
            await self.app(scope, receive, send)


def _with_script(send: Send) -> Send:
    tag = b'<script src="/person.js"></script>'

    async def added(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if "content-length" in headers:
                headers["content-length"] = str(int(headers["content-length"]) + len(tag))
        elif not message.get("more_body"):
            message = {**message, "body": message.get("body", b"") + tag}
        await send(message)

    return added


def self_signing(site: PracticeSite, login: str, password: str) -> PracticeSite:
    """The same site, with somebody sitting at every window."""
    return replace(site, app=SelfSigning(site.app, login, password))
