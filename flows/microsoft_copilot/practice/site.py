"""The practice site of this platform: two switches behind a menu that only a person finds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from optout.practice.kit import Control, Door, Extra, Platform, Shape, practice_site

if TYPE_CHECKING:
    from optout.practice.site import PracticeSite

PLATFORM = Platform(
    name="microsoft-copilot",
    door=Door(path="/practice/door"),
    places=("/",),
    control=Control(
        shape=Shape.SWITCH,
        label="Training on conversation activity",
        label_old="Model training on text",
        heading="Privacy",
    ),
    extras=(Extra(name="voice", label="Training on voice conversations"),),
    saving=("POST", "/practice/privacy"),
    pages=Path(__file__).parent / "pages",
)


def site(*, slow_seconds: float = 10.0) -> PracticeSite:
    """A new practice site with no accounts."""
    return practice_site(PLATFORM, slow_seconds=slow_seconds)
