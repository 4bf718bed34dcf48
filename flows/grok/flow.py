"""Grok.com: "Improve the Model", on by default outside the EEA and the United Kingdom."""

from __future__ import annotations

from optout.flow import (
    Flow,
    Labels,
    Mode,
    Reading,
    Scene,
    SceneKind,
    Setting,
    SignIn,
    Toggle,
    Wording,
)


class Grok(Flow):
    """Facts as of 2026-10. Grok on X has a setting of its own: see the flow for X."""

    name = "grok"
    title = "Grok.com"
    version = "2026-11-22"
    origin = "https://grok.com"
    hosts = ("cdn.grok.com",)
    default_mode = Mode.ATTENDED
    mode_note = (
        "No source says where its pages name the person, and its terms were not read through for tools "
        "like this one, so you sign in and stay at the window."
    )
    terms = (
        "No ban on operating one's own settings was found; the terms were not read through. The same "
        "switch can be set by hand at https://grok.com/?_s=data"
    )
    practice = "optout_flows.grok.practice.site:site"

    sign_in = SignIn(path="/sign-in", hosts=("accounts.x.ai",))
    identity_note = "No source says where its pages name the person."
    scenes = (
        Scene(kind=SceneKind.SIGNED_OUT, paths=("/sign-in*",)),
        Scene(
            kind=SceneKind.SIGNED_OUT,
            marks=('a[href*="/sign-in"]', 'a[href*="accounts.x.ai"]'),
        ),
        Scene(kind=SceneKind.SIGNED_IN, paths=("/",)),
    )
    settings = (
        Setting(
            name="ai-training",
            title="Improve the Model",
            asks="May xAI train its models on what you give Grok and what it answers?",
            out_means="xAI may not train its models on new conversations of yours on Grok.com.",
            control=Toggle(
                labels=Labels("Improve the Model"),
                section=Labels("Data Controls", Wording("es", "Controles de datos")),
            ),
            places=("/?_s=data",),
            default=Reading.IN,
            default_note="outside the EEA and the United Kingdom; companies and authorities: hidden",
            regions=(
                "EU, Iceland, Liechtenstein, Norway, United Kingdom: off by default (not Switzerland)",
            ),
            retroactive_note="Conversations you rate with a thumb can still be used.",
            sources=(
                "https://github.com/RachaelQuisel/ai-privacy-settings-check (vendor notes, 2026-10-02)",
                "the sign-in address and the links shown to strangers, in public code (2025 and 2026)",
            ),
            last_verified="2026-10-02",
        ),
    )
