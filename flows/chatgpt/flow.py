"""ChatGPT: "Improve the model for everyone", on by default, for what comes after only."""

from __future__ import annotations

from optout.flow import (
    Flow,
    IdentityMark,
    Labels,
    Mode,
    Opener,
    Reading,
    Scene,
    SceneKind,
    Setting,
    SignIn,
    Switch,
    Wording,
)

PROFILE = '[data-testid="accounts-profile-button"]'


def _opener(test_id: str) -> Opener:
    return Opener(keys=(("data-testid", test_id),))


class ChatGPT(Flow):
    """Facts as of 2026-10."""

    name = "chatgpt"
    title = "ChatGPT"
    version = "2026-11-22"
    origin = "https://chatgpt.com"
    default_mode = Mode.GUIDED
    mode_note = (
        "OpenAI's terms bar some automated use and its sign-in is behind Cloudflare, so you sign in and "
        "flip the switch; optout checks that it stayed."
    )
    terms = "The terms bar automated extraction. By hand: https://chatgpt.com/settings/data-controls"
    practice = "optout_flows.chatgpt.practice.site:site"

    sign_in = SignIn(path="/auth/login")
    identity = (IdentityMark(f"{PROFILE} .truncate"),)
    scenes = (
        Scene(kind=SceneKind.SIGNED_OUT, paths=("/auth/*",)),
        Scene(kind=SceneKind.SIGNED_IN, marks=(PROFILE,)),
    )
    settings = (
        Setting(
            name="ai-training",
            title="Improve the model for everyone",
            asks="May OpenAI use what you write in ChatGPT to train its models?",
            out_means="OpenAI may not train its models on new conversations of yours.",
            control=Switch(
                labels=Labels(
                    "Improve the model for everyone",
                    Wording("de", "Das Modell für alle verbessern"),
                    Wording("fr", "Améliorer le modèle pour tous"),
                    Wording("es", "Mejorar el modelo para todos"),
                    Wording("zh", "为所有用户改进模型"),
                ),
                keys=(("data-testid", "improve-model-toggle"),),
            ),
            places=("/settings/data-controls", "/#settings/DataControls"),
            opens=(
                _opener("accounts-profile-button"),
                _opener("settings-menu-item"),
                _opener("data-controls-tab"),
                _opener("improve-model-open-modal-button"),
            ),
            default=Reading.IN,
            default_note="for Free, Go, Plus and Pro; off by contract for Business, Enterprise, Edu",
            retroactive=False,
            retroactive_note="Conversations you rate with a thumb can still be used.",
            sources=(
                "https://github.com/RachaelQuisel/ai-privacy-settings-check (2026-10-02)",
                "https://github.com/brave/psst-component (2026-08-05)",
            ),
            last_verified="2026-10-02",
        ),
    )
