"""How a page arrived: over TLS with server and certificate, over plain HTTP with the clocks alone."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from optout.errors import SiteUnreachable
from optout.evidence.step import Connection
from optout.visit.connection import connection_of
from optout.visit.fence import Fence
from optout.visit.patience import Patience
from optout.visit.site import Site
from optout.visit.tab import Tab
from tests.visit.pages import serve_pages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from playwright.async_api import Browser, Page, Response

    from tests.visit.pages import Pages

FROM, TO = (datetime.datetime(year, 1, 1, tzinfo=datetime.UTC) for year in (2026, 2036))


def certificate(folder: Path) -> ssl.SSLContext:
    """A certificate that a made-up authority has given this machine."""
    key = ec.generate_private_key(ec.SECP256R1())
    common = x509.NameAttribute
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([common(NameOID.COMMON_NAME, "platform.example")]))
        .issuer_name(x509.Name([common(NameOID.COMMON_NAME, "Made-up Authority")]))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(FROM)
        .not_valid_after(TO)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    form = serialization.PrivateFormat.PKCS8
    file = folder / "server.pem"
    file.write_bytes(key.private_bytes(pem, form, serialization.NoEncryption()) + made.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[Pages]:
    """Pages served over TLS."""
    with serve_pages(certificate(tmp_path)) as served:
        served.put("/", "<p>Here")
        yield served


@pytest_asyncio.fixture
async def trusting(browser: Browser) -> AsyncIterator[Page]:
    """A page that takes any certificate."""
    context = await browser.new_context(ignore_https_errors=True)
    yield await context.new_page()
    await context.close()


def tab(page: Page, pages: Pages) -> Tab:
    return Tab(page, Fence(Site(pages.origin)), Patience())


async def test_over_tls_it_names_server_and_certificate(sealed: Pages, trusting: Page) -> None:
    visited = tab(trusting, sealed)
    await visited.load("/")
    arrived = visited.connection
    assert arrived
    assert arrived.server == sealed.origin.removeprefix("https://")
    assert arrived.tls == {
        "protocol": "TLS 1.3",
        "subject": "platform.example",
        "issuer": "Made-up Authority",
        "valid_from": FROM.isoformat(),
        "valid_to": TO.isoformat(),
    }
    assert abs(arrived.ahead_s or 99) <= 2


async def test_over_plain_http_there_are_the_clocks_alone(pages: Pages, page: Page) -> None:
    pages.put("/", "<p>Here")
    visited = tab(page, pages)
    await visited.load("/")
    assert visited.connection
    assert (visited.connection.server, visited.connection.tls) == ("", {})
    assert visited.connection.server_date.endswith("GMT")


@dataclass
class Questions:
    """An answer whose browser counts what it is asked."""

    answer: Response
    asked: int = 0

    @property
    def url(self) -> str:
        return self.answer.url

    @property
    def headers(self) -> dict[str, str]:
        return self.answer.headers

    async def server_addr(self) -> object:
        self.asked += 1
        return await self.answer.server_addr()

    async def security_details(self) -> object:
        self.asked += 1
        return await self.answer.security_details()


async def test_the_browser_is_asked_once_per_page_and_server(sealed: Pages, trusting: Page) -> None:
    answer = await trusting.goto(f"{sealed.origin}/")
    assert answer
    counted = Questions(answer)
    first = await connection_of(counted, FROM, None)  # type: ignore[arg-type]
    second = await connection_of(counted, FROM, first)  # type: ignore[arg-type]
    assert (counted.asked, second.tls) == (2, first.tls)
    elsewhere = Connection(first.at, host="sign-in.example", tls={"subject": "sign-in.example"})
    third = await connection_of(counted, FROM, elsewhere)  # type: ignore[arg-type]
    assert (counted.asked, third.tls) == (4, first.tls)


async def test_a_load_that_is_broken_off_is_made_again_once(pages: Pages, page: Page) -> None:
    # The browser breaks off a load for an answer without content, as it does where a page has just
    # gone somewhere by itself.
    pages.put("/ai", status=204)
    with pytest.raises(SiteUnreachable, match="ERR_ABORTED"):
        await tab(page, pages).load("/ai")
    assert pages.log == ["GET /ai", "GET /ai"]
