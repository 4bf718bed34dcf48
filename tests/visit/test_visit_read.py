"""Reading a setting on pages that make it hard: nothing is touched, and no guess is made."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from optout.errors import OptoutError
from optout.flow import Flow, IdentityMark, Labels, Scene, SceneKind, Setting, SignIn, Switch, Wording
from optout.model import Account, Mode, Outcome, Reading, Result, Why
from optout.visit.order import Order
from optout.visit.site import Site
from optout.visit.visit import visit
from tests.visit.rehearsal import QUICK, Nobody

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from optout.visit.browser import OpenBrowser
    from tests.visit.pages import Pages

    Visit = Callable[..., Awaitable[Result]]

WHO = "<p id=who>Ada Example</p>"
TRAINING = Switch(
    keys=(("id", "training"),),
    labels=Labels(Wording("en", "Train on my posts")),
    in_words=Labels(Wording("en", "On")),
    out_words=Labels(Wording("en", "Off")),
)


class Exemplar(Flow):
    name = "exemplar"
    title = "Exemplar"
    version = "2026-11-01"
    origin = "https://exemplar.test"
    sign_in = SignIn(path="/in", user=(), password=("#password",), submit=Labels())
    identity = (IdentityMark("#who"),)
    scenes = (
        Scene(kind=SceneKind.SIGNED_OUT, paths=("/in",)),
        Scene(kind=SceneKind.SIGNED_IN, marks=("#who",)),
    )
    settings = (
        Setting(
            name="ai-training",
            title="Training",
            asks="May we?",
            out_means="They may not.",
            control=TRAINING,
            places=("/ai",),
            default=Reading.IN,
            sources=("https://exemplar.test/help",),
            last_verified="2026-11-01",
        ),
    )


def page(body: str) -> str:
    return f"<!doctype html><html lang=en><body>{WHO}<main>{body}</main>"


def switch(*, on: bool, label: str = "Train on my posts", extra: str = "") -> str:
    checked = "checked" if on else ""
    return f"<label><input id=training type=checkbox role=switch {checked} {extra}>{label}</label>"


@pytest.fixture
def look(pages: Pages, fenced_browser: OpenBrowser, tmp_path: Path) -> Visit:
    """Visit a page of this test's own; as a check, unless told otherwise."""

    async def looking(**facts: Any) -> Result:
        flow = Exemplar()
        results: list[Result] = []
        given: dict[str, Any] = {
            "may_change": False,
            "patience": QUICK,
            "folder": tmp_path / "ada",
            "session": {"cookies": [], "origins": []},
        }
        order = Order(
            visit="0123456789abcdef",
            account=Account("exemplar", "ada@example.org"),
            flow=flow,
            settings=flow.settings,
            site=Site(pages.origin, practice=True),
            mode=Mode.AUTOMATIC,
            person=Nobody(),
            on_result=results.append,
            on_signed_in=lambda _state, _who: None,
            **{**given, **facts},
        )
        await visit(order, fenced_browser)
        return results[0]

    return looking


WIRED = """<script>
const kinds = ['click','mousedown','mouseup','pointerdown','pointerup','keydown','keyup','change',
  'input','focus','submit','touchstart','dblclick','contextmenu','auxclick'];
for (const kind of kinds)
  document.addEventListener(kind, () => fetch(`/wired/${kind}`, { method: 'POST' }), true);
</script>"""


@pytest.mark.parametrize(
    "body",
    [
        switch(on=True),
        switch(on=False),
        switch(on=True, label="Something new"),
        switch(on=True, extra="disabled"),
        switch(on=True)
        + "<button>Save</button><a href='/x'>More</a><details open><summary>S</summary>x",
        "<dialog open><p>Delete it all?</p><button>OK</button></dialog>" + switch(on=True),
        "<button>Train on my posts</button>",
        "",
    ],
    ids=["in", "out", "strange", "locked", "buttons", "dialog", "no-switch", "empty"],
)
async def test_a_check_sets_nothing_off_on_a_page_where_everything_is_wired(
    look: Visit, pages: Pages, body: str
) -> None:
    pages.put("/ai", page(WIRED + body))
    await look()
    assert pages.writes == []


async def test_the_trap_of_that_page_works(look: Visit, pages: Pages) -> None:
    pages.put("/ai", page(WIRED + switch(on=True)))
    await look(may_change=True)
    assert "POST /wired/click" in pages.writes


