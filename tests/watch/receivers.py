"""A mail server and a web hook that are really there, and may refuse."""

from __future__ import annotations

import contextlib
import email
import email.policy
import json
import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage


@dataclass
class MailBox:
    """A mail server's one mailbox.

    Attributes:
        url: what Apprise is told.
        refuses: whether it takes nothing for now.
        mails: what it has taken.
    """

    url: str = ""
    refuses: bool = False
    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: ARG002, N802 - its signature
        """Take a mail, as aiosmtpd asks for it."""
        if self.refuses:
            return "451 4.7.1 greylisted, try again later"
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append(mail)
        return "250 OK"


@contextlib.contextmanager
def mail_server() -> Iterator[MailBox]:
    box = MailBox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    box.url = f"mailto://127.0.0.1:{port}?from=optout@example.org&to=dpo-mailbox@example.org"
    try:
        yield box
    finally:
        controller.stop()


@dataclass
class Hook:
    """A web hook.

    Attributes:
        url: what Apprise is told.
        refuses: whether it takes nothing for now.
        posts: what it has taken.
    """

    url: str = ""
    refuses: bool = False
    posts: list[dict[str, str]] = field(default_factory=list)


@contextlib.contextmanager
def web_hook() -> Iterator[Hook]:
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if not hook.refuses:
                hook.posts.append(json.loads(body))
            self.send_response(503 if hook.refuses else 200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as above
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook.url = f"json://127.0.0.1:{server.server_port}/services/T0KEN-in-the-path"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
