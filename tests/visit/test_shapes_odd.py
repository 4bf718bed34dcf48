"""Shapes with a catch: questions, neighbours, several objects, several places, pages that lie."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from optout.flow import Checkbox, MenuItem, Opener
from optout.model import Outcome, Reading, Why
from optout.visit.patience import Patience
from tests.workshop import flow as shapes
from tests.workshop.flow import Workshop, words
from tests.workshop.work import Work, outcomes, record_of, workshop

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from optout.flow import Flow, Setting
    from optout.visit.browser import OpenBrowser


@pytest.fixture
def work(fenced_browser: OpenBrowser, tmp_path: Path) -> Iterator[Work]:
    yield from workshop(fenced_browser, tmp_path)


# Questions


@pytest.mark.parametrize("setting", [shapes.MENU, shapes.CONFIRM], ids=["menu", "switch"])
async def test_a_question_whose_button_deletes_is_not_agreed_to(work: Work, setting: Setting) -> None:
    work.add("confirm-deletes")
    result = await work.run(setting)
    assert result.outcome in (Outcome.NEEDS_PERSON, Outcome.STILL_IN)
    assert work.sent == 0, result


async def test_a_button_that_deletes_is_refused_even_if_the_flow_names_it(work: Work) -> None:
    work.add("confirm-deletes")
    result = await work.run(shapes.CONFIRM)
    assert (result.outcome, result.why) == (Outcome.STILL_IN, Why.FORBIDDEN)


async def test_what_a_button_says_to_the_eye_counts_as_well(work: Work) -> None:
    work.add("confirm-hides")
    result = await work.run(shapes.CONFIRM)
    assert (result.why, work.sent) == (Why.FORBIDDEN, 0), result


async def test_the_neighbour_that_deletes_is_never_pressed(work: Work) -> None:
    work.add()
    await work.run(shapes.MENU)
    assert work.last.settings == {"menu": False}


async def test_a_menu_in_which_two_items_fit_is_left_alone(work: Work) -> None:
    work.add()
    assert isinstance(shapes.MENU.control, MenuItem)
    either = replace(shapes.MENU.control, switches_out=words("Turn off", part="start"))
    result = await work.run(replace(shapes.MENU, control=either))
    assert (result.outcome, work.sent) == (Outcome.UNREADABLE, 0), result


async def test_a_question_in_other_words_needs_a_person(work: Work) -> None:
    work.add("asks-anew")
    result = await work.run(shapes.CONFIRM)
    assert (result.why, work.sent) == (Why.CONFIRM_UNKNOWN, 0)
    assert "Leave the programme?" in result.reason


async def test_a_native_dialog_is_dismissed_and_its_words_are_kept(work: Work) -> None:
    work.add()
    result = await work.run(shapes.NATIVE)
    assert (result.outcome, result.why) == (Outcome.NEEDS_PERSON, Why.CONFIRM_UNKNOWN)
    assert (work.sent, "This cannot be undone" in result.reason) == (0, True)


async def test_a_native_dialog_of_one_setting_says_nothing_about_the_next(work: Work) -> None:
    work.add()
    results = await work.visit(shapes.NATIVE, shapes.AUTO)
    assert outcomes(results) == [Outcome.NEEDS_PERSON, Outcome.OPTED_OUT], results
    assert results[1].notes == ()


async def test_leaving_a_page_with_unsaved_changes_does_not_hold_up_the_next(work: Work) -> None:
    work.add()
    results = await work.visit(shapes.UNSAVED, shapes.AUTO)
    assert outcomes(results) == [Outcome.NOT_SAVED, Outcome.OPTED_OUT], results


# Pages that lie


async def test_a_refused_form_that_draws_what_was_posted_is_not_believed(work: Work) -> None:
    work.add("refuses")
    result = await work.run(shapes.FORM)
    assert (result.outcome, result.why) == (Outcome.NOT_SAVED, Why.NOT_KEPT)


async def test_a_refused_save_is_told_with_what_the_site_answered(work: Work) -> None:
    work.add("refuses")
    result = await work.run(shapes.AUTO)
    assert (result.outcome, result.why) == (Outcome.NOT_SAVED, Why.SAVE_REFUSED)
    assert "PUT answered 409" in result.reason


async def test_a_box_that_is_half_ticked_is_not_read_as_off(work: Work) -> None:
    work.add("half-ticked", auto=False)
    result = await work.check(shapes.AUTO)
    assert (result.reading, result.why) == (Reading.UNKNOWN, Why.STATE_UNCLEAR)


# Neighbours


async def test_a_neighbour_that_moves_as_well_is_told(work: Work) -> None:
    work.add("neighbour-moves")
    result = await work.run(shapes.AUTO)
    assert result.notes == ('"Suggest people to me" went from on to off as well',)


@pytest.mark.parametrize("setting", [shapes.CHOICE, shapes.AUTO, shapes.NAMELESS, shapes.DIALOG])
async def test_what_belongs_to_the_setting_is_no_neighbour(work: Work, setting: Setting) -> None:
    work.add()
    assert (await work.run(setting)).notes == ()


# Names and words


async def test_words_beside_a_nameless_control_are_its_label(work: Work) -> None:
    work.add()
    result = await work.run(shapes.NAMELESS)
    assert record_of(result)["after"][0]["label"] == "Learn from my notes"


async def test_two_controls_beside_the_same_words_are_left_alone(work: Work) -> None:
    work.add("twice-named")
    result = await work.run(shapes.NAMELESS)
    assert (result.outcome, result.why, work.sent) == (
        Outcome.UNREADABLE,
        Why.ANCHORS_DISAGREE,
        0,
    )


async def test_the_other_wording_has_the_other_polarity(work: Work) -> None:
    work.add("other-skin")
    result = await work.run(shapes.SKIN)
    assert (result.outcome, work.stored("skin")) == (Outcome.OPTED_OUT, False)


@pytest.mark.parametrize(("section", "reading"), [("Comments", "in"), ("Training", "unknown")])
async def test_a_control_of_this_name_in_the_next_section_is_another_one(
    work: Work, section: str, reading: str
) -> None:
    work.add()
    control = Checkbox(labels=words("Allow"), section=words(section))
    result = await work.check(shapes.setting("sections", control))
    assert result.reading == reading, result


# Places


async def test_the_second_place_is_tried_where_the_first_is_gone(work: Work) -> None:
    work.add()
    result = await work.run(shapes.SECOND_PLACE)
    assert (result.outcome, work.stored("auto")) == (Outcome.OPTED_OUT, False)


async def test_a_place_without_the_way_to_the_setting_leads_to_the_next_one(work: Work) -> None:
    work.add()
    result = await work.check(shapes.DIALOG)
    assert record_of(result)["before"][0]["path"] == "/settings/dialog"


async def test_a_way_that_is_nowhere_is_named(work: Work) -> None:
    work.add()
    nowhere = replace(
        shapes.DIALOG, places=("/settings/dialog",), opens=(Opener(labels=words("Preferences")),)
    )
    result = await work.check(nowhere)
    assert (result.outcome, '"Preferences"' in result.reason) == (Outcome.UNREADABLE, True)


async def test_a_place_that_differs_only_behind_the_hash_is_asked_for_again(work: Work) -> None:
    work.add()
    at_hash = replace(shapes.AUTO, places=("/settings/auto#here",))
    await work.visit(at_hash, replace(at_hash, places=("/settings/auto#there",)), may_change=False)
    asked = [path for _, path, _ in work.server.site.switchboard.log if path == "/settings/auto"]
    assert len(asked) == 2


async def test_a_control_in_a_frame_that_nobody_sees_is_not_the_one(work: Work) -> None:
    work.add()
    result = await work.check(replace(shapes.FRAME, places=("/settings/hidden-frame",)))
    assert (result.outcome, result.why) == (Outcome.UNREADABLE, Why.CONTROL_MISSING)


# Several settings, several objects


async def test_several_settings_are_read_and_changed_in_one_visit(work: Work) -> None:
    work.add(select=False)
    results = await work.visit(shapes.AUTO, shapes.SELECT, shapes.CONFIRM)
    assert outcomes(results) == [Outcome.OPTED_OUT, Outcome.ALREADY_OUT, Outcome.OPTED_OUT]


async def test_every_object_gets_its_turn_and_the_worst_speaks_for_all(work: Work) -> None:
    work.add("last-site-forgets", **{"site-1": False})
    result = await work.run(shapes.SITES)
    assert (result.outcome, result.reading) == (Outcome.NOT_SAVED, Reading.IN)
    assert result.notes == (
        "/sites/1: already-out",
        "/sites/2: opted-out",
        "/sites/3: not-saved",
    )


async def test_the_worst_object_gives_the_reading_even_if_it_is_not_the_last(work: Work) -> None:
    work.add(**{"site-1": True, "site-2": False, "site-3": False})
    result = await work.check(shapes.SITES)
    assert (result.outcome, result.reading, work.sent) == (Outcome.STILL_IN, Reading.IN, 0)


async def test_every_object_has_its_own_pictures(work: Work) -> None:
    work.add(**{"site-1": False})
    result = await work.run(shapes.SITES)
    assert result.evidence is not None
    pictures = sorted(file.name for file in result.evidence.glob("*.png"))
    assert pictures == ["after-2.png", "after-3.png", "before-1.png", "before-2.png", "before-3.png"]


async def test_a_second_run_over_all_objects_changes_nothing(work: Work) -> None:
    work.add(**{"site-1": False, "site-2": False, "site-3": False})
    result = await work.run(shapes.SITES)
    assert (result.outcome, work.sent) == (Outcome.ALREADY_OUT, 0)


async def test_all_writes_of_all_objects_are_recorded(work: Work) -> None:
    work.add()
    result = await work.run(shapes.SITES)
    assert [write["path"] for write in record_of(result)["writes"]] == [
        "/api/site-1",
        "/api/site-2",
        "/api/site-3",
    ]


async def test_an_object_whose_page_is_not_as_expected_keeps_no_other_from_its_turn(work: Work) -> None:
    work.add()

    class OneMore(Workshop):
        def objects(self, setting: Setting, links: Sequence[str]) -> Sequence[str]:  # noqa: ARG002
            return ["/sites/1", "/settings/auto", "/sites/2"] if links else ()

    result = await work.run(shapes.SITES, flow=OneMore())
    assert result.notes == (
        "/sites/1: opted-out",
        "/settings/auto: unreadable",
        "/sites/2: opted-out",
    )
    assert (result.outcome, result.reading) == (Outcome.UNREADABLE, Reading.UNKNOWN)


# Flows that fail


class Raises(Workshop):
    def embedded_reading(self, setting: Setting, texts: Sequence[str]) -> Reading | None:  # noqa: ARG002
        if setting is shapes.AUTO:
            raise LookupError("not found")
        return None


class NamesNothing(Workshop):
    def objects(self, setting: Setting, links: Sequence[str]) -> Sequence[str]:  # noqa: ARG002
        return None if setting is shapes.AUTO else ()  # type: ignore[return-value]


class LeadsAway(Workshop):
    def objects(self, setting: Setting, links: Sequence[str]) -> Sequence[str]:  # noqa: ARG002
        return [".example.net/"] if setting is shapes.AUTO else ()


@pytest.mark.parametrize("flow", [Raises(), NamesNothing(), LeadsAway()], ids=type)
async def test_a_flow_that_fails_takes_its_setting_with_it_and_no_other(work: Work, flow: Flow) -> None:
    work.add()
    results = await work.visit(shapes.AUTO, shapes.SELECT, flow=flow)
    assert outcomes(results) == [Outcome.FAILED, Outcome.OPTED_OUT]
    assert (results[0].why, work.stored("auto")) == (Why.FLOW_RAISED, True)


async def test_a_flow_that_never_answers_is_given_up(work: Work) -> None:
    work.add()
    over = threading.Event()

    class Hangs(Workshop):
        def embedded_reading(self, setting: Setting, texts: Sequence[str]) -> Reading | None:  # noqa: ARG002
            if setting is shapes.AUTO:
                over.wait()
            return None

    brief = Patience(render=2, quiet=0.15, flow=0.3)
    results = await work.visit(shapes.AUTO, shapes.SELECT, flow=Hangs(), patience=brief)
    over.set()
    assert outcomes(results) == [Outcome.FAILED, Outcome.OPTED_OUT]
    assert "0.3 s" in results[0].reason
