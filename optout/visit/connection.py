"""How a page arrived: when by both clocks, from which server, under which certificate."""

from __future__ import annotations

import asyncio
import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.async_api import Error as BrowserError

from optout.evidence.step import Connection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.async_api import Response


async def connection_of(
    response: Response, at: datetime.datetime, earlier: Connection | None
) -> Connection:
    """What is known of the connection a document came over.

    Server and certificate take two questions to the browser, and are asked once per page; a site that is
    not encrypted (a practice site) has no certificate, and its address is known.

    Args:
        response: the answer that brought the document.
        at: when it came.
        earlier: the connection of the document before it in the same page; None for the first.
    """
    date = response.headers.get("date", "")
    host = urlsplit(response.url).netloc
    if not response.url.startswith("https:"):
        return Connection(at, date, host)
    if earlier and earlier.tls and earlier.host == host:
        return Connection(at, date, host, earlier.server, earlier.tls)
    try:
        address, details = await asyncio.gather(response.server_addr(), response.security_details())
    except BrowserError:
        return Connection(at, date, host)  # the page has moved on; the next one is asked again
    server = f"{address['ipAddress']}:{address['port']}" if address else ""
    return Connection(at, date, host, server, _certificate(dict(details)) if details else {})


def _certificate(details: Mapping[str, Any]) -> Mapping[str, str]:
    told = {
        "protocol": str(details.get("protocol", "")),
        "subject": str(details.get("subjectName", "")),
        "issuer": str(details.get("issuer", "")),
        "valid_from": _moment(details.get("validFrom")),
        "valid_to": _moment(details.get("validTo")),
    }
    return {name: value for name, value in told.items() if value}


def _moment(seconds: float | None) -> str:
    if not seconds:
        return ""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).isoformat()
