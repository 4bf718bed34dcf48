"""The practice site of this platform: a switch in a dialog that the address itself opens."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from optout.practice.kit import Control, Door, Extra, Platform, Shape, practice_site

if TYPE_CHECKING:
    from optout.practice.site import PracticeSite

PLATFORM = Platform(
    name="grok",
    door=Door(path="/sign-in", stays=True),
    places=("/?_s=data",),
    control=Control(shape=Shape.SWITCH, label="Improve the Model", heading="Data Controls"),
    extras=(
        Extra(name="personalize", label="Personalize Grok using 𝕏"),
        Extra(name="links", label="Allow chat link sharing"),
    ),
    saving=("POST", "/rest/user-settings"),
    pages=Path(__file__).parent / "pages",
)


def site(*, slow_seconds: float = 10.0) -> PracticeSite:
    """A new practice site with no accounts."""
    return practice_site(PLATFORM, slow_seconds=slow_seconds)
