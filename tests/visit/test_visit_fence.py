"""What a fenced browser can reach: the site itself, and nothing else by any way a page knows."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from optout.errors import NotUsableHere
from optout.visit.browser import open_browser
from optout.visit.fence import Fence
from optout.visit.site import Site
from tests.visit.pages import serve_pages

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Playwright

    from tests.visit.pages import Outside, Pages

# Every way out that a page knows, by name; each asks for a path of that name, so that a knock tells
# which one got through.
WAYS_OUT = {
    "img": "new Image().src = `${out}/img`",
    "frame": "add('iframe', { src: `${out}/frame` })",
    "fetch": "fetch(`${out}/fetch`, { mode: 'no-cors' }).catch(() => 0)",
    "xhr": "{ const x = new XMLHttpRequest(); x.open('GET', `${out}/xhr`); x.send(); }",
    "beacon": "navigator.sendBeacon(`${out}/beacon`, 'x')",
    "events": "new EventSource(`${out}/events`)",
    "worker": "new Worker(URL.createObjectURL(new Blob([`importScripts('${out}/worker')`])))",
    "service-worker": "navigator.serviceWorker.register('/sw.js').catch(() => 0)",
    "prefetch": "add('link', { rel: 'prefetch', href: `${out}/prefetch` })",
    "script": "add('script', { src: `${out}/script` })",
    "style": "add('link', { rel: 'stylesheet', href: `${out}/style` })",
    "video": "add('video', { src: `${out}/video`, preload: 'auto' })",
    "object": "add('object', { data: `${out}/object`, type: 'text/html' })",
    "form": (
        "add('iframe', { name: 'hole' });"
        "add('form', { action: `${out}/form`, method: 'post', target: 'hole' }).submit()"
    ),
    "popup": "window.open(`${out}/popup`)",
    "ping": "add('a', { href: '#x', ping: `${out}/ping` }).click()",
    "socket": "new WebSocket(`${out.replace('http', 'ws')}/socket`)",
    "redirected-img": "new Image().src = '/to/redirected-img'",
    "redirected-frame": "add('iframe', { src: '/to/redirected-frame' })",
    "redirected-fetch": "fetch('/to/redirected-fetch', { mode: 'no-cors' }).catch(() => 0)",
    "redirected-form": (
        "add('iframe', { name: 'pit' });"
        "add('form', { action: '/to/redirected-form', target: 'pit' }).submit()"
    ),
    "redirected-page": "window.open('/to/redirected-page')",
    "transport": ("new WebTransport(`https://${new URL(out).host}/x`).ready.catch(() => 0)"),
    "call": (
        "{ const server = { urls: `stun:${new URL(out).host}` };"
        "  const call = new RTCPeerConnection({ iceServers: [server] });"
        "  call.createDataChannel('x');"
        "  call.createOffer().then((offer) => call.setLocalDescription(offer)); }"
    ),
}
_PAGE = """<!doctype html><body><script>
const add = (tag, facts) => document.body.appendChild(Object.assign(document.createElement(tag), facts));
const out = location.hash.slice(1);
const ways = {%s};
window.tryThemAll = () => { for (const way of Object.values(ways)) try { way(); } catch {} };
</script>"""
_LONG_ENOUGH_S = 1.5


def trap(pages: Pages, out: str) -> str:
    """A page that tries every way out to an address."""
    ways = ",".join(f"'{name}': () => {{ {code} }}" for name, code in WAYS_OUT.items())
    for name in WAYS_OUT:
        if name.startswith("redirected-"):
            pages.put(f"/to/{name}", status=302, headers={"location": f"{out}/{name}"})
    script = {"content-type": "text/javascript"}
    pages.put("/sw.js", f"fetch('{out}/service-worker', {{ mode: 'no-cors' }})", headers=script)
    return pages.put("/trap", _PAGE % ways) + f"#{out}"


async def spring(context: BrowserContext, address: str, outside: Outside) -> set[str]:
    """Try every way out, and tell which of them got there."""
    page = await context.new_page()
    await page.goto(address)
    await page.evaluate("tryThemAll()")
    for _ in range(int(_LONG_ENOUGH_S / 0.1)):
        await asyncio.sleep(0.1)  # nothing tells that something will never come
        if len(through(outside)) == len(WAYS_OUT):
            break
    return through(outside)


def through(outside: Outside) -> set[str]:
    unnamed = {"a call": "call", "a datagram": "transport"}
    return {unnamed.get(knock) or knock.partition("/")[2].partition(" ")[0] for knock in outside.knocks}


async def test_without_a_fence_every_way_leads_out(
    browser: Browser, pages: Pages, outside: Outside
) -> None:
    context = await browser.new_context()
    found = await spring(context, trap(pages, f"http://127.0.0.1:{outside.port}"), outside)
    await context.close()
    assert found == set(WAYS_OUT)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0"])  # noqa: S104
async def test_with_the_fence_no_way_leads_out(host: str, pages: Pages, outside: Outside) -> None:
    site = Site(pages.origin)
    async with open_browser(site, headed=False, fenced=True, tell=print) as opened:
        context = await opened.new_context(None)
        fence = Fence(site)
        fence.watch(context)
        found = await spring(context, trap(pages, f"http://{host}:{outside.port}"), outside)
        await context.close()
    assert (found, outside.knocks) == (set(), [])
    assert list(fence.kept_out) == [host]
    fence.stand()
    assert "GET /to/redirected-page" in pages.log  # the page did try


async def test_an_answer_from_outside_is_noticed_and_ends_the_visit(
    browser: Browser, pages: Pages
) -> None:
    fence = Fence(Site(pages.origin))
    context = await browser.new_context()
    fence.watch(context)
    with serve_pages() as other:
        page = await context.new_page()
        await page.goto(pages.put("/page", f"<img src='{other.put('/img')}'>"))
        await context.close()
    with pytest.raises(NotUsableHere, match="outside the fence"):
        fence.stand()


async def test_the_self_test_refuses_a_browser_without_the_rule(browser: Browser) -> None:
    with pytest.raises(NotUsableHere, match="ignores the rule"):
        await Fence(Site("http://127.0.0.1:9")).prove(browser)


@pytest.mark.parametrize(
    "origin",
    ["https://www.exemplar.test", "http://127.0.0.1", "http://127.0.0.1:9", "http://localhost:9"],
)
async def test_the_self_test_passes_with_it(
    playwright: Playwright, browser_type_launch_args: dict[str, Any], origin: str
) -> None:
    fence = Fence(Site(origin))
    browser = await playwright.chromium.launch(**browser_type_launch_args, args=fence.launch_arguments)
    await fence.prove(browser)
    await browser.close()


async def test_a_page_may_load_from_the_hosts_its_flow_names(
    playwright: Playwright, browser_type_launch_args: dict[str, Any], pages: Pages
) -> None:
    port = pages.origin.rpartition(":")[2]
    fence = Fence(Site("https://www.exemplar.test", hosts=("localhost",)))
    browser = await playwright.chromium.launch(**browser_type_launch_args, args=fence.launch_arguments)
    page = await browser.new_page()
    pages.put("/", "here")
    answer = await page.goto(f"http://localhost:{port}/")
    await browser.close()
    assert answer is not None
    assert answer.status == 200
