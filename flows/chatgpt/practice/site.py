"""The practice site of this platform: a switch in a dialog that another dialog opens."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from optout.practice.kit import Control, Door, Platform, Shape, practice_site

if TYPE_CHECKING:
    from optout.practice.site import PracticeSite

PLATFORM = Platform(
    name="chatgpt",
    door=Door(path="/auth/login"),
    places=("/settings/data-controls", "/#settings/DataControls"),
    control=Control(
        shape=Shape.SWITCH,
        label="Improve the model for everyone",
        key=("data-testid", "improve-model-toggle"),
    ),
    saving=("PATCH", "/backend-api/settings/account_user_setting"),
    who=(
        '<button type="button" class="button" data-testid="accounts-profile-button" '
        'data-opens="profile-menu" data-on="pointerdown">'
        '<span class="truncate">{{ name }}</span></button>'
    ),
    pages=Path(__file__).parent / "pages",
)


def site(*, slow_seconds: float = 10.0) -> PracticeSite:
    """A new practice site with no accounts."""
    return practice_site(PLATFORM, slow_seconds=slow_seconds)
