"""The practice kit in every shape it has and with every way in, each with a flow made up for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from optout.authors.suite import PATIENCE as PATIENT
from optout.authors.suite import serving
from optout.flow import (
    Checkbox,
    Confirm,
    Labels,
    MenuItem,
    Opener,
    Reading,
    Scene,
    SceneKind,
    Select,
    SignIn,
    Switch,
    Wording,
)
from optout.model import Mode, Outcome, Why
from optout.practice.expectations import found
from optout.practice.kit import Door, Shape, practice_site
from tests.flows.made_up import BY_WORDS, flow_of, platform_of
from tests.flows.together import rows
from tests.visit.rehearsal import Rehearsal
from tests.workshop.people import Someone

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Page

    from optout.flow import Flow
    from optout.practice.expectations import Expected
    from optout.practice.kit import Platform
    from optout.practice.switchboard import PracticeAccount
    from optout.visit.browser import OpenBrowser
    from tests.flows.together import Together

SELECT = Select(**BY_WORDS, out=Labels("Disabled"), inn=Labels("Enabled"))
SAVED: dict[str, Any] = {"save": Opener(labels=Labels("Save"))}
MENU = MenuItem(
    labels=Labels("Turn off keeping", "Turn on keeping"),
    section=Labels("Training"),
    switches_out=Labels("Turn off"),
    switches_in=Labels("Turn on"),
)
ASKS = Confirm(asks=Labels(Wording("en", "Stop keeping?", part="start")), button=Labels("Turn off"))
MENU_PAGE: dict[str, Any] = {
    "label": "Turn off keeping",
    "label_out": "Turn on keeping",
    "choices": ("Turn off", "Turn on"),
    "destroys": "Turn off and delete activity",
    "asks": ("Stop keeping?", "Turn off"),
}
SITES = ("/sites/1", "/sites/2", "/sites/3")
OF_SITES = flow_of(
    Checkbox(**BY_WORDS, on_means=Reading.OUT),
    setting={"places": ("/sites",), **SAVED},
    objects=lambda _, __, links: [link for link in links if link.startswith("/sites/")],
)
SITES_PAGE = platform_of(
    Shape.CHECKBOX, control={"inverted": True, "save": "Save"}, places=("/sites",), objects=SITES
)


@dataclass(frozen=True)
class Case:
    """A shape and what a run makes of it.

    Attributes:
        changes: how often something stored became another value.
    """

    flow: Flow
    platform: Platform
    conditions: tuple[str, ...] = ()
    outcome: Outcome = Outcome.OPTED_OUT
    why: Why = Why.NONE
    changes: int = 1


def plain(shape: Shape, control: Any, *conditions: str, **facts: Any) -> Case:
    """A control that saves at once and is told by its words."""
    return Case(flow_of(control), platform_of(shape), conditions, **facts)


OUT: dict[str, Any] = {"outcome": Outcome.ALREADY_OUT, "changes": 0}
CASES: dict[str, Case] = {
    "switch": plain(Shape.SWITCH, Switch(**BY_WORDS)),
    "checkbox": plain(Shape.CHECKBOX, Checkbox(**BY_WORDS)),
    "list": plain(Shape.LIST, SELECT),
    "list-out": plain(Shape.LIST, SELECT, "already-out", **OUT),
    "list-late": plain(Shape.LIST, SELECT, "late-state"),
    "menu-late": plain(Shape.SELECT_MENU, SELECT, "late-state"),
    "menu-out": plain(Shape.SELECT_MENU, SELECT, "already-out", **OUT),
    "inverted": Case(
        flow_of(Checkbox(**BY_WORDS, on_means=Reading.OUT), setting=SAVED),
        platform_of(Shape.CHECKBOX, control={"inverted": True, "save": "Save"}),
    ),
    "inverted-out": Case(
        flow_of(Checkbox(**BY_WORDS, on_means=Reading.OUT), setting=SAVED),
        platform_of(Shape.CHECKBOX, control={"inverted": True, "save": "Save"}),
        ("already-out",),
        **OUT,
    ),
    "item": Case(
        flow_of(MENU, setting={"confirm": ASKS}), platform_of(Shape.MENU_ITEM, control=MENU_PAGE)
    ),
    "item-out": Case(
        flow_of(MENU, setting={"confirm": ASKS}),
        platform_of(Shape.MENU_ITEM, control=MENU_PAGE),
        ("already-out",),
        **OUT,
    ),
    "item-late": Case(
        flow_of(MENU, setting={"confirm": ASKS}),
        platform_of(Shape.MENU_ITEM, control=MENU_PAGE),
        ("late-state",),
    ),
    "item-asked-anew": Case(
        flow_of(MENU), platform_of(Shape.MENU_ITEM, control=MENU_PAGE),
        outcome=Outcome.NEEDS_PERSON, why=Why.CONFIRM_UNKNOWN, changes=0,
    ),
    "sites": Case(OF_SITES, SITES_PAGE, changes=3),
    "sites-some-out": Case(OF_SITES, SITES_PAGE, ("some-out",), changes=1),
    "sites-one-forgets": Case(
        OF_SITES, SITES_PAGE, ("last-object-forgets",), Outcome.NOT_SAVED, Why.NOT_KEPT, 2
    ),
    "sites-one-locked": Case(
        OF_SITES, SITES_PAGE, ("last-object-locked",), Outcome.MANAGED, Why.LOCKED_IN, 2
    ),
    "banner": Case(
        flow_of(Switch(**BY_WORDS), dismiss=(".banner button",)),
        platform_of(Shape.SWITCH, banner='<p class="box">News <button>Later</button></p>'),
        ("cookie-banner",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", rows("kit", ((name,) for name in CASES)))
async def test_a_shape_is_operated_as_its_facts_say(
    name: str,
    together: Together,
    fenced_browser: OpenBrowser,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> None:
    async def visit(name: str) -> tuple[Expected, str]:
        case = CASES[name]
        async with serving(practice_site(case.platform, slow_seconds=1.0)) as server:
            folder = tmp_path_factory.mktemp("visit")
            rehearsal = Rehearsal(server, fenced_browser, folder, made_up=case.flow)
            account = rehearsal.add(*case.conditions)
            result = await rehearsal.visit(account, patience=PATIENT)
        assert "destroyed" not in account.settings
        return found(result, account.counters), f"{result.reason} | {result.notes} | {result.evidence}"

    case = CASES[name]
    said, told = await together.answer(request, visit)
    assert (said.outcome, said.why, said.changes) == (case.outcome, case.why, case.changes), told
    assert said.passwords == 1


async def through_the_provider(page: Page, account: PracticeAccount) -> None:
    await page.click("text=Continue with another site")
    await page.wait_for_url("**/practice/provider?*")
    await page.fill("input[name=login]", account.login)
    await page.check("input[name=person]")
    await page.click("text=Allow")


async def with_a_code(page: Page, account: PracticeAccount) -> None:
    await page.fill("input[name=login]", account.login)
    await page.click("text=Continue >> nth=0")
    await page.fill("input[name=code]", account.code)
    await page.click("text=Go on")


BY_PERSON: dict[str, Any] = {"sign_in": SignIn(path="/enter", hosts=("id.example",))}
BY_PERSON_PAGE = platform_of(Shape.SWITCH, door=Door(path="/enter"))
STAYS_PAGE = platform_of(Shape.SWITCH, door=Door(path="/enter", stays=True))
NOBODY_NAMED: dict[str, Any] = {
    **BY_PERSON,
    "identity": (),
    "identity_note": "No source says where.",
    "scenes": (
        Scene(kind=SceneKind.SIGNED_OUT, paths=("/enter", "/practice/*")),
        Scene(kind=SceneKind.SIGNED_IN, paths=("/", "/settings")),
    ),
}


@pytest.mark.parametrize("way", [through_the_provider, with_a_code])
async def test_a_person_signs_in_where_nothing_else_can(
    way: Any, free_browser: OpenBrowser, tmp_path: Path
) -> None:
    flow = flow_of(Switch(**BY_WORDS), **BY_PERSON)
    async with serving(practice_site(BY_PERSON_PAGE)) as server:
        rehearsal = Rehearsal(server, free_browser, tmp_path, made_up=flow)
        account = rehearsal.add()
        person = Someone(free_browser, lambda page: way(page, account))
        result = await rehearsal.visit(account, mode=Mode.ATTENDED, person=person, credentials=None)
        await person.rest()
    assert (result.outcome, account.out) == (Outcome.OPTED_OUT, True), result.reason


async def test_a_person_is_taken_to_the_door_where_the_platform_does_not_send_them(
    free_browser: OpenBrowser, tmp_path: Path
) -> None:
    flow = flow_of(Switch(**BY_WORDS), **BY_PERSON)
    async with serving(practice_site(STAYS_PAGE)) as server:
        rehearsal = Rehearsal(server, free_browser, tmp_path, made_up=flow)
        account = rehearsal.add()
        person = Someone(free_browser, lambda page: with_a_code(page, account))
        result = await rehearsal.visit(account, mode=Mode.ATTENDED, person=person, credentials=None)
    assert (result.outcome, account.out) == (Outcome.OPTED_OUT, True), result.reason


@pytest.mark.parametrize(("ended", "why"), [(False, Why.PERSON_SIGNS_IN), (True, Why.SIGNED_OUT)])
async def test_without_a_person_such_a_door_stays_shut_and_no_password_is_sent(
    ended: bool, why: Why, fenced_browser: OpenBrowser, tmp_path: Path
) -> None:
    flow = flow_of(Switch(**BY_WORDS), **BY_PERSON)
    async with serving(practice_site(BY_PERSON_PAGE)) as server:
        rehearsal = Rehearsal(server, fenced_browser, tmp_path, made_up=flow)
        account = rehearsal.add(*(["signed-out"] if ended else []))
        assert server.site.session_for
        session = server.site.session_for(account, server.origin) if ended else None
        result = await rehearsal.visit(account, session=session)
    assert (result.outcome, result.why) == (Outcome.NEEDS_PERSON, why)
    assert account.counters.credential_submissions == 0


async def test_where_no_page_names_anybody_the_person_vouches_and_the_record_says_so(
    free_browser: OpenBrowser, tmp_path: Path
) -> None:
    flow = flow_of(Switch(**BY_WORDS), **NOBODY_NAMED)
    async with serving(practice_site(BY_PERSON_PAGE)) as server:
        rehearsal = Rehearsal(server, free_browser, tmp_path, made_up=flow)
        account = rehearsal.add()
        person = Someone(free_browser, lambda page: with_a_code(page, account))
        result = await rehearsal.visit(account, mode=Mode.ATTENDED, person=person, credentials=None)
    assert result.outcome is Outcome.OPTED_OUT, result.reason
    assert any(f"If it is not {account.login}" in said for said in person.told)
    ((_, who),) = rehearsal.signed_in
    assert who == f"{account.login}, on the word of the person at the window"


async def test_where_no_page_names_anybody_nothing_is_done_automatically(
    fenced_browser: OpenBrowser, tmp_path: Path
) -> None:
    flow = flow_of(Switch(**BY_WORDS), **NOBODY_NAMED)
    async with serving(practice_site(BY_PERSON_PAGE)) as server:
        rehearsal = Rehearsal(server, fenced_browser, tmp_path, made_up=flow)
        account = rehearsal.add()
        assert server.site.session_for
        session = server.site.session_for(account, server.origin)
        result = await rehearsal.visit(account, session=session)
    assert (result.outcome, result.why) == (Outcome.NEEDS_PERSON, Why.NOBODY_VOUCHES)
    assert account.counters.requests == 0
