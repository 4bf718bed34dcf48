"""Google Gemini: "Keep activity", on by default; what opts out stands beside what deletes."""

from __future__ import annotations

from optout.flow import (
    Confirm,
    Flow,
    Labels,
    MenuItem,
    Mode,
    Reading,
    Scene,
    SceneKind,
    Setting,
    SignIn,
    Switch,
    Wording,
)

NAMES = ("Keep activity", "Gemini Apps Activity")  # the second is the earlier one
HEADING = Labels(*NAMES, Wording("he", "שמירת הפעילות"))


class Gemini(Flow):
    """Facts as of 2026-10."""

    name = "gemini"
    title = "Google Gemini"
    version = "2026-11-22"
    origin = "https://myactivity.google.com"
    default_mode = Mode.GUIDED
    mode_note = (
        "Google refuses sign-in in a browser that a program has opened: do it in your own then (optout "
        "guide gemini). Where it lets you in, you click, and optout checks that it stayed."
    )
    terms = (
        "Google refuses sign-in in a browser that is being automated. The same setting can be changed "
        "by hand at https://myactivity.google.com/product/gemini"
    )
    practice = "optout_flows.gemini.practice.site:site"

    sign_in = SignIn(path="/product/gemini", hosts=("accounts.google.com",))
    identity_note = "No source says where its pages name the person."
    scenes = (Scene(kind=SceneKind.SIGNED_IN, paths=("/product/gemini",)),)
    settings = (
        Setting(
            name="ai-training",
            title="Keep activity",
            asks="May Google train its models on your Gemini chats, and let people read some of them?",
            out_means="Google may not train on new Gemini chats of yours, and no person reviews them.",
            control=MenuItem(
                labels=Labels(Wording("en", "your Keep Activity setting", part="end")),
                section=HEADING,
                # Each item says in how many steps it is done; "Turn off and delete activity" is another.
                switches_out=Labels("Turn off", "Turn off 1 step", "Turn off1 step"),
                switches_in=Labels("Turn on", "Turn on 1 step", "Turn on1 step"),
            ),
            earlier=(Switch(labels=HEADING, section=HEADING),),
            places=("/product/gemini",),
            # A dialog that does not name the setting is left to the person.
            confirm=Confirm(
                asks=Labels(*(Wording("en", name, part="within") for name in NAMES)),
                button=Labels("Got it"),
            ),
            default=Reading.IN,
            default_note="from 18 on; at work and school the administrator decides",
            retroactive=False,
            retroactive_note="72 hours are kept anyway, reviewed chats up to 3 years.",
            sources=(
                "https://github.com/RachaelQuisel/ai-privacy-settings-check (vendor notes, 2026-10-02)",
                "https://support.google.com/gemini/answer/13278892",
                "a public clone measured on the live page, and public code that turns it off (2026)",
                "https://unanswered.io/guide/how-to-stop-google-gemini-from-using-your-data (Turn on)",
            ),
            last_verified="2026-10-02",
        ),
    )
