"""What a browser hands over of a session, cut down to what belongs to one platform."""

from __future__ import annotations

import contextlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from optout.accounts.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_PRODUCT = re.compile(r"\b(HeadlessEdg|Edg|HeadlessChrome|Firefox|Chrome|Safari)(?:A|iOS)?/")
# A shorter cookie that scripts cannot read is a preference, and its text stands in ordinary words.
_SECRET_FROM = 16
# Letters and digits in one long run, as no word has them: all of a value, and no path.
_TOKEN = re.compile(r"^(?!/)(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[\w.~+/=-]{24,}$", re.ASCII)


@dataclass(frozen=True)
class Binding:
    """The browser that a session belongs to, as far as the platform can tell it from another.

    A newer version of the same browser is the same one. Headless Chrome names itself differently
    from the visible one, so a session of one looks stolen in the other.

    Attributes:
        product: the browser's name in its user agent, such as `Chrome` or `HeadlessChrome`.
        channel: which installed browser it is: `chromium`, `chrome`, `msedge`, `firefox`.
    """

    product: str
    channel: str

    @classmethod
    def from_user_agent(cls, user_agent: str, channel: str) -> Binding:
        """The binding of a browser that sends `user_agent`; its own text where it is unknown."""
        products = _PRODUCT.findall(user_agent)
        # All of them name Safari, and all Chromium ones Chrome; the telling name comes first here.
        known = ("HeadlessEdg", "Edg", "HeadlessChrome", "Firefox", "Chrome", "Safari")
        return cls(next((name for name in known if name in products), user_agent), channel)


def only_hosts(state: Mapping[str, Any], hosts: Sequence[str]) -> dict[str, Any]:
    """The cookies and the local storage that the given hosts would be sent or could read.

    Other parts of the state are dropped: what is not known cannot be cut down.

    Args:
        state: as Playwright's `storage_state()` returns it.
        hosts: host names, with or without a port.
    """
    names = {_host(f"//{host}") for host in hosts}
    return {
        "cookies": [cookie for cookie in state.get("cookies", []) if _sent_to(cookie["domain"], names)],
        "origins": [origin for origin in state.get("origins", []) if _host(origin["origin"]) in names],
    }


def secrets_in(state: Mapping[str, Any]) -> tuple[Secret, ...]:
    """What signs the browser in, made known to the redactor until each is forgotten.

    These are the cookies that the platform hides from its own scripts, and whatever else in cookies and
    storage looks like a token.
    """
    cookies = state.get("cookies", [])
    hidden = {cookie["value"] for cookie in cookies if cookie.get("httpOnly")}
    kept = [*(cookie["value"] for cookie in cookies), *_stored(state.get("origins", []))]
    tokens = {token for value in kept for text in _texts_in(value) for token in _TOKEN.findall(text)}
    found = {value for value in hidden if len(value) >= _SECRET_FROM} | tokens
    return tuple(Secret(value) for value in sorted(found))


def _stored(origins: Iterable[Mapping[str, Any]]) -> Iterator[Any]:
    """The values in local storage and in the databases of pages."""
    for origin in origins:
        yield from (item["value"] for item in origin.get("localStorage", []))
        for database in origin.get("indexedDB", []):
            for store in database.get("stores", []):
                yield from (record.get("value") for record in store.get("records", []))


def _texts_in(value: Any) -> Iterator[str]:
    """Every text within a value, also where it is JSON written as a text."""
    if isinstance(value, str):
        yield value
        if value[:1] in ("{", "["):
            with contextlib.suppress(ValueError, RecursionError):
                yield from _texts_in(json.loads(value))
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(inner)


def _host(address: str) -> str:
    return urlsplit(address).hostname or ""


def _sent_to(domain: str, hosts: Iterable[str]) -> bool:
    """Whether a cookie of this domain goes to one of the hosts; `.a.org` covers `www.a.org`."""
    own = domain.lower().removeprefix(".")
    covers_below = domain.startswith(".")
    return any(host == own or (covers_below and host.endswith(f".{own}")) for host in hosts)
