"""The Data Processing Objection Form, which reaches further than the switch."""

from __future__ import annotations

from optout.flow import Form, Labels, Reading, Setting, Wording

OBJECTION = Setting(
    name="objection",
    title="Data Processing Objection Form",
    asks=(
        "Do you object (GDPR article 21) to processing that rests on legitimate or public interest? The "
        "switch covers models that create content only."
    ),
    out_means="You have objected to your data being used to train models that create content.",
    control=Form(
        login=Labels(
            Wording("en", "email", part="within"),
            Wording("en", "e-mail", part="within"),
        ),
        option=Labels(
            "Object to processing for training content-generating AI models",
            Wording(
                "nl",
                "Bezwaar maken tegen verwerking voor het trainen van AI-modellen die content genereren",
            ),
        ),
        by_person="your first and last name",
        answer="LinkedIn confirms it by e-mail",
    ),
    places=("/help/linkedin/ask/TS-DPRO",),
    default=Reading.IN,
    default_note="until an objection is sent; members and visitors may",
    sources=(
        "LinkedIn European Regional Privacy Notice, version of 2026-08-21",
        "https://legalclarity.org/how-to-fill-out-and-submit-the-linkedin-data-processing-objection-form/",
        "https://www.dutchcowboys.nl/socialmedia/linkedin-gaat-je-data-gewoon-gebruiken-om-ai-te-trainen",
        "https://particle.news/story/linkedin-to-use-user-posted-content-to-train-generative-ai-starting-nov-3",
    ),
    last_verified="2026-08-21",
)
