"""A platform that does not exist: its flow and its practice site, for the shape that is to be tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optout.flow import (
    Flow,
    IdentityMark,
    Labels,
    Mode,
    Reading,
    Scene,
    SceneKind,
    Setting,
    SignIn,
    Why,
)
from optout.flow.contract import problems
from optout.practice.kit import Control, Door, Platform

if TYPE_CHECKING:
    from optout.flow import Control as Known
    from optout.practice.kit import Shape

LABEL, HEADING = "Train on what I write", "Training"
BY_WORDS: dict[str, Any] = {"labels": Labels(LABEL), "section": Labels(HEADING)}
FIELDS = ("input[name=login]", "input[name=word]")


def flow_of(control: Known, *, setting: dict[str, Any] | None = None, **facts: Any) -> Flow:
    """A flow with one setting."""
    of_setting: dict[str, Any] = {
        "name": "ai-training",
        "title": LABEL,
        "asks": "May this be used?",
        "out_means": "It may not.",
        "control": control,
        "places": ("/settings",),
        "default": Reading.IN,
        "sources": ("made up",),
        "last_verified": "2026-11-22",
    }
    known: dict[str, Any] = {
        "name": "made-up",
        "title": "Made up",
        "version": "2026-11-22",
        "origin": "https://made-up.example",
        "mode_note": "It is made up.",
        "default_mode": Mode.ATTENDED,
        "terms": "There are none.",
        "practice": "none:none",
        "sign_in": SignIn(
            path="/enter",
            user=FIELDS[:1],
            password=FIELDS[1:],
            proceed=Labels("Continue"),
            submit=Labels("Sign in"),
        ),
        "identity": (IdentityMark(".name"),),
        "scenes": (
            Scene(kind=SceneKind.PERSON_ONLY, why=Why.CHALLENGE, paths=("/practice/challenge*",)),
            Scene(kind=SceneKind.SIGN_IN_FORM, paths=("/enter",), marks=FIELDS),
            Scene(kind=SceneKind.SIGNED_OUT, paths=("/enter", "/practice/*")),
            Scene(kind=SceneKind.SIGNED_IN, marks=(".top",)),
        ),
        "settings": (Setting(**{**of_setting, **(setting or {})}),),
    }
    flow: Flow = type("MadeUp", (Flow,), {**known, **facts})()
    assert problems(flow) == []
    return flow


def platform_of(shape: Shape, *, control: dict[str, Any] | None = None, **facts: Any) -> Platform:
    """The practice site's side of it."""
    known: dict[str, Any] = {
        "name": "made-up",
        "door": Door(path="/enter", password={"name": "word"}, two_pages=True),
        "places": ("/settings",),
        "control": Control(**{"shape": shape, "label": LABEL, "heading": HEADING, **(control or {})}),
        "saving": ("POST", "/api/settings"),
        "who": '<span class="name">{{ name }}</span>',
    }
    return Platform(**{**known, **facts})
