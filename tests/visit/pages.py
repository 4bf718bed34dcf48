"""A small web server that answers what a test tells it to, and a listener that only notes knocks."""

from __future__ import annotations

import http.server
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

_STUN = b"\x21\x12\xa4\x42"


@dataclass(frozen=True)
class Answer:
    """What a path is answered with, and how many seconds that takes."""

    body: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0


@dataclass
class Pages:
    """Pages by path, and a log of every request.

    Attributes:
        origin: scheme, host and port.
        log: method and path of every request, queries included.
    """

    origin: str
    log: list[str] = field(default_factory=list)
    _answers: dict[str, Answer] = field(default_factory=dict)

    def put(self, path: str, body: str = "", **facts: Any) -> str:
        """Answer a path with this from now on.

        Returns:
            Its address.
        """
        self._answers[path] = Answer(body, **facts)
        return f"{self.origin}{path}"

    @property
    def writes(self) -> list[str]:
        """The requests that may have changed something."""
        return [line for line in self.log if not line.startswith(("GET ", "HEAD "))]

    def answer(self, path: str) -> Answer:
        """What this path is answered with."""
        return self._answers.get(path.partition("?")[0], Answer("nothing here", status=404))


@contextmanager
def serve_pages(certificate: ssl.SSLContext | None = None) -> Iterator[Pages]:
    """Serve pages on a free loopback port until the block ends, with a certificate over TLS."""
    over = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            pages.log.append(f"{self.command} {self.path}")
            self.rfile.read(int(self.headers.get("content-length") or 0))
            answer = pages.answer(self.path)
            body = answer.body.encode()
            if over.wait(answer.delay_s):
                return
            self.send_response(answer.status)
            self.send_header("content-type", "text/html; charset=utf-8")
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = answer  # noqa: N815 - as its base class has it

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if certificate:
            server.socket = certificate.wrap_socket(server.socket, server_side=True)
        scheme = "https" if certificate else "http"
        pages = Pages(f"{scheme}://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield pages
        finally:
            over.set()
            server.shutdown()
            thread.join()


@dataclass
class Outside:
    """Somewhere a fenced browser must never get to.

    Attributes:
        port: of a TCP and of a UDP listener on loopback.
        knocks: what arrived, one line each.
    """

    port: int
    knocks: list[str] = field(default_factory=list)


@contextmanager
def listen_outside() -> Iterator[Outside]:
    """Note every connection and every datagram until the block ends; answer nothing."""
    tcp = socket.create_server(("127.0.0.1", 0))
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    outside = Outside(tcp.getsockname()[1])
    udp.bind(("127.0.0.1", outside.port))
    tcp.settimeout(0.05)
    udp.settimeout(0.05)
    over = threading.Event()

    def connections() -> None:
        while not over.is_set():
            try:
                connection, _ = tcp.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(0.5)
                try:
                    said = connection.recv(200)
                except OSError:
                    said = b""
            outside.knocks.append(said.partition(b"\r\n")[0].decode(errors="replace") or "a connection")

    def datagrams() -> None:
        while not over.is_set():
            try:
                said = udp.recv(2000)
            except TimeoutError:
                continue
            outside.knocks.append("a call" if said[4:8] == _STUN else "a datagram")

    threads = [threading.Thread(target=each) for each in (connections, datagrams)]
    for thread in threads:
        thread.start()
    try:
        yield outside
    finally:
        over.set()
        for thread in threads:
            thread.join()
        tcp.close()
        udp.close()
