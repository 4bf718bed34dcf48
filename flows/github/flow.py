"""GitHub: "Allow GitHub to use my data for AI model training", on by default since 2026-04-24."""

from __future__ import annotations

from optout.flow import (
    Flow,
    IdentityMark,
    Labels,
    Reading,
    Scene,
    SceneKind,
    Select,
    Setting,
    SignIn,
    Why,
)

PASSWORD = ("input#password",)


class GitHub(Flow):
    """Facts as of 2026-09."""

    name = "github"
    title = "GitHub Copilot"
    version = "2026-11-22"
    origin = "https://github.com"
    hosts = ("github.githubassets.com",)
    mode_note = "GitHub's terms were not read through for tools like this one, so you sign in yourself."
    terms = "No ban was found. By hand: https://github.com/settings/copilot/features"
    practice = "optout_flows.github.practice.site:site"

    sign_in = SignIn(
        path="/login",
        user=("input#login_field",),
        password=PASSWORD,
        submit=Labels("Sign in"),
        code=("input#app_totp",),
    )
    # The tag is there with nothing in it while nobody is signed in.
    identity = (IdentityMark("meta[name=user-login]", "content"),)
    scenes = (
        Scene(kind=SceneKind.PERSON_ONLY, why=Why.EMAIL_CODE, paths=("/sessions/verified-device*",)),
        Scene(kind=SceneKind.ONE_TIME_CODE, why=Why.AUTHENTICATOR_CODE, marks=("input#app_totp",)),
        Scene(kind=SceneKind.PERSON_ONLY, why=Why.CHALLENGE, paths=("/sessions/two-factor*",)),
        Scene(kind=SceneKind.SIGN_IN_FORM, paths=("/login", "/session"), marks=PASSWORD),
        Scene(kind=SceneKind.SIGNED_OUT, paths=("/login", "/session")),
        Scene(kind=SceneKind.SIGNED_IN, traces=('meta[name=user-login]:not([content=""])',)),
        Scene(kind=SceneKind.SIGNED_OUT, traces=('meta[name=user-login][content=""]',)),
    )
    settings = (
        Setting(
            name="ai-training",
            title="Allow GitHub to use my data for AI model training",
            asks=(
                "May GitHub use your inputs to Copilot, its outputs and their context to train and "
                "improve AI models?"
            ),
            out_means="GitHub may not use new Copilot data of yours to train AI models.",
            control=Select(
                labels=Labels("Allow GitHub to use my data for AI model training"),
                section=Labels("Privacy"),
                out=Labels("Disabled"),
                inn=Labels("Enabled"),
            ),
            places=("/settings/copilot/features", "/settings/copilot"),
            default=Reading.IN,
            default_note="since 2026-04-24; who had opted out of product improvements before stays out",
            regions=("Copilot Business and Enterprise seats: not shown, and not used for training",),
            retroactive=False,
            retroactive_note="It may take 30 minutes to reach editors.",
            sources=(
                "https://github.com/github/docs (individual Copilot policies, 2026)",
                "text nodes of the live settings page in public code, 2026-09-27",
                "https://github.com/StellarSand/privacy-settings (2026-06-23)",
                "sign-in: field ids in public test and automation code, 2026",
            ),
            last_verified="2026-09-27",
        ),
    )
