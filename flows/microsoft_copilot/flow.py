"""Microsoft Copilot for people: two switches, which the app of 2026-08-18 and later does not have."""

from __future__ import annotations

from optout.flow import Flow, Labels, Reading, Scene, SceneKind, Setting, SignIn, Toggle

WAY = 'your profile icon, then your name, then "Privacy"'
ABSENCE = (
    "The app of 2026-08-18 and later has no such switch, and Microsoft says that it does not train "
    "there. No list is known that would prove which it is"
)
REGIONS = (
    "Brazil, China (not Hong Kong), Israel, Nigeria, South Korea, Vietnam: not used for training",
)
SOURCES = (
    "https://github.com/RachaelQuisel/ai-privacy-settings-check (vendor notes, 2026-10-02)",
    "https://support.microsoft.com/en-us/microsoft-copilot/microsoft-copilot-privacy-controls",
    "https://support.microsoft.com/en-us/privacy/microsoft-copilot/privacy-controls (the newer app)",
)


def _toggle(*wordings: str) -> Toggle:
    return Toggle(labels=Labels(*wordings), section=Labels("Privacy"))


class MicrosoftCopilot(Flow):
    """Facts as of 2026-10. No source has an address, a role or a test id of anything here."""

    name = "microsoft-copilot"
    title = "Microsoft Copilot"
    version = "2026-11-22"
    origin = "https://copilot.microsoft.com"
    mode_note = (
        "No source says how a program would find the way to the switches, or who is signed in, so you "
        "sign in and open them; optout reads, switches off, and checks that it stayed."
    )
    terms = (
        "No ban on operating one's own settings was found; the terms were not read through. The same "
        "switches can be set by hand: profile icon, your name, Privacy."
    )
    practice = "optout_flows.microsoft_copilot.practice.site:site"

    sign_in = SignIn(path="/")
    identity_note = "No source says where its pages name the person."
    scenes = (Scene(kind=SceneKind.SIGNED_IN, paths=("/*",)),)
    settings = (
        Setting(
            name="ai-training",
            title="Training on conversation activity",
            asks="May Microsoft train its models on your conversations with Copilot?",
            out_means="Microsoft may not train its models on new Copilot conversations of yours.",
            control=_toggle("Training on conversation activity", "Model training on text"),
            places=("/",),
            way=WAY,
            absence=ABSENCE,
            default=Reading.IN,
            default_note="in the app before 2026-08-18",
            regions=REGIONS,
            retroactive=False,
            retroactive_note="It must be repeated in every app.",
            sources=SOURCES,
            last_verified="2026-10-02",
        ),
        Setting(
            name="voice-training",
            title="Training on voice conversations",
            asks="May Microsoft train its models on what you say to Copilot?",
            out_means="Microsoft may not train its models on new spoken conversations of yours.",
            control=_toggle("Training on voice conversations", "Model training on voice"),
            places=("/",),
            way=WAY,
            absence=ABSENCE,
            default=Reading.UNKNOWN,
            regions=REGIONS,
            retroactive=False,
            sources=SOURCES,
            last_verified="2026-10-02",
        ),
    )
