"""Where a visit goes: the platform itself, or a practice site on this machine."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from optout.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optout.flow import Flow


@dataclass(frozen=True)
class Site:
    """The one origin a visit is for.

    Attributes:
        origin: scheme, host and port; secrets are typed only there.
        hosts: further hosts that pages may load from; no secret is typed there.
        practice: whether it is a stand-in on this machine.
        sign_in_hosts: other hosts that people are sent to for signing in; nothing is ever typed there.
    """

    origin: str
    hosts: tuple[str, ...] = ()
    practice: bool = False
    sign_in_hosts: tuple[str, ...] = ()

    @property
    def host(self) -> str:
        """The origin's host, without the port."""
        return urlsplit(self.origin).hostname or ""

    def url(self, path: str) -> str:
        """The address of a path on this site."""
        return f"{self.origin}{path}"

    def is_own(self, url: str) -> bool:
        """Whether an address has exactly this site's scheme, host and port, and no user name."""
        parts = _split(url)
        return parts.username is None and _origin(parts) == _origin(urlsplit(self.origin))

    def is_for_signing_in(self, url: str) -> bool:
        """Whether an address is where the platform sends people to sign in, away from itself."""
        return not self.is_own(url) and _split(url).hostname in self.sign_in_hosts

    def is_allowed(self, url: str) -> bool:
        """Whether a page of this site may load from an address."""
        parts = _split(url)
        if parts.scheme in ("data", "blob", "about"):
            return True
        secure = parts.scheme in ("https", "wss")
        return self.is_own(_as_http(url)) or (secure and parts.hostname in self.hosts)


def site_for(flow: Flow, override: str | None = None, allow: Sequence[str] = ()) -> Site:
    """The site a visit with this flow goes to.

    Args:
        flow: the platform's flow.
        override: another origin; accepted only on this machine's loopback addresses.
        allow: host names that pages may load from, besides those the flow knows.

    Raises:
        UsageProblem: the override is not a loopback origin, or a host name is not one.
    """
    for host in allow:
        if not host or any(sign in host for sign in "/:*@ ,"):
            raise UsageProblem(
                f"{host!r} is not a host name",
                next_step="Give it as in --allow-host cdn.example.org",
            )
    if override is None:
        return Site(flow.origin, (*flow.hosts, *allow), sign_in_hosts=flow.sign_in.hosts)
    # A practice site's other site is this machine too, under its other name.
    elsewhere = ("localhost",) if flow.sign_in.hosts or not flow.sign_in.password else ()
    return Site(loopback_origin(override), tuple(allow), practice=True, sign_in_hosts=elsewhere)


def loopback_origin(url: str) -> str:
    """A practice site's address, reduced to its origin.

    Raises:
        UsageProblem: it is not http(s) on a loopback address, or it carries more than an origin.
    """
    try:
        parts = _split(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    plain = parts.path in ("", "/") and not (parts.query or parts.fragment or "@" in parts.netloc)
    if parts.scheme not in ("http", "https") or not plain or not _is_loopback(parts.hostname or ""):
        raise UsageProblem(
            f"--site {url!r} is not accepted",
            expected="a loopback origin such as http://127.0.0.1:8000",
            next_step="--site is for practice sites on this machine; leave it out for the real one.",
        )
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "")


def _split(url: str) -> SplitResult:
    """The parts of an address; those of an empty one where it is none."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    try:
        port = parts.port
    except ValueError:
        return ("", None, None)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    return (parts.scheme, parts.hostname, default if port is None else port)


def _as_http(url: str) -> str:
    return f"http{url[2:]}" if url.startswith(("ws://", "wss://")) else url
