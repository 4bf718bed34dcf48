"""Networks of their own for some processes of a test, with a way to this machine's loopback.

As a program it passes connections on: `networks.py FROM TO`, each a loopback port or a socket's path.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_IP = shutil.which("ip") or ""


@dataclass(frozen=True)
class Network:
    """A network of its own.

    Attributes:
        name: as `ip netns` knows it.
        gateway: the address of this machine there.
    """

    name: str
    gateway: str

    @property
    def under(self) -> tuple[str, ...]:
        """What runs a program in it."""
        return (_IP, "netns", "exec", self.name)


def missing() -> str:
    """Why there can be no such networks here; empty where there can."""
    if not _IP:
        return "needs the program ip (Debian: apt-get install iproute2)"
    probe = f"optout-probe-{os.getpid()}"
    if subprocess.run([_IP, "netns", "add", probe], capture_output=True, check=False).returncode:
        return "this system lets nobody here have networks of their own"
    _ip("netns", "del", probe)
    return ""


@contextlib.contextmanager
def networks(count: int, folder: Path, port: int) -> Iterator[list[Network]]:
    """Some networks, from each of which this machine's loopback port can be reached as their own.

    Args:
        count: how many.
        folder: for a socket.
        port: TCP port of something that only listens on loopback here.
    """
    with contextlib.ExitStack() as stack:
        out = folder / "out"
        stack.enter_context(_passing_on([], str(out), str(port)))
        made = []
        for number in range(count):
            network = stack.enter_context(_network(number))
            stack.enter_context(_passing_on(list(network.under), str(port), str(out)))
            made.append(network)
        yield made


@contextlib.contextmanager
def _network(number: int) -> Iterator[Network]:
    name, here = f"optout-{os.getpid()}-{number}", f"ov{os.getpid() % 100000}-{number}"
    gateway = f"10.213.{number}.1"
    _ip("netns", "add", name)
    try:
        _ip("link", "add", here, "type", "veth", "peer", "name", "there", "netns", name)
        _ip("address", "add", f"{gateway}/24", "dev", here)
        _ip("link", "set", here, "up")
        _ip("-n", name, "address", "add", f"10.213.{number}.2/24", "dev", "there")
        for link in ("there", "lo"):
            _ip("-n", name, "link", "set", link, "up")
        yield Network(name, gateway)
    finally:
        _ip("netns", "del", name)  # its end of the cable goes with it, and so does ours


def _ip(*words: str) -> None:
    subprocess.run([_IP, *words], check=True)


@contextlib.contextmanager
def _passing_on(under: list[str], listen: str, to: str) -> Iterator[None]:
    words = [*under, sys.executable, __file__, listen, to]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as passing:
        assert passing.stdout
        passing.stdout.readline()  # it listens
        try:
            yield
        finally:
            passing.kill()


async def _pass_on(listen: str, to: str) -> None:
    async def one_way(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while some := await reader.read(1 << 16):
                writer.write(some)
                await writer.drain()
            writer.write_eof()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened = asyncio.open_unix_connection(to) if "/" in to else _loopback(to)
        there_reader, there_writer = await opened
        await asyncio.gather(one_way(reader, there_writer), one_way(there_reader, writer))
        for each in (writer, there_writer):
            each.close()

    if "/" in listen:
        server = await asyncio.start_unix_server(connected, listen)
    else:
        server = await asyncio.start_server(connected, "127.0.0.1", int(listen))
    print("listening", flush=True)  # noqa: T201 - whoever started it waits for that
    await server.serve_forever()


async def _loopback(port: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", int(port))


if __name__ == "__main__":
    asyncio.run(_pass_on(*sys.argv[1:]))
