"""Where a secret may be typed, and that it is in no error where it may not or could not be."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
import pytest_asyncio

from optout.accounts.credentials import Credentials
from optout.accounts.secret import Secret
from optout.errors import PageUnexpected
from optout.flow.discovery import discover
from optout.model import Account, Why
from optout.page_scripts import script
from optout.visit.element import Element
from optout.visit.fence import Fence, FieldGone
from optout.visit.fill import fill_fields, fill_secret, first_visible
from optout.visit.patience import Patience
from optout.visit.sign_in import SignInAttempt
from optout.visit.site import Site
from optout.visit.tab import Tab
from tests.visit.pages import serve_pages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page, Playwright

    from tests.visit.pages import Pages

SECRET = "Nine lives, 7 tails"
FORM = "<form id=f action='/in' method=post><input id=p type=password><button>In</button></form>"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world(
    playwright: Playwright, browser_type_launch_args: dict[str, Any]
) -> AsyncIterator[Browser]:
    """A browser in which every name leads to this machine."""
    rule = "--host-resolver-rules=MAP * 127.0.0.1"
    browser = await playwright.chromium.launch(**browser_type_launch_args, args=[rule])
    yield browser
    await browser.close()


@pytest_asyncio.fixture
async def page(world: Browser) -> AsyncIterator[Page]:
    context = await world.new_context()
    yield await context.new_page()
    await context.close()


@pytest.fixture
def port(pages: Pages) -> str:
    pages.put("/form", FORM)
    return pages.origin.rpartition(":")[2]


@pytest.fixture
async def tab(page: Page, port: str) -> Tab:
    # Made within the loop that the page belongs to.
    return Tab(page, Fence(Site(f"http://good.test:{port}")), replace(Patience(), press=0.4))


async def field_on(page: Page, url: str, field: str = "#p") -> Element:
    """A field of a page, the one for the password if nothing else is asked for, in whichever frame."""
    await page.goto(url)
    for frame in page.frames:
        await frame.wait_for_load_state()
        if await frame.locator(field).count():
            element = Element(frame)
            await frame.locator(field).evaluate(script("mark"), element.mark)
            return element
    raise AssertionError(f"no field on {url}")


async def test_it_may_be_typed_on_the_flows_own_page(tab: Tab, port: str) -> None:
    field = await field_on(tab.page, f"http://good.test:{port}/form")
    await fill_secret(tab, field, Secret(SECRET))
    assert await field.locator.input_value() == SECRET


@pytest.mark.parametrize(
    "body",
    [
        "<iframe src='/form'></iframe>",
        "<form action='/in'><input id=p type=password><input name=action value=x></form>",
        "<form><input id=p type=password></form>",
        "<input id=p type=password>",
        "<form action='/in'><input id=p type=password><button formaction='/in2'>In</button></form>",
    ],
    ids=["own-frame", "field-named-action", "form-without-action", "no-form", "own-formaction"],
)
async def test_forms_that_send_to_the_site_itself_are_safe(
    tab: Tab, pages: Pages, port: str, body: str
) -> None:
    pages.put("/page", body)
    await tab.fence.may_type_into(await field_on(tab.page, f"http://good.test:{port}/page"))


@pytest.mark.parametrize(
    ("host", "body"),
    [
        ("good.test", "<iframe src='http://evil.test:{port}/form'></iframe>"),
        ("evil.test", "<iframe src='http://good.test:{port}/form'></iframe>"),
        ("good.test", "<iframe srcdoc='<input id=p type=password>'></iframe>"),
        ("good.test.evil.test", FORM),
        ("good-test", FORM),
        ("good.test@evil.test", FORM),
        ("www.good.test", FORM),
        ("good.test", "<form action='http://evil.test:{port}/'><input id=p></form>"),
        ("good.test", "<form action='http://good.test.evil.test:{port}/'><input id=p></form>"),
        ("good.test", "<form action='http://good.test@evil.test:{port}/'><input id=p></form>"),
        ("good.test", "<form action='https://good.test:{port}/'><input id=p></form>"),
        ("good.test", "<form action='http://good.test:1/'><input id=p></form>"),
        ("good.test", "<form action='javascript:steal()'><input id=p></form>"),
        ("good.test", "<form action='//evil.test/'><input id=p><input name=action></form>"),
        (
            "good.test",
            "<form action='/in'><input id=p><button formaction='http://evil.test:{port}/'>In</button></form>",
        ),
    ],
    ids=[
        *("foreign-frame", "own-frame-in-a-foreign-page", "frame-of-no-origin"),
        *("longer-host", "similar-host", "host-as-user", "sub-domain"),
        *("form-to-elsewhere", "form-to-longer-host", "form-with-host-as-user"),
        *("form-to-other-scheme", "form-to-other-port", "form-to-script", "form-with-decoy"),
        "button-to-elsewhere",
    ],
)
async def test_nothing_is_typed_anywhere_else(
    tab: Tab, pages: Pages, port: str, host: str, body: str
) -> None:
    pages.put("/page", body.replace("{port}", port))
    field = await field_on(tab.page, f"http://{host}:{port}/page")
    with pytest.raises(PageUnexpected) as caught:
        await fill_secret(tab, field, Secret(SECRET))
    assert (caught.value.why, await field.locator.input_value()) == (Why.UNSAFE_TO_TYPE, "")


async def test_nothing_is_typed_on_a_page_without_an_origin(tab: Tab) -> None:
    field = await field_on(tab.page, f"data:text/html,{quote(FORM)}")
    with pytest.raises(PageUnexpected, match="nothing secret was typed"):
        await fill_secret(tab, field, Secret(SECRET))


async def test_nothing_is_typed_on_another_port_of_the_host(tab: Tab) -> None:
    with serve_pages() as other:
        other.put("/form", FORM)
        field = await field_on(tab.page, other.origin.replace("127.0.0.1", "good.test") + "/form")
        with pytest.raises(PageUnexpected, match="nothing secret was typed"):
            await fill_secret(tab, field, Secret(SECRET))


async def test_where_the_password_must_not_be_typed_the_login_is_not_either(
    tab: Tab, pages: Pages, port: str
) -> None:
    pages.put("/page", f"<input id=u><iframe src='http://evil.test:{port}/form'></iframe>")
    login = await field_on(tab.page, f"http://good.test:{port}/page", "#u")
    frame = tab.page.frames[1]
    password = Element(frame)
    await frame.locator("#p").evaluate(script("mark"), password.mark)
    with pytest.raises(PageUnexpected, match="nothing secret was typed"):
        await fill_fields(tab, (login, "ada@example.org"), (password, Secret(SECRET)))
    assert await login.locator.input_value() == ""


async def test_a_login_that_cannot_be_typed_is_a_form_that_is_not_understood(
    tab: Tab, pages: Pages
) -> None:
    flow, account = discover().flows["linkedin"], Account("linkedin", "ada@example.org")
    form = "<input id=username readonly><input id=password type=password>"
    pages.put(flow.sign_in.path, f"<form action='/in'>{form}</form>")
    credentials = Credentials(account, password=Secret(SECRET))
    with pytest.raises(PageUnexpected) as caught:
        await SignInAttempt(tab, flow, account, credentials).run("/")
    assert caught.value.why is Why.SIGN_IN_UNKNOWN
    assert pages.writes == []


@pytest.mark.parametrize("state", ["disabled", "readonly", "hidden"])
async def test_an_error_while_typing_does_not_repeat_what_was_typed(
    tab: Tab, pages: Pages, port: str, state: str
) -> None:
    pages.put("/page", f"<input id=p type=password {state}>")
    field = await field_on(tab.page, f"http://good.test:{port}/page")
    with pytest.raises(PageUnexpected) as caught:
        await fill_secret(tab, field, Secret(SECRET))
    error = caught.value
    assert SECRET not in f"{error} {error.args!r} {vars(error)}"
    assert (error.__cause__, error.__context__) == (None, None)


async def test_a_field_whose_page_is_gone_takes_nothing_to_the_next_page(
    tab: Tab, pages: Pages, port: str
) -> None:
    field = await field_on(tab.page, f"http://good.test:{port}/form")
    await tab.page.goto(f"http://evil.test:{port}/form")
    with pytest.raises(Exception) as caught:  # noqa: PT011 - any error will do, typing will not
        await fill_secret(tab, field, Secret(SECRET))
    assert SECRET not in str(caught.value)
    assert await tab.page.input_value("#p") == ""


async def test_a_field_loaded_afresh_is_another_one(tab: Tab, port: str) -> None:
    field = await field_on(tab.page, f"http://good.test:{port}/form")
    await tab.page.reload()
    with pytest.raises(FieldGone):
        await fill_secret(tab, field, Secret(SECRET))
    assert await tab.page.input_value("#p") == ""


async def test_of_two_fields_that_pass_for_the_same_none_is_filled(tab: Tab, port: str) -> None:
    field = await field_on(tab.page, f"http://good.test:{port}/form")
    await tab.page.evaluate("() => document.body.append(p.cloneNode())")
    with pytest.raises(PageUnexpected) as caught:
        await fill_secret(tab, field, Secret(SECRET))
    assert caught.value.why is Why.SIGN_IN_UNKNOWN
    typed = await tab.page.locator("input").evaluate_all("(all) => all.map((field) => field.value)")
    assert typed == ["", ""]


async def test_a_page_that_leaves_while_it_is_asked_gets_nothing(
    tab: Tab, pages: Pages, port: str
) -> None:
    there = f"http://evil.test:{port}/form"
    away = f"document.querySelector = () => {{ location = {there!r}; return null; }}"
    pages.put("/page", f"{FORM}<script>{away}</script>")
    field = await field_on(tab.page, f"http://good.test:{port}/page")
    with pytest.raises(PageUnexpected):
        await fill_secret(tab, field, Secret(SECRET))
    await tab.page.wait_for_url(there)
    assert await tab.page.input_value("#p") == ""


async def test_of_several_copies_of_a_field_the_visible_one_is_meant(
    tab: Tab, pages: Pages, port: str
) -> None:
    pages.put(
        "/page",
        "<div style='display:none'><input class=u id=one></div>"
        "<input class=u id=two style='visibility:hidden'><input class=u id=three>",
    )
    await tab.page.goto(f"http://good.test:{port}/page")
    found, nothing = await first_visible(tab, ("input.u",), ())
    assert found
    assert await found.locator.get_attribute("id") == "three"
    assert nothing is None


ROOT = Path(__file__).parents[2] / "optout"
# Where a secret's text leaves its object, and why that has to be.
REVEALED = {
    "accounts/credentials.py": "a seed or a code is told by its look",
    "accounts/keyring_store.py": "it is put into the keyring",
    "accounts/keys.py": "a key is made of it",
    "accounts/seeds.py": "a code is computed from it",
    "cli/demo.py": "the demo's site is given the demo's own password",
    "cli/evidence_key.py": "a file with a key is opened with its passphrase",
    "evidence/own_key.py": "a signing key is made of it, and it is sealed",
    "visit/fill.py": "it is typed",
    "watch/notify/address.py": "a notification's address is taken apart",
    "watch/notify/outbox.py": "a notification is sent there",
}
TYPED = {"fill", "type", "press_sequentially", "insert_text"}


def calls(name: str, source: str) -> bool:
    """Whether a source calls a method of this name."""
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name
        for node in ast.walk(ast.parse(source))
    )


def test_a_secret_is_revealed_only_where_it_must_be() -> None:
    files = {str(file.relative_to(ROOT)): file.read_text() for file in ROOT.rglob("*.py")}
    found = {name for name, source in files.items() if calls("reveal", source)}
    assert found == set(REVEALED)


def test_into_pages_type_only_the_one_way_for_secrets_and_the_form() -> None:
    files = [
        file
        for file in (ROOT / "visit").glob("*.py")
        if any(calls(way, file.read_text()) for way in TYPED)
    ]
    assert {file.name for file in files} == {"fill.py", "form.py"}


def test_signing_in_types_nothing_but_the_login_and_secrets() -> None:
    tree = ast.parse((ROOT / "visit" / "sign_in.py").read_text())
    typed = {
        ast.unparse(field)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == fill_fields.__name__
        for field in node.args[1:]
    }
    assert typed == {
        "(user_field, self.account.login)",
        "(password_field, password)",
        "(field, self.account.login)",
    }


def test_nothing_records_a_page_but_the_trace_somebody_asked_for() -> None:
    files = {str(file.relative_to(ROOT)): file.read_text() for file in ROOT.rglob("*.py")}
    assert [name for name, source in files.items() if ".tracing" in source] == ["visit/trace.py"]
    assert [name for name, source in files.items() if re.search("record_(har|video)", source)] == []
