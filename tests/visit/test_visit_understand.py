"""From what a page shows to a reading; `unknown` whenever two sources disagree."""

from __future__ import annotations

from typing import Any

import pytest

from optout.flow import Labels, Setting, Switch, Wording
from optout.model import Reading, Why
from optout.visit.survey import ControlSeen, PageSeen
from optout.visit.understand import Understood, understand

LABELS = Labels(
    Wording("en", "Train on my posts"),
    Wording("en", "Keep my posts out of training", on_means=Reading.OUT),
)
WORDS = {
    "in_words": Labels(Wording("en", "On"), Wording("de", "Ein")),
    "out_words": Labels(Wording("en", "Off"), Wording("de", "Aus")),
}


def setting(*, on_means: Reading = Reading.IN) -> Setting:
    control = Switch(labels=LABELS, keys=(("id", "training"),), on_means=on_means, **WORDS)
    return Setting(
        name="ai-training",
        title="Training",
        asks="May we?",
        out_means="They may not.",
        control=control,
        places=("/ai",),
        default=Reading.IN,
        sources=("https://exemplar.test",),
        last_verified="2026-11-01",
    )


def read(
    *,
    of: Setting | None = None,
    data: Reading | None = None,
    page_busy: bool = False,
    **facts: Any,
) -> Understood:
    given: dict[str, Any] = {"name": "Train on my posts", "keys": {"id": "training"}, **facts}
    control = ControlSeen(frame=0, index=0, role="switch", **given)
    seen = PageSeen(language="en", path="/ai", busy=page_busy, controls=(control,))
    return understand(of or setting(), seen, at_its_place=True, stated=data)


@pytest.mark.parametrize(
    ("on_means", "checked", "reading"),
    [
        (Reading.IN, True, Reading.IN),
        (Reading.IN, False, Reading.OUT),
        (Reading.OUT, True, Reading.OUT),
        (Reading.OUT, False, Reading.IN),
    ],
)
def test_what_on_means_is_the_controls_to_say(
    on_means: Reading, checked: bool, reading: Reading
) -> None:
    assert read(of=setting(on_means=on_means), checked=checked).observation.reading is reading


@pytest.mark.parametrize(("checked", "reading"), [(True, Reading.OUT), (False, Reading.IN)])
def test_a_wording_that_turns_the_question_round_turns_the_reading(
    checked: bool, reading: Reading
) -> None:
    seen = read(name="Keep my posts out of training", checked=checked)
    assert seen.observation.reading is reading


@pytest.mark.parametrize(("stated", "reading"), [("true", Reading.IN), ("false", Reading.OUT)])
def test_a_control_without_a_box_is_read_from_what_it_states(stated: str, reading: Reading) -> None:
    assert read(checked=None, stated=stated).observation.reading is reading


@pytest.mark.parametrize(
    ("facts", "detail"),
    [
        ({"checked": None}, "it has no state"),
        ({"checked": True, "stated": "mixed"}, 'its state is "mixed"'),
        ({"checked": True, "stated": "false"}, "the box and its stated state disagree"),
        ({"checked": False, "stated": "true"}, "the box and its stated state disagree"),
        (
            {"checked": False, "beside": ("Train on my posts", "On")},
            'the control shows "out" and the word beside it is "On"',
        ),
        (
            {"checked": True, "beside": ("Aus",)},
            'the control shows "in" and the word beside it is "Aus"',
        ),
    ],
)
def test_what_contradicts_itself_is_unknown(facts: dict[str, Any], detail: str) -> None:
    observation = read(**facts).observation
    assert (observation.reading, observation.why) == (Reading.UNKNOWN, Why.STATE_UNCLEAR)
    assert observation.detail == detail


@pytest.mark.parametrize("word", ["Off", "Aus", "Something", "Onward"])
def test_words_that_do_not_contradict_change_nothing(word: str) -> None:
    assert read(checked=False, beside=(word,)).observation.reading is Reading.OUT


def test_the_pages_own_data_can_contradict_the_control() -> None:
    seen = read(checked=False, data=Reading.IN)
    assert (seen.observation.reading, seen.firm) == (Reading.UNKNOWN, False)


@pytest.mark.parametrize(("data", "firm"), [(Reading.OUT, True), (None, False)])
def test_the_pages_own_data_makes_a_reading_firm(data: Reading | None, firm: bool) -> None:
    seen = read(checked=False, data=data)
    assert (seen.observation.reading, seen.firm) == (Reading.OUT, firm)


@pytest.mark.parametrize("facts", [{"busy": True}, {"page_busy": True}], ids=["control", "page"])
def test_what_is_still_loading_is_unknown(facts: dict[str, Any]) -> None:
    seen = read(checked=False, data=Reading.OUT, **facts)
    assert (seen.observation.reading, seen.firm) == (Reading.UNKNOWN, False)


@pytest.mark.parametrize(("checked", "locked"), [(True, Reading.IN), (False, Reading.OUT)])
def test_a_locked_control_tells_what_it_is_locked_to(checked: bool, locked: Reading) -> None:
    seen = read(checked=checked, disabled=True)
    assert (seen.observation.reading, seen.observation.locked) == (Reading.MANAGED, locked)
    assert seen.press is None


def test_a_control_that_is_not_found_leaves_nothing_to_press() -> None:
    seen = read(name="Something else", keys={}, checked=False)
    assert (seen.observation.reading, seen.control, seen.press) == (Reading.UNKNOWN, None, None)


def test_a_reading_says_what_it_rests_on() -> None:
    observation = read(checked=True).observation
    assert (observation.label, observation.language, observation.anchors, observation.path) == (
        "Train on my posts",
        "en",
        ("key", "label", "being alone on its page"),
        "/ai",
    )
