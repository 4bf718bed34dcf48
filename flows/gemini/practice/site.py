"""The practice site of this platform: a menu with what opts out beside what deletes, and a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.practice.kit import Control, Door, Extra, Platform, Shape, practice_site

if TYPE_CHECKING:
    from optout.practice.site import PracticeSite

PLATFORM = Platform(
    name="gemini",
    door=Door(path="/practice/door", elsewhere=True),
    places=("/product/gemini",),
    control=Control(
        shape=Shape.MENU_ITEM,
        label="Turn off your Keep Activity setting",
        heading="Keep activity",
        choices=("Turn off 1 step", "Turn on 1 step"),
        destroys="Turn off and delete activity 2 steps",
        asks=("Keep activity will be changed", "Got it"),
    ),
    older=Control(
        shape=Shape.SWITCH,
        label="Gemini Apps Activity",
        heading="Gemini Apps Activity",
        asks=("Gemini Apps Activity will be changed", "Got it"),
    ),
    extras=(
        Extra(
            name="recordings",
            label="Improve Google services with your audio and Gemini Live videos & screenshares",
            on=False,
            shape=Shape.CHECKBOX,
        ),
    ),
    saving=("POST", "/practice/keep-activity"),
    home="/product/gemini",
)


def site(*, slow_seconds: float = 10.0) -> PracticeSite:
    """A new practice site with no accounts."""
    return practice_site(PLATFORM, slow_seconds=slow_seconds)
