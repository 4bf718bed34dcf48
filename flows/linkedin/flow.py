"""LinkedIn: "Data for Generative AI Improvement", on by default, not retroactive."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from optout_flows.linkedin.labels import HEADING, LABEL, OFF, ON
from optout_flows.linkedin.neighbours import NEIGHBOURS
from optout_flows.linkedin.objection import OBJECTION
from optout_flows.linkedin.scenes import PASSWORD, SCENES

from optout.flow import (
    Flow,
    IdentityMark,
    Labels,
    Listing,
    Mode,
    Reading,
    Setting,
    SignIn,
    Switch,
    Wording,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KEY = "allowDataForGenerativeAI"
ROW = "data-for-ai-improvement"
PREFERENCES = "/mypreferences/d"


class LinkedIn(Flow):
    """Facts as of 2026-11; every label, address and key has a public source."""

    name = "linkedin"
    title = "LinkedIn"
    version = "2026-11-22"
    origin = "https://www.linkedin.com"
    embedded_data = "code"
    default_mode = Mode.ATTENDED
    mode_note = (
        "LinkedIn often answers a scripted sign-in with a challenge, and its User Agreement bars "
        "automated access; with you signing in yourself there is one visit, one click, one check."
    )
    terms = (
        "User Agreement of 2025-11-03, section 8.2: no. 13 bars bots and other unauthorised "
        "automated access, no. 1 bars copying cookies and using another's account. LinkedIn may "
        "restrict accounts. The same switch can be set by hand at "
        "https://www.linkedin.com/mypreferences/d/settings/data-for-ai-improvement"
    )
    pace_s = 60.0
    practice = "optout_flows.linkedin.practice.site:site"

    sign_in = SignIn(
        path="/login",
        leads_to="session_redirect",
        user=("input[autocomplete~=username]", "input#username"),
        password=PASSWORD,
        submit=Labels(Wording("en", "Sign in")),
        code=("input[name=pin]", "input.input_verification_pin"),
        code_submit=("#two-step-submit-button", "button.form__submit"),
        remembered_user="input[type=hidden][name=session_key]",
        polling_limit="#totalPollingTimeInSeconds",
        other_account=Labels(Wording("en", "Sign in using another account")),
        dismiss=(".artdeco-global-alert button[action-type=DENY]",),
        in_cookies_alone=True,  # the cookie li_at is the session
    )
    dismiss = sign_in.dismiss
    masks = ("img.global-nav__me-photo, #meMenuV2WideComponentRef [aria-label]",)
    identity = (
        IdentityMark("img.global-nav__me-photo", "alt"),
        IdentityMark("#meMenuV2WideComponentRef [aria-label]", "aria-label"),
    )

    scenes = SCENES

    settings = (
        Setting(
            name="ai-training",
            title="Data for Generative AI Improvement",
            asks=(
                "May LinkedIn and its affiliates use your personal data and the content you create "
                "to train generative AI models that create content?"
            ),
            out_means="LinkedIn may not use new data of yours to train content-creating AI models.",
            control=Switch(
                keys=(("aria-labelledby", KEY),),
                labels=LABEL,
                section=HEADING,
                on_means=Reading.IN,
                in_words=ON,
                out_words=OFF,
            ),
            places=(f"{PREFERENCES}/settings/{ROW}",),
            listing=Listing(
                path=f"{PREFERENCES}/categories/privacy",
                row=ROW,
                title=HEADING,
                neighbours=(
                    "policy-and-academic-research",
                    "demographic-info-copy",
                    "data-export-by-page-admins",
                    "discover-me-by-email-address",
                    "discover-me-by-phone-number",
                    "profile-visibility-for-partners",
                    "share-data-with-select-partners",
                ),
            ),
            default=Reading.IN,
            default_note="since 2024-09-18; since 2025-11-03 also in the regions below",
            regions=(
                "EU, EEA, Switzerland, Canada, Hong Kong: offered since 2025-11-03",
                "United Kingdom: the same switch also governs sharing with Microsoft for its AI",
                "mainland China: not known",
            ),
            retroactive=False,
            retroactive_note=(
                "Opting out does not undo training that has happened. In the regions added on "
                "2025-11-03, opting out after that day covers new data only."
            ),
            sources=(
                "https://www.linkedin.com/help/linkedin/answer/a6278444",
                "https://www.linkedin.com/help/linkedin/answer/a5538339",
                "LinkedIn European Regional Privacy Notice, version of 2026-08-21",
                "https://github.com/brave/psst-component (src/linkedin/user.ts, 2026-07-30)",
            ),
            last_verified="2026-08-21",
        ),
        *NEIGHBOURS,
        OBJECTION,
    )

    def embedded_reading(self, setting: Setting, texts: Sequence[str]) -> Reading | None:
        """What the JSON in the page's `code` elements says the switch is."""
        keys = {value for _, value in setting.control.keys}
        states = {
            str(entity["value"]).casefold() == str(entity["onValue"]).casefold()
            for text in texts
            for entity in _entities(text)
            if entity.get("key") in keys and "value" in entity and "onValue" in entity
        }
        if len(states) != 1:
            return None
        return Reading.IN if states.pop() else Reading.OUT


def _entities(text: str) -> Iterator[dict[str, Any]]:
    try:
        data = json.loads(text)
    except ValueError:
        return
    included = data.get("included") if isinstance(data, dict) else None
    for entity in included if isinstance(included, list) else ():
        if isinstance(entity, dict):
            yield entity
