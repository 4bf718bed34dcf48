"""The practice site of this platform: a switch among others that saves at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.practice.kit import Control, Door, Extra, Platform, Shape, practice_site

if TYPE_CHECKING:
    from optout.practice.site import PracticeSite

PLATFORM = Platform(
    name="claude",
    door=Door(path="/login"),
    places=("/settings/data-privacy-controls", "/settings/privacy"),
    control=Control(
        shape=Shape.SWITCH,
        label="Help improve our AI models",
        label_old="Help improve Claude",
        heading="Privacy",
    ),
    extras=(Extra(name="location", label="Location metadata"),),
    saving=("PATCH", "/api/oauth/account/settings"),
    who='<button type="button" class="button" data-testid="user-menu-button">Plan</button>',
    home="/new",
)


def site(*, slow_seconds: float = 10.0) -> PracticeSite:
    """A new practice site with no accounts."""
    return practice_site(PLATFORM, slow_seconds=slow_seconds)
