"""The practice site of this platform: a select menu that saves at once, and a form on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.model import Why
from optout.practice.expectations import needs
from optout.practice.kit import Challenge, Control, Door, Extra, Platform, Shape, practice_site

if TYPE_CHECKING:
    from optout.practice.site import PracticeSite

PLATFORM = Platform(
    name="github",
    door=Door(
        path="/login",
        user={"id": "login_field", "name": "login"},
        password={"id": "password", "name": "password"},
        challenges={
            "challenge-email-code": Challenge(
                path="/sessions/verified-device", code={"id": "otp", "name": "otp"}
            ),
            "challenge-authenticator": Challenge(
                path="/sessions/two-factor/app", code={"id": "app_totp", "name": "app_otp"}
            ),
        },
    ),
    places=("/settings/copilot/features", "/settings/copilot"),
    control=Control(
        shape=Shape.SELECT_MENU,
        label="Allow GitHub to use my data for AI model training",
        heading="Privacy",
        choices=("Enabled", "Disabled"),
    ),
    extras=(Extra(name="spaces", label="Copilot Spaces Individual Access"),),
    saving=("PUT", "/practice/save"),
    head='<meta name="user-login" content="{{ name }}">',
    who="<p>{{ name }}</p>",
)
# The mark that names the person is the one that says somebody is signed in.
EXPECTED = {"nobody-named": needs(Why.TIMED_OUT)}


def site(*, slow_seconds: float = 10.0) -> PracticeSite:
    """A new practice site with no accounts."""
    return practice_site(PLATFORM, slow_seconds=slow_seconds)
