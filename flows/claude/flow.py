"""Claude: "Help improve our AI models", whose default nobody agrees on, for new chats only."""

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


class Claude(Flow):
    """Facts as of 2026-10."""

    name = "claude"
    title = "Claude"
    version = "2026-11-22"
    origin = "https://claude.ai"
    default_mode = Mode.GUIDED
    mode_note = (
        "Anthropic's consumer terms bar automated access without an API key or permission, so you sign "
        "in and flip the switch; optout finds it, waits, and checks that it stayed."
    )
    terms = (
        "Consumer terms in force since 2025-10-08 bar access by automated means other than an API key "
        "or explicit permission. The same switch can be set by hand at "
        "https://claude.ai/settings/data-privacy-controls"
    )
    practice = "optout_flows.claude.practice.site:site"

    sign_in = SignIn(path="/login")  # Google, or a link or code by e-mail
    identity_note = "No source says where its pages name the person."
    scenes = (
        Scene(kind=SceneKind.SIGNED_OUT, paths=("/login*",)),
        Scene(kind=SceneKind.SIGNED_IN, marks=('button[data-testid="user-menu-button"]',)),
        Scene(kind=SceneKind.SIGNED_IN, paths=("/new", "/chat*", "/recents*", "/settings/*")),
    )
    settings = (
        Setting(
            name="ai-training",
            title="Help improve our AI models",
            asks="May Anthropic train its models on your chats and coding sessions?",
            out_means="Anthropic may not train its models on new or resumed chats of yours.",
            control=Toggle(
                labels=Labels(
                    Wording("en", "Help improve our AI models", seen="2026-10/"),
                    Wording("en", "Help improve Claude", seen="2025-08/2026-06"),
                    Wording("es", "Ayudar a mejorar nuestros modelos de IA"),
                ),
                section=Labels("Privacy", "Data privacy"),
            ),
            places=("/settings/data-privacy-controls", "/settings/privacy"),
            default=Reading.UNKNOWN,
            default_note=(
                "sources disagree: new members choose at sign-up; the question put to older ones in "
                "2025 was set to on beforehand"
            ),
            retroactive=False,
            retroactive_note=(
                "New and resumed chats only, kept 30 days and not 5 years; chats you rate, or that are "
                "flagged for safety, can still be used."
            ),
            sources=(
                "https://github.com/RachaelQuisel/ai-privacy-settings-check (vendor notes, 2026-10-02)",
                "https://privacy.claude.com/en/articles/12109829",
                "Anthropic's consumer terms (2025-10-08); screens described in public notes (2026)",
            ),
            last_verified="2026-10-02",
        ),
    )
