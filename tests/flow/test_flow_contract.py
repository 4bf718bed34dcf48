"""What a flow must keep to: one sentence for each thing that it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from optout.flow import (
    Choice,
    Confirm,
    Form,
    IdentityMark,
    Labels,
    MenuItem,
    Mode,
    Opener,
    Scene,
    SceneKind,
    Select,
    Switch,
    Unless,
    Wording,
)
from optout.flow.contract import problems
from optout.flow.discovery import discover
from optout.model import Reading
from tests.workshop import flow as shapes
from tests.workshop.flow import Workshop, words

SAYS = Labels(Wording("en", "x"))


def changed(**facts: Any) -> Workshop:
    """The workshop with other facts."""
    flow: Workshop = type("Changed", (Workshop,), facts)()
    return flow


def with_setting(**facts: Any) -> Workshop:
    """The workshop with one setting, which is different."""
    return changed(settings=(replace(shapes.AUTO, **facts),))


def test_every_installed_flow_is_sound() -> None:
    assert discover().broken == ()


def test_the_workshop_is_sound_in_all_its_shapes() -> None:
    assert problems(Workshop()) == []


@pytest.mark.parametrize(
    "fact",
    [
        *("name", "title", "version", "origin", "sign_in", "scenes", "settings", "terms", "practice"),
    ],
)
def test_a_fact_that_is_missing_is_named(fact: str) -> None:
    assert problems(changed(**{fact: ""})) == [f"it does not say its {fact}"]


FACTS: dict[str, tuple[dict[str, Any], str]] = {
    "name": ({"name": "Work Shop"}, "lower-case letters"),
    "plain http": ({"origin": "http://workshop.example"}, "must be https://"),
    "origin with a path": ({"origin": "https://workshop.example/x"}, "nothing more"),
    "origin with a user": ({"origin": "https://a@workshop.example"}, "nothing more"),
    "hosts with wildcards": ({"hosts": ("*.example",)}, "exact host names"),
    "mode without a reason": ({"default_mode": Mode.GUIDED}, "say why"),
    "no pace": ({"pace_s": 0}, "positive"),
    "no date": ({"version": "today"}, "ISO date"),
    "sign-in path": ({"sign_in": replace(Workshop.sign_in, path="enter")}, "begin with /"),
    "no way in": (
        {"sign_in": replace(Workshop.sign_in, password=())},
        "only a person passes cannot be the automatic",
    ),
    "a password for nobody": ({"sign_in": replace(Workshop.sign_in, user=())}, "no login field"),
    "sign-in hosts": (
        {"sign_in": replace(Workshop.sign_in, hosts=("https://id.example",))},
        "sign-in hosts must be exact",
    ),
    "nobody named": (
        {"identity": (), "default_mode": Mode.ATTENDED, "mode_note": "x"},
        "or why that is not known (identity_note)",
    ),
    "nobody named and nobody there": (
        {"identity": (), "identity_note": "No source says."},
        "somebody must be there",
    ),
    "two of one name": ({"settings": (shapes.AUTO, shapes.AUTO)}, "one name"),
    "a group's name": ({"settings": (replace(shapes.AUTO, group="All of it"),)}, "the group"),
    "a group and a setting": (
        {"settings": (replace(shapes.AUTO, group=shapes.MENU.name), shapes.MENU)},
        "names a setting and a group",
    ),
    "a way and nobody to open it": ({"settings": (replace(shapes.AUTO, way="x"),)}, "must be there"),
    "no signed-in scene": ({"scenes": Workshop.scenes[:-1]}, "no scene tells signed-in"),
    "no challenge": ({"scenes": Workshop.scenes[1:]}, "no scene tells person-only"),
    "a scene that fits all": (
        {"scenes": (*Workshop.scenes, Scene(kind=SceneKind.SIGNED_OUT))},
        "fits every page",
    ),
    "signed in by address only": (
        {"scenes": (*Workshop.scenes, Scene(kind=SceneKind.SIGNED_IN, paths=("/x",)))},
        "told by a mark",
    ),
    "challenge without a reason": (
        {"scenes": (*Workshop.scenes, Scene(kind=SceneKind.PERSON_ONLY, paths=("/x",)))},
        "must say why",
    ),
}


@pytest.mark.parametrize("kind", FACTS)
def test_what_is_wrong_about_the_platform_is_said(kind: str) -> None:
    facts, sentence = FACTS[kind]
    (problem,) = problems(changed(**facts))
    assert sentence in problem


SETTINGS: dict[str, tuple[dict[str, Any], str]] = {
    "name": ({"name": "AI training"}, "lower-case letters"),
    "no place": ({"places": ()}, "places must be"),
    "place elsewhere": ({"places": ("https://workshop.example/x",)}, "places must be"),
    "no source": ({"sources": ()}, "names no source"),
    "no date": ({"last_verified": "2026"}, "ISO date"),
    "opener without anything": ({"opens": (Opener(),)}, "neither labels nor keys"),
    "save without anything": ({"save": Opener()}, "neither labels nor keys"),
    "question without words": ({"confirm": Confirm(asks=Labels(), button=SAYS)}, "one is missing"),
    "question without a button": ({"confirm": Confirm(asks=SAYS, button=Labels())}, "one is missing"),
    "one anchor": ({"control": Switch(labels=SAYS)}, "at least two of"),
    "one anchor on an older page": ({"earlier": (Switch(labels=SAYS),)}, "at least two of"),
    "something in its place, nowhere": (
        {"unless": Unless(chosen=SAYS, section=Labels())},
        "one is missing",
    ),
    "half a form": (
        {"control": Form(login=SAYS, option=Labels(), by_person="", answer="")},
        "one is missing",
    ),
    "no polarity": (
        {"control": Switch(labels=SAYS, section=SAYS, on_means=Reading.UNKNOWN)},
        "on_means",
    ),
    "one option": (
        {"control": Select(labels=SAYS, section=SAYS, out=SAYS, inn=Labels())},
        "option that opts out",
    ),
    "one menu item": (
        {"control": MenuItem(labels=SAYS, section=SAYS, switches_out=SAYS, switches_in=Labels())},
        "both menu items",
    ),
    "list with one neighbour": (
        {"listing": replace(shapes.ABSENT.listing, neighbours=("a",))},  # type: ignore[type-var]
        "two neighbours",
    ),
    "list elsewhere": (
        {"listing": replace(shapes.ABSENT.listing, path="all")},  # type: ignore[type-var]
        "listing's path",
    ),
}


@pytest.mark.parametrize("kind", SETTINGS)
def test_what_is_wrong_about_a_setting_is_said(kind: str) -> None:
    facts, sentence = SETTINGS[kind]
    (problem,) = problems(with_setting(**facts))
    assert sentence in problem


def test_the_options_of_a_choice_are_its_labels() -> None:
    assert not problems(with_setting(control=Choice(section=words("AI"), out=SAYS, inn=SAYS)))


def test_everything_that_is_wrong_is_said_at_once() -> None:
    wrong = changed(origin="http://x", pace_s=-1, identity=(IdentityMark(".x"),))
    assert len(problems(wrong)) == 2