ASKS = """<script>fetch('/state').then((a) => a.text()).then((on) => {
  document.getElementById('training').checked = on === 'true';
});</script>"""


@pytest.mark.parametrize(("drawn", "stored"), [(False, True), (True, False)])
@pytest.mark.parametrize("delay_s", [0.4, 4.0])
async def test_what_a_control_shows_before_its_state_has_come_is_not_believed(
    look: Visit, pages: Pages, drawn: bool, stored: bool, delay_s: float
) -> None:
    pages.put("/ai", page(switch(on=drawn) + ASKS))
    pages.put("/state", json.dumps(stored), delay_s=delay_s)
    result = await look()
    right = Reading.IN if stored else Reading.OUT
    assert result.reading is (right if delay_s < QUICK.render else Reading.UNKNOWN)


async def test_waiting_for_an_answer_in_vain_is_said_to_be_so(look: Visit, pages: Pages) -> None:
    pages.put("/ai", page(switch(on=False) + ASKS))
    pages.put("/state", "true", delay_s=9)
    result = await look()
    assert (result.outcome, result.why) == (Outcome.UNREADABLE, Why.STATE_UNCLEAR)


async def test_a_page_that_never_stands_still_is_read_all_the_same(look: Visit, pages: Pages) -> None:
    clock = "<p id=clock></p><script>setInterval(() => clock.textContent = Date.now(), 20)</script>"
    pages.put("/ai", page(clock + switch(on=True)))
    assert (await look()).reading is Reading.IN


async def test_a_page_that_leads_on_by_itself_is_read_where_it_leads(look: Visit, pages: Pages) -> None:
    pages.put("/ai", page("<script>setTimeout(() => location.replace('/ai/2'), 100)</script>"))
    pages.put("/ai/2", page(switch(on=True)))
    assert (await look()).reading is Reading.IN


async def test_a_question_asked_on_arrival_is_not_taken_for_one_about_the_setting(
    look: Visit, pages: Pages
) -> None:
    pages.put("/ai", page(f"{switch(on=True)}<script>alert('Welcome')</script>"))
    result = await look(may_change=True)
    assert (result.outcome, result.why) == (Outcome.NOT_SAVED, Why.NOT_KEPT)


async def test_a_native_question_is_dismissed_and_left_to_the_person(look: Visit, pages: Pages) -> None:
    asks = "<script>training.onclick = () => confirm('Delete everything?') && fetch('/yes')</script>"
    pages.put("/ai", page(switch(on=True) + asks))
    result = await look(may_change=True)
    assert (result.outcome, result.why) == (Outcome.NEEDS_PERSON, Why.CONFIRM_UNKNOWN)
    assert "GET /yes" not in pages.log


async def test_an_address_outside_the_site_is_named_and_nothing_is_read_there(
    look: Visit, pages: Pages
) -> None:
    pages.put("/ai", status=302, headers={"location": "http://localhost:1/ai?secret=1"})
    result = await look()
    assert result.outcome in (Outcome.UNREADABLE, Outcome.UNREACHABLE)
    assert "secret" not in result.reason


async def test_a_page_without_anything_on_it_is_called_empty(look: Visit, pages: Pages) -> None:
    pages.put("/ai", "")
    result = await look()
    assert (result.why, "an empty page" in result.reason) == (Why.IDENTITY_UNREADABLE, True)


async def test_evidence_that_cannot_be_written_fails_the_target_and_keeps_the_reading(
    look: Visit, pages: Pages, tmp_path: Path
) -> None:
    pages.put("/ai", page(switch(on=False)))
    (tmp_path / "file").write_text("in the way")
    result = await look(folder=tmp_path / "file" / "ada")
    assert (result.outcome, result.why) == (Outcome.FAILED, Why.EVIDENCE_NOT_WRITTEN)
    assert (result.reading, result.evidence) == (Reading.OUT, None)


async def test_a_visit_that_takes_too_long_ends(look: Visit, pages: Pages) -> None:
    pages.put("/ai", page(""))
    result = await look(patience=replace(QUICK, render=20, visit=0.8))
    assert (result.outcome, "longer than 0.8 s" in result.reason) == (Outcome.FAILED, True)


async def test_a_session_that_the_browser_does_not_take_is_an_error_of_ours(look: Visit) -> None:
    with pytest.raises(OptoutError, match="no room"):
        await look(session={"cookies": [{"name": "broken", "value": "x", "domain": "%", "path": ""}]})
