"""WordPress.com: "Prevent third-party sharing", one box per site, not ticked by default."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from optout.flow import (
    Checkbox,
    Flow,
    Labels,
    Opener,
    Reading,
    Scene,
    SceneKind,
    Setting,
    SignIn,
    Unless,
    Wording,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

SITE = re.compile(r"/sites/[^/]+")
LABEL = "Prevent third-party sharing for this site"


class WordPress(Flow):
    """Facts as of 2026, from the platform's own open source. Ticked means out here."""

    name = "wordpress"
    title = "WordPress.com"
    version = "2026-11-22"
    origin = "https://my.wordpress.com"
    hosts = ("public-api.wordpress.com",)
    mode_note = (
        "You sign in yourself, at wordpress.com. The dashboard names you only in a menu, so you stay at "
        "the window and vouch for who is signed in."
    )
    terms = (
        "No ban on operating one's own settings was found; the terms were not read through. The same "
        "box can be ticked by hand in each site's settings, under Site visibility."
    )
    practice = "optout_flows.wordpress.practice.site:site"

    sign_in = SignIn(path="/sites", hosts=("wordpress.com",))
    identity_note = "The dashboard names the person only in a menu that has to be opened."
    scenes = (
        Scene(kind=SceneKind.SIGNED_IN, marks=("img.dashboard-secondary-menu__avatar",)),
        Scene(kind=SceneKind.SIGNED_IN, paths=("/sites", "/sites/*")),
    )
    settings = (
        Setting(
            name="ai-training",
            title=LABEL,
            asks="May WordPress.com share your sites with partners, some of which train AI models?",
            out_means="WordPress.com may not share new content of these public sites for AI training.",
            control=Checkbox(
                labels=Labels(LABEL, Wording("en", "Prevent third-party sharing for ", part="start")),
                section=Labels("Site visibility"),
                on_means=Reading.OUT,
            ),
            places=("/sites",),
            save=Opener(labels=Labels("Save")),
            unless=Unless(chosen=Labels("Private", "Coming soon"), section=Labels("Site visibility")),
            default=Reading.IN,
            default_note="since 2024-02; ticked and locked where search engines are discouraged",
            sources=("https://github.com/Automattic/wp-calypso (site visibility and its tests, 2026)",),
            last_verified="2026-01-01",
        ),
    )

    def objects(self, setting: Setting, links: Sequence[str]) -> Sequence[str]:  # noqa: ARG002
        """A page per site, for every site that the list links to."""
        sites = dict.fromkeys(link for link in links if SITE.fullmatch(link))
        return tuple(f"{site}/settings/site-visibility" for site in sites)
