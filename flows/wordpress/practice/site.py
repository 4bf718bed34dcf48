"""The practice site of this platform: a box per site that is ticked to opt out, and a button to save."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from optout.practice.kit import Control, Door, Extra, Platform, Shape, practice_site

if TYPE_CHECKING:
    from optout.practice.site import PracticeSite

PLATFORM = Platform(
    name="wordpress",
    door=Door(path="/log-in", user={"name": "usernameOrEmail"}, elsewhere=True),
    places=("/sites",),
    objects=tuple(
        f"/sites/{name}.example/settings/site-visibility" for name in ("garden", "kitchen", "workshop")
    ),
    control=Control(
        shape=Shape.CHECKBOX,
        label="Prevent third-party sharing for this site",
        heading="Site visibility",
        inverted=True,
        save="Save",
    ),
    extras=(
        Extra(name="crawlers", label="Discourage search engines from indexing this site", on=False),
    ),
    withheld=(
        '<p><label><input type="radio" name="seen"> Public</label></p>'
        '<p><label><input type="radio" name="seen" checked> Private</label></p>'
    ),
    saving=("POST", "/rest/v1.4/sites/settings"),
    home="/sites",
    pages=Path(__file__).parent / "pages",
)


def site(*, slow_seconds: float = 10.0) -> PracticeSite:
    """A new practice site with no accounts."""
    return practice_site(PLATFORM, slow_seconds=slow_seconds)
