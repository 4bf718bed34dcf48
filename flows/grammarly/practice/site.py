"""The practice site of this platform: a switch that saves at once, at one of two addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.practice.kit import Control, Door, Platform, Shape, practice_site

if TYPE_CHECKING:
    from optout.practice.site import PracticeSite

PLATFORM = Platform(
    name="grammarly",
    door=Door(path="/login"),
    places=("/security/privacy", "/admin/data_settings"),
    control=Control(
        shape=Shape.SWITCH,
        label="Product Improvement and Training",
        label_old="Product Improvement & Training",
        heading="Security & Privacy",
    ),
    saving=("POST", "/practice/data-settings"),
)


def site(*, slow_seconds: float = 10.0) -> PracticeSite:
    """A new practice site with no accounts."""
    return practice_site(PLATFORM, slow_seconds=slow_seconds)
