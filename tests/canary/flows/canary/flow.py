"""The flow of the canary site: a password, a one-time code, one box."""

from __future__ import annotations

from optout.flow import (
    Checkbox,
    Flow,
    IdentityMark,
    Labels,
    Mode,
    Reading,
    Scene,
    SceneKind,
    Setting,
    SignIn,
    Why,
    Wording,
)


class Canary(Flow):
    """Made up, and full of secrets."""

    name = "canary"
    title = "Canary"
    version = "2026-11-22"
    origin = "https://canary.example"
    default_mode = Mode.AUTOMATIC
    terms = "There are none."
    practice = "tests.canary.site:site"
    sign_in = SignIn(
        path="/enter",
        user=("#login",),
        password=("input[type=password]",),
        submit=Labels(Wording("en", "Sign in")),
        code=("#code",),
        code_submit=("#send",),
    )
    identity = (IdentityMark("#who"),)
    scenes = (
        Scene(kind=SceneKind.PERSON_ONLY, why=Why.CHALLENGE, paths=("/challenge",)),
        Scene(kind=SceneKind.ONE_TIME_CODE, why=Why.AUTHENTICATOR_CODE, paths=("/code",)),
        Scene(kind=SceneKind.SIGN_IN_FORM, paths=("/enter",), marks=("input[type=password]",)),
        Scene(kind=SceneKind.SIGNED_OUT, paths=("/enter",)),
        Scene(kind=SceneKind.SIGNED_IN, marks=("#who",)),
    )
    settings = (
        Setting(
            name="training",
            title="Training",
            asks="May what you write be used for training?",
            out_means="It may not be used.",
            control=Checkbox(
                labels=Labels(Wording("en", "Use what I write")),
                section=Labels(Wording("en", "Learning from you")),
            ),
            places=("/settings",),
            default=Reading.IN,
            sources=("made up",),
            last_verified="2026-11-22",
        ),
    )
