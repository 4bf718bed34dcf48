"""Which addresses belong to a site, and which practice sites are accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as some

from optout.errors import UsageProblem
from optout.flow import SignIn
from optout.visit.site import Site, loopback_origin, site_for

if TYPE_CHECKING:
    from optout.flow import Flow

REAL = Site("https://www.exemplar.test", hosts=("static.exemplar.test",))
LOCAL = Site("http://127.0.0.1:8000", practice=True)


class Exemplar:
    origin = "https://www.exemplar.test"
    hosts = ("static.exemplar.test",)
    sign_in = SignIn(path="/login", user=("#user",), password=("#password",))


@pytest.fixture
def flow() -> Flow:
    return Exemplar()  # type: ignore[return-value]  # a site needs its addresses and nothing else


@pytest.mark.parametrize(
    "url",
    [
        "https://www.exemplar.test",
        "https://www.exemplar.test/",
        "https://www.exemplar.test:443/a?b#c",
        "https://WWW.EXEMPLAR.test/",
        "HTTPS://www.exemplar.test/",
    ],
)
def test_an_address_on_the_sites_own_origin_is_its_own(url: str) -> None:
    assert REAL.is_own(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://www.exemplar.test/",
        "https://www.exemplar.test:8443/",
        "https://www.exemplar.test:0/",
        "https://www.exemplar.test.evil.test/",
        "https://evil.test/www.exemplar.test",
        "https://evil.test/?https://www.exemplar.test/",
        "https://evil.test#https://www.exemplar.test/",
        "https://www.exemplar.test@evil.test/",
        "https://www.exemplar.test:443@evil.test/",
        "https://ada@www.exemplar.test/",
        "https://:@www.exemplar.test/",
        "https://www-exemplar.test/",
        "https://exemplar.test/",
        "https://a.www.exemplar.test/",
        "https://static.exemplar.test/",
        "https://www.exemplar.test:99999/",
        "https://www.exemplar.test:abc/",
        "https://www.exemplаr.test/",  # a Cyrillic letter
        "https://www。exemplar。test/",
        "https:www.exemplar.test",
        "//www.exemplar.test/",
        "data:text/html,https://www.exemplar.test/",
        "blob:https://www.exemplar.test/1",
        "javascript:location='https://www.exemplar.test/'",
        "about:blank",
        "about:srcdoc",
        "chrome-error://chromewebdata/",
        "http://[",
        "",
    ],
)
def test_any_other_address_is_not(url: str) -> None:
    assert not REAL.is_own(url)


@given(some.text())
def test_whatever_an_address_looks_like_there_is_an_answer(url: str) -> None:
    assert REAL.is_own(url) in (True, False)
    assert REAL.is_allowed(url) in (True, False)


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://www.exemplar.test/a.js", True),
        ("wss://www.exemplar.test/live", True),
        ("ws://www.exemplar.test/live", False),
        ("https://static.exemplar.test/a.js", True),
        ("http://static.exemplar.test/a.js", False),
        ("https://x.static.exemplar.test/a.js", False),
        ("https://evil.test/", False),
        ("data:image/png;base64,AA", True),
        ("blob:https://www.exemplar.test/1", True),
        ("file:///etc/passwd", False),
        ("ftp://www.exemplar.test/", False),
    ],
)
def test_pages_may_load_from_the_hosts_the_flow_names(url: str, allowed: bool) -> None:
    assert REAL.is_allowed(url) is allowed


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://127.0.0.1:8000/", True),
        ("ws://127.0.0.1:8000/", True),
        ("http://127.0.0.1:8001/", False),
        ("http://127.0.0.1/", False),
        ("http://localhost:8000/", False),
        ("http://169.254.169.254/", False),
    ],
)
def test_a_practice_site_is_one_port(url: str, allowed: bool) -> None:
    assert LOCAL.is_allowed(url) is allowed


@pytest.mark.parametrize(
    ("given_", "origin"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("http://127.8.9.1:1", "http://127.8.9.1:1"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://LocalHost", "http://localhost"),
        ("https://127.0.0.1", "https://127.0.0.1"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_a_loopback_origin_is_accepted(given_: str, origin: str) -> None:
    assert loopback_origin(given_) == origin


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:8000",
        "http://",
        "http://exemplar.test",
        "http://0.0.0.0:8000",
        "http://10.0.0.1",
        "http://192.168.0.1",
        "http://[::]:8000",
        "http://[fe80::1]",
        "http://[::ffff:8.8.8.8]",
        "http://127.0.0.1.evil.test:8000",
        "http://127.0.0.1@evil.test",
        "http://evil.test@127.0.0.1",
        "http://:pw@127.0.0.1",
        "http://@127.0.0.1",
        "http://localhost.evil.test",
        "http://localhost@evil.test",
        "http://evil.test/127.0.0.1",
        "http://evil.test#127.0.0.1",
        "http://evil.test?127.0.0.1",
        "http://127.0.0.1\\@evil.test",
        "http://2130706433",
        "http://0x7f000001",
        "http://017700000001",
        "http://0177.0.0.1",
        "http://127.1",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:abc",
        "http://127.0.0.1:8000/feed",
        "http://127.0.0.1:8000//evil.test",
        "http://127.0.0.1:8000?x",
        "http://127.0.0.1:8000/#x",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "javascript://127.0.0.1",
        "http://[::1",
        "http://[127.0.0.1]",
        "http://１２７.0.0.1",
        "http://127。0。0。1",
    ],
)
def test_nothing_else_is_accepted_for_a_practice_site(url: str) -> None:
    with pytest.raises(UsageProblem, match="not accepted"):
        loopback_origin(url)


@given(some.text() | some.from_regex(r"https?://[^/]{0,30}/?", fullmatch=True))
def test_whatever_is_accepted_is_a_loopback_origin_and_nothing_more(url: str) -> None:
    try:
        origin = loopback_origin(url)
    except UsageProblem:
        return
    assert loopback_origin(origin) == origin
    assert Site(origin).host == "localhost" or Site(origin).host.startswith("127.") or "::1" in origin


def test_the_real_site_is_the_flows_own(flow: Flow) -> None:
    assert site_for(flow) == REAL


def test_a_practice_site_is_marked_as_one_and_loads_from_nowhere_else(flow: Flow) -> None:
    assert site_for(flow, "http://127.0.0.1:8000/") == LOCAL


def test_a_host_allowed_by_hand_is_added(flow: Flow) -> None:
    assert site_for(flow, allow=["cdn.test"]).hosts == ("static.exemplar.test", "cdn.test")


@pytest.mark.parametrize(
    "host", ["", "*", "*.test", "https://cdn.test", "cdn.test:80", "a,b", "a b", "a@b"]
)
def test_what_is_allowed_by_hand_must_be_a_host_name(flow: Flow, host: str) -> None:
    with pytest.raises(UsageProblem, match="not a host name"):
        site_for(flow, allow=[host])
