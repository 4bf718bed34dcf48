"""Serving a practice site on this machine, and on this machine only."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.protocols.http import h11_impl

from optout.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optout.practice.site import PracticeSite

_BACKLOG = 512
_LAST_SECONDS = 1

# Platforms answer 999 to visitors they do not want; uvicorn has no reason phrase for it.
h11_impl.STATUS_PHRASES.setdefault(999, b"Request Denied")


@dataclass(frozen=True)
class PracticeServer:
    """A practice site that is being served.

    Attributes:
        site: what is served.
        origin: scheme, host and port, such as `http://127.0.0.1:40123`.
    """

    site: PracticeSite
    origin: str


@contextlib.contextmanager
def serve(site: PracticeSite, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[PracticeServer]:
    """Serve a practice site until the block ends.

    Args:
        site: what to serve.
        host: a loopback address or `localhost`.
        port: TCP port; 0 takes a free one.

    Raises:
        UsageProblem: the host is not loopback, or the port is taken.
    """
    _refuse_unless_loopback(host)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise UsageProblem(
            f"the practice site cannot listen on {host} port {port} ({error.strerror})",
            next_step="Choose another port, or none to take a free one.",
        ) from None
    # Otherwise the body of an answer waits until the browser has acknowledged its headers, 40 ms later.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    shown = f"[{host}]" if ":" in host else host
    running = _Running(site, listener)
    running.start()
    try:
        # The socket listens already, so the first visitor waits in its queue rather than fails.
        yield PracticeServer(site, f"http://{shown}:{listener.getsockname()[1]}")
    finally:
        running.stop()


class _Running:
    """The thread that serves, and the one way to end it."""

    def __init__(self, site: PracticeSite, listener: socket.socket) -> None:
        self._listener = listener
        self._server = uvicorn.Server(
            uvicorn.Config(
                site.app,
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="error",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=_LAST_SECONDS,
            )
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._looping = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._main()), name=f"practice-{site.platform}", daemon=True
        )

    def start(self) -> None:
        self._thread.start()
        self._looping.wait()

    def stop(self) -> None:
        if self._loop is not None and self._thread.is_alive():
            # The thread may end by itself between the question and the call.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._hang_up)
        self._thread.join()

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._looping.set()
        await self._server.serve(sockets=[self._listener])

    def _hang_up(self) -> None:
        """Drop every visitor: one that waits for an answer which never comes would hold us up."""
        self._server.should_exit = True
        # First the door: a browser that is dropped knocks again at once.
        for listening in self._server.servers:
            listening.close()
        for connection in tuple(self._server.server_state.connections):
            if isinstance(connection, h11_impl.H11Protocol):
                connection.transport.abort()


def _refuse_unless_loopback(host: str) -> None:
    with contextlib.suppress(ValueError):
        if host == "localhost" or ipaddress.ip_address(host).is_loopback:
            return
    raise UsageProblem(
        "a practice site is for this machine only",
        expected="a loopback address such as 127.0.0.1",
        found=host,
        next_step="Leave the host out; reach it from elsewhere through an SSH tunnel.",
    )
