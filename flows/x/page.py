"""The page that the settings share: its words, and the two settings that are not about training."""

from __future__ import annotations

from optout.flow import Checkbox, Labels, Reading, Setting, Wording

PLACE = "/settings/grok_settings"
PAGE = ("Grok & Third-party Collaborators", Wording("fr", "Grok et collaborateurs tiers"))
SOURCES = (
    "https://github.com/RachaelQuisel/ai-privacy-settings-check (vendor notes, 2026-10-02)",
    "strings in X's own web application (2024 to 2026)",
    "the page as seen live, French interface, public note of 2026-09-23",
)
# Whole sentences, not the end they have in common: one that says the opposite would end alike.
TRAINING = Labels(
    Wording(
        "en",
        "Allow your public data as well as your interactions, inputs, and results with Grok and xAI to "
        "be used for training and fine-tuning",
        seen="2026-09/",
    ),
    Wording(
        "en",
        "Allow your posts as well as your interactions, inputs, and results with Grok to be used for "
        "training and fine-tuning",
        seen="2024-07/2024-12",
    ),
)
NEIGHBOURS = (
    Setting(
        name="grok-personalization",
        title="Allow X to personalize your experience with Grok",
        asks="May X share your profile and activity with xAI to personalize Grok?",
        out_means="X may not personalize Grok with your data.",
        control=Checkbox(
            labels=Labels("Allow X to personalize your experience with Grok"),
            section=Labels(*PAGE, "Grok Personalization"),
        ),
        places=(PLACE,),
        default=Reading.UNKNOWN,
        default_note="seen unticked on one account, 2026-09-23",
        sources=SOURCES,
        last_verified="2026-10-02",
    ),
    Setting(
        name="grok-memory",
        title="Allow Grok to remember your conversation history",
        asks="May Grok on X remember your conversations?",
        out_means="Grok on X may not remember your conversations.",
        control=Checkbox(
            labels=Labels("Allow Grok to remember your conversation history"),
            section=Labels(*PAGE),
        ),
        places=(PLACE,),
        default=Reading.UNKNOWN,
        default_note="seen unticked on one account, 2026-09-23; the box may be hidden",
        sources=SOURCES,
        last_verified="2026-10-02",
    ),
)
