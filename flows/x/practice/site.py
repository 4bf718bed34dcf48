"""The practice site of this platform: three boxes that save at once, above a button that deletes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.practice.kit import Control, Door, Extra, Platform, Shape, practice_site

if TYPE_CHECKING:
    from optout.practice.site import PracticeSite

PLATFORM = Platform(
    name="x",
    door=Door(path="/i/flow/login"),
    places=("/settings/grok_settings",),
    control=Control(
        shape=Shape.CHECKBOX,
        label=(
            "Allow your public data as well as your interactions, inputs, and results with Grok and xAI "
            "to be used for training and fine-tuning"
        ),
        label_old=(
            "Allow your posts as well as your interactions, inputs, and results with Grok to be used "
            "for training and fine-tuning"
        ),
        heading="Grok & Third-party Collaborators",
        key=("aria-describedby", "CHECKBOX_1_LABEL"),
        destroys="Delete conversation history",
    ),
    extras=(
        Extra(name="personalization", label="Allow X to personalize your experience with Grok"),
        Extra(name="memory", label="Allow Grok to remember your conversation history"),
    ),
    saving=("POST", "/i/api/graphql/XaiDataSharingSettingsMutation"),
    who=(
        '{% if name %}<a class="top__link" data-testid="AppTabBar_Profile_Link" '
        'href="/{{ name|replace(" ", "_") }}">Profile</a>{% endif %}'
    ),
)


def site(*, slow_seconds: float = 10.0) -> PracticeSite:
    """A new practice site with no accounts."""
    return practice_site(PLATFORM, slow_seconds=slow_seconds)
