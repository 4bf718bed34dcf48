"""X: three boxes that differ in their words, and a button below them that deletes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from optout_flows.x.flow import X
from optout_flows.x.practice.site import site

from optout.model import Mode, Outcome, Why
from optout.visit.locate import Found, Missing, locate
from optout.visit.survey import ControlSeen, PageSeen
from tests.workshop.people import Someone

if TYPE_CHECKING:
    from playwright.async_api import Page

    from optout.practice.site import PracticeSite
    from tests.visit.rehearsal import Rehearsal

TRAINING = X.settings[0].control
TODAY, OF_2024 = (wording.text for wording in TRAINING.labels)
FIRST = {"keys": {"aria-describedby": "CHECKBOX_1_LABEL"}}


@pytest.fixture
def practice_site() -> PracticeSite:
    made: PracticeSite = site(slow_seconds=1.0)
    return made


def page(*boxes: dict[str, Any], heading: str, language: str) -> PageSeen:
    controls = tuple(
        ControlSeen(
            **{
                "frame": 0,
                "index": number,
                "role": "checkbox",
                "name": "",
                "headings": (heading,),
                **box,
            }
        )
        for number, box in enumerate(boxes)
    )
    return PageSeen(language=language, path="/settings/grok_settings", controls=controls)


async def test_each_box_is_unticked_and_what_deletes_is_left_alone(rehearsal: Rehearsal) -> None:
    account = rehearsal.add()
    assert rehearsal.server.site.session_for
    session = rehearsal.server.site.session_for(account, rehearsal.server.origin)
    await rehearsal.visit(account, session=session, credentials=None, settings=X.settings)
    assert [result.outcome for result in rehearsal.results] == [Outcome.OPTED_OUT] * 3
    assert account.out
    assert account.settings == {"personalization": False, "memory": False}
    assert account.counters.state_changing_requests == 3


async def test_in_its_default_mode_a_person_unticks_the_box_that_is_pointed_at(
    rehearsal: Rehearsal,
) -> None:
    account = rehearsal.add()
    assert rehearsal.server.site.session_for

    async def untick(page: Page) -> None:
        await page.get_by_role("checkbox", name=TODAY).click()

    person = Someone(rehearsal.browser, untick)
    result = await rehearsal.visit(
        account,
        session=rehearsal.server.site.session_for(account, rehearsal.server.origin),
        credentials=None,
        mode=X.default_mode,
        person=person,
        settings=X.settings[:1],
    )
    await person.rest()
    assert X.default_mode is Mode.GUIDED
    assert person.told[0].startswith(f'Please untick "{TODAY}" (outlined in red).')
    assert result.outcome is Outcome.OPTED_OUT
    assert account.settings == {}


def test_where_only_the_heading_is_known_its_place_among_the_boxes_says_which() -> None:
    french = page(
        FIRST | {"name": "Autoriser"},
        {"name": "Autre"},
        heading="Grok et collaborateurs tiers",
        language="fr",
    )
    found = locate(TRAINING, french, at_its_place=True)
    assert isinstance(found, Found)
    assert found.anchors == ("key", "section")


def test_where_not_even_the_heading_is_known_nothing_is_guessed() -> None:
    german = page(FIRST | {"name": "Erlauben"}, {"name": "Anderes"}, heading="Grok", language="de")
    found = locate(TRAINING, german, at_its_place=True)
    assert isinstance(found, Missing)
    assert found.why is Why.CONTROL_MISSING


@pytest.mark.parametrize("sentence", [TODAY, OF_2024])
def test_a_sentence_that_says_the_opposite_is_not_known_although_it_ends_alike(sentence: str) -> None:
    assert TRAINING.labels.match(sentence)
    assert not TRAINING.labels.match(f"Do not {sentence[0].lower()}{sentence[1:]}")
