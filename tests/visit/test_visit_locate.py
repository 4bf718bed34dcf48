"""Anchors agree on one control, or none is found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from optout.flow import Labels, Opener, Select, Switch, Wording
from optout.model import Why
from optout.visit.locate import Found, Missing, locate
from optout.visit.openers import furthest_in_sight
from optout.visit.survey import ControlSeen, PageSeen

if TYPE_CHECKING:
    from collections.abc import Iterable

TRAINING = Switch(
    keys=(("aria-labelledby", "training"),),
    labels=Labels(Wording("en", "Train on my posts"), Wording("de", "Mit meinen Beiträgen trainieren")),
    section=Labels(Wording("en", "Data for AI"), Wording("it", "Dati per l'IA")),
)
KEY = {"keys": {"aria-labelledby": "training"}}
LABEL = {"name": "Train on my posts"}
SECTION = {"headings": ("Data for AI", "Settings")}
OTHER = {"keys": {"aria-labelledby": "research"}, "name": "Take part in research"}


def page(*switches: dict[str, Any], language: str = "en", role: str = "switch") -> PageSeen:
    controls = (
        ControlSeen(**{"frame": 0, "index": index, "role": role, "name": "", **facts})
        for index, facts in enumerate(switches)
    )
    return PageSeen(language=language, path="/ai", controls=tuple(controls))


def found(seen: PageSeen, *, at_its_place: bool = True) -> Found:
    answer = locate(TRAINING, seen, at_its_place=at_its_place)
    assert isinstance(answer, Found), answer
    return answer


def missing(seen: PageSeen, *, at_its_place: bool = True) -> Missing:
    answer = locate(TRAINING, seen, at_its_place=at_its_place)
    assert isinstance(answer, Missing), answer
    return answer


def anchors(names: Iterable[str]) -> set[str]:
    return set(names)


@pytest.mark.parametrize(
    ("facts", "by"),
    [
        (KEY | LABEL | SECTION, {"key", "label", "section"}),
        (KEY | LABEL, {"key", "label"}),
        (LABEL | SECTION, {"label", "section"}),
    ],
)
def test_two_anchors_are_enough(facts: dict[str, Any], by: set[str]) -> None:
    assert anchors(found(page(facts)).anchors) == by


@pytest.mark.parametrize("facts", [LABEL, SECTION])
def test_one_anchor_alone_proves_nothing(facts: dict[str, Any]) -> None:
    assert missing(page({"name": "Something else"} | facts)).why is Why.CONTROL_MISSING


def test_a_key_with_a_strange_label_is_not_trusted_in_a_language_that_is_known() -> None:
    strange = KEY | SECTION | {"name": "Keep my posts out of training"}
    assert missing(page(strange)).why is Why.LABEL_UNKNOWN


def test_a_key_with_a_strange_label_is_trusted_in_a_language_that_is_not_known() -> None:
    assert found(page(KEY | {"name": "学習に使う"}, language="ja")).wording is None


def test_a_page_that_does_not_say_its_language_must_use_known_words() -> None:
    assert missing(page(KEY | SECTION | {"name": "学習に使う"}, language="")).why is Why.LABEL_UNKNOWN


def test_the_wording_found_is_the_one_of_the_page() -> None:
    wording = found(page(KEY | {"name": "Mit meinen Beiträgen trainieren"}, language="de")).wording
    assert wording
    assert wording.language == "de"


def test_a_label_in_another_known_language_than_the_pages_counts() -> None:
    assert found(page(KEY | LABEL, language="de")).wording


def test_anchors_that_point_at_different_controls_find_none_and_name_both() -> None:
    answer = missing(page(KEY | {"name": "Take part in research"}, LABEL))
    assert answer.why is Why.ANCHORS_DISAGREE
    assert len(answer.candidates) == 2


def test_two_controls_that_fit_alike_find_none() -> None:
    assert missing(page(KEY | LABEL, KEY | LABEL)).why is Why.ANCHORS_DISAGREE


def test_a_neighbour_in_the_same_section_does_not_disagree() -> None:
    assert found(page(OTHER | SECTION, KEY | LABEL | SECTION)).seen.index == 1


def test_equal_places_in_two_frames_are_two_controls() -> None:
    in_frame = KEY | LABEL | {"frame": 1, "index": 0}
    assert found(page(OTHER, in_frame)).seen.frame == 1


def test_a_control_of_another_kind_is_no_candidate() -> None:
    answer = missing(page(KEY | LABEL | SECTION, role="checkbox"))
    assert (answer.why, answer.candidates) == (Why.CONTROL_MISSING, ())


def test_being_alone_counts_where_headings_are_not_known() -> None:
    assert anchors(found(page(KEY, language="ja")).anchors) == {"key", "being alone on its page"}


@pytest.mark.parametrize(
    ("language", "at_its_place", "neighbours"),
    [("ja", False, 0), ("ja", True, 1), ("it", True, 0)],
    ids=["elsewhere", "not-alone", "headings-known"],
)
def test_being_alone_counts_nowhere_else(language: str, at_its_place: bool, neighbours: int) -> None:
    seen = page(KEY, *[OTHER] * neighbours, language=language)
    assert missing(seen, at_its_place=at_its_place).why is Why.CONTROL_MISSING


def test_being_alone_alone_is_not_enough() -> None:
    assert missing(page({"name": "学習に使う"}, language="ja")).why is Why.CONTROL_MISSING


def test_words_beside_a_nameless_control_are_its_label() -> None:
    assert found(page(SECTION | {"beside": ("On", "Train on my posts")})).shown == "Train on my posts"


def test_words_beside_a_control_with_a_name_are_not() -> None:
    seen = page(SECTION | {"name": "Take part in research", "beside": ("Train on my posts",)})
    assert missing(seen).why is Why.CONTROL_MISSING


def test_an_empty_page_says_what_kind_is_missing() -> None:
    assert missing(page()).detail == "no switch on the page"


LIST = Select(
    labels=TRAINING.labels, section=TRAINING.section, out=Labels("Disabled"), inn=Labels("Enabled")
)
SHOWS = {"name": "Enabled", "chosen": "Enabled", "popup": True, "beside": (LABEL["name"], "Enabled")}


def test_a_button_that_shows_the_chosen_option_is_known_by_the_words_beside_it() -> None:
    seen = page(SHOWS | SECTION, {"name": "Menu", "chosen": "Menu", "popup": True}, role="button")
    answer = locate(LIST, seen, at_its_place=True)
    assert isinstance(answer, Found)
    assert (answer.seen.index, answer.shown) == (0, LABEL["name"])


@pytest.mark.parametrize("facts", [{"popup": False}, {"name": "Something else", "chosen": "Enabled"}])
def test_another_button_in_its_row_is_not_taken_for_the_list(facts: dict[str, Any]) -> None:
    seen = page(SHOWS | SECTION | facts, role="button")
    assert isinstance(locate(LIST, seen, at_its_place=True), Missing)


def test_of_the_way_to_a_setting_what_stands_open_already_is_skipped() -> None:
    way = tuple(Opener(keys=(("id", name),)) for name in ("menu", "settings", "privacy"))
    shown = page({"keys": {"id": "menu"}}, {"keys": {"id": "settings"}}, role="button")
    assert furthest_in_sight(way, shown) == 1
    assert furthest_in_sight(way, page(role="button")) == 0


def test_what_holds_a_state_is_no_way_to_a_setting() -> None:
    opener = (Opener(labels=Labels("Disabled")), Opener(labels=Labels("Privacy")))
    seen = page({"name": "Privacy", "stated": "false"}, role="menuitem")
    assert furthest_in_sight(opener, seen) == 0
