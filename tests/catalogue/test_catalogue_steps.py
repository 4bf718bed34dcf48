"""Steps to follow by hand: polarity said in words, and never guessed."""

from __future__ import annotations

from typing import Any

import pytest

from optout.catalogue.entry import Kind, Label, Setting
from optout.catalogue.load import load_catalogue
from optout.catalogue.steps import steps_of
from optout.model import Reading


def steps(**facts: Any) -> str:
    given: dict[str, Any] = {"kind": Kind.BROWSER, "name": "x", "title": "X", "sources": ("x",), **facts}
    return "\n".join(steps_of("Exemplar", Setting(**given)))


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"on_means": Reading.IN}, "Switch it off."),
        ({"on_means": Reading.OUT}, "Switch it ON: here, on means that you are out."),
        ({"choose": "Disabled", "on_means": Reading.IN}, "Choose: Disabled."),
        ({}, "Which way round it works is not known"),
        ({}, "Where it is, is not known."),
        ({"url": "https://example.org/a"}, "Open https://example.org/a and sign in."),
        ({"url": "https://example.org/a", "path": "A → B"}, "If it does not show there, go to: A → B"),
        ({"path": "A → B", "kind": Kind.GUIDE}, "Open Exemplar's app"),
        ({"save": "Press Save."}, "Press Save.\nLoad the page afresh"),
        ({"kind": Kind.FORM}, "submit it"),
    ],
)
def test_the_way_is_told_from_what_is_known(facts: dict[str, Any], said: str) -> None:
    assert said in steps(**facts)


def test_every_wording_is_named_with_where_it_is_worded_so() -> None:
    labels = (
        Label(language="en", text="Train"),
        Label(language="en", text="Learn", note="earlier"),
    )
    assert 'Find "Train" or "Learn" (earlier).' in steps(labels=labels)


def test_steps_that_are_written_down_are_kept_and_end_in_a_picture() -> None:
    said = steps(kind=Kind.FORM, steps=("First.", "Second."))
    assert said.startswith("First.\nSecond.\n")
    assert "screenshot" in said


def test_everything_that_is_done_by_hand_can_be_told() -> None:
    for name, entry in load_catalogue().items():
        for setting in entry.settings:
            if setting.kind not in (Kind.LETTER, Kind.NONE):
                assert len(steps_of(entry.title or name, setting)) >= 3, (name, setting.name)
