"""LinkedIn: "Data for Generative AI Improvement", on by default, not retroactive."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from optout.flow import (
    Flow,
    IdentityMark,
    Labels,
    Listing,
    Mode,
    Reading,
    Scene,
    SceneKind,
    Setting,
    SignIn,
    Switch,
    Why,
    Wording,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KEY = "allowDataForGenerativeAI"
ROW = "data-for-ai-improvement"
PREFERENCES = "/mypreferences/d"

HEADING = Labels(
    Wording("en", "Data for Generative AI Improvement", "2024-09/", "user guides"),
    Wording("de", "Daten zur Verbesserung generativer KI", "2025-10/", "sonntagsblatt.de"),
    Wording("fr", "Données pour l'amélioration de l'IA générative", "2025-09/", "vert.eco"),
    Wording("nl", "Gegevens voor verbetering van generatieve AI", "2025-09/", "iphoned.nl"),
    Wording("pt-BR", "Dados para aprimoramento da IA generativa", "2024-09/", "bukib.com"),
    Wording("pt-BR", "Dados para aprimoramento de IA generativa", "2024-09/", "canaltech.com.br"),
    Wording("it", "Dati per migliorare l'IA generativa", "2025-10/", "tg24.sky.it"),
    Wording("it", "Dati per il miglioramento dell'IA generativa", "2025-10/", "lacapitalenews.it"),
    Wording("es", "Datos para mejorar la IA generativa", "2025-10/", "eldestapeweb.com"),
    Wording("es", "Datos para la mejora de la IA generativa", "2024-09/", "aibase.com"),
    Wording("pl", "Dane do ulepszania generatywnego AI", "2025/", "one guide, weak"),
)

# Italian, Spanish, Polish and the other languages have no verbatim source for this label: there the
# switch is told by its key and its section instead.
LABEL = Labels(
    Wording("en", "Use my data for training content creation AI models", "2024-09/", "user guides"),
    Wording(
        "de",
        "Ihre Daten zum Schulen von KI-Modellen verwenden, um Inhalte zu erstellen",
        "2025-10/",
        "sonntagsblatt.de, meinrecht.de",
    ),
    Wording(
        "fr",
        "Utiliser mes données pour entraîner des modèles d'IA de création de contenu",
        "2025-09/",
        "vert.eco, clubic.com",
    ),
    Wording(
        "nl",
        "Mijn gegevens gebruiken voor training van AI-modellen waarmee content wordt gemaakt",
        "2025-09/",
        "iphoned.nl, hartvannederland.nl",
    ),
    Wording(
        "pt-BR",
        "Usar meus dados para treinar modelos de IA para criar conteúdos",
        "2024-09/",
        "bukib.com, canaltech.com.br",
    ),
)

ON = Labels(
    Wording("en", "On"),
    Wording("de", "Ein"),
    Wording("nl", "Aan"),
    Wording("pt-BR", "Ativada"),
    Wording("it", "Sì"),
)
OFF = Labels(
    Wording("en", "Off"),
    Wording("de", "Aus"),
    Wording("nl", "Uit"),
    Wording("pt-BR", "Desativada"),
    Wording("it", "No"),
)

CHALLENGE = ("/checkpoint/challenge/*", "/checkpoint/challengesV2/*")
SIGNED_OUT = ("/login", "/login/*", "/uas/*", "/authwall", "/signup/*", "/checkpoint/*")


def _challenge(why: Why, *marks: str, texts: Labels | None = None) -> Scene:
    kind = SceneKind.ONE_TIME_CODE if why is Why.AUTHENTICATOR_CODE else SceneKind.PERSON_ONLY
    return Scene(kind=kind, why=why, paths=CHALLENGE, marks=marks, texts=texts or Labels())


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
        user=("input[autocomplete~=username]", "input#username"),
        password=("input[autocomplete~=current-password]", "input#password"),
        submit=Labels(Wording("en", "Sign in")),
        code=("input[name=pin]", "input.input_verification_pin"),
        code_submit=("#two-step-submit-button", "button.form__submit"),
        remembered_user="input[type=hidden][name=session_key]",
        polling_limit="#totalPollingTimeInSeconds",
        other_account=Labels(Wording("en", "Sign in using another account")),
        dismiss=(".artdeco-global-alert button[action-type=DENY]",),
    )
    dismiss = sign_in.dismiss
    masks = ("img.global-nav__me-photo",)
    identity = (
        IdentityMark("img.global-nav__me-photo", "alt"),
        IdentityMark("#meMenuV2WideComponentRef [aria-label]", "aria-label"),
    )

    scenes = (
        Scene(
            kind=SceneKind.PERSON_ONLY,
            why=Why.LOGIN_REFUSED,
            query=(("errorKey", "challenge_global_internal_error"),),
        ),
        Scene(
            kind=SceneKind.PERSON_ONLY,
            why=Why.RESTRICTED,
            texts=Labels(
                Wording("en", "Access to your account has been temporarily restricted"),
                Wording("en", "Your account is restricted"),
            ),
        ),
        _challenge(Why.EMAIL_CODE, "form#email-pin-challenge"),
        _challenge(Why.AUTHENTICATOR_CODE, "form#two-step-challenge-recovery-code", "#auth-app-div"),
        _challenge(Why.SMS_CODE, "form#two-step-challenge"),
        _challenge(Why.APP_APPROVAL, "form#in-app-challenge"),
        _challenge(
            Why.CAPTCHA,
            "iframe#captcha-internal",
            "form#captcha-challenge",
            "[id*=captchaV2Challenge]",
            "iframe[src*=arkoselabs]",
        ),
        _challenge(
            Why.IDENTITY_CHECK,
            texts=Labels(
                Wording(
                    "en",
                    "Don't have access to your phone or a previously recognizable device?",
                    part="within",
                )
            ),
        ),
        _challenge(Why.CHALLENGE),
        Scene(
            kind=SceneKind.PERSON_ONLY,
            why=Why.CONSENT_WALL,
            paths=SIGNED_OUT,
            marks=("button#content__button--primary--muted",),
        ),
        Scene(
            kind=SceneKind.CREDENTIALS_REFUSED,
            why=Why.CREDENTIALS_REFUSED,
            paths=SIGNED_OUT,
            marks=("#error-for-username:not(:empty)", "#error-for-password:not(:empty)"),
        ),
        Scene(
            kind=SceneKind.CREDENTIALS_REFUSED,
            why=Why.CREDENTIALS_REFUSED,
            paths=SIGNED_OUT,
            texts=Labels(Wording("en", "Wrong email or password", part="start")),
        ),
        Scene(kind=SceneKind.INTERSTITIAL, paths=("/check/*",)),
        Scene(kind=SceneKind.ACCOUNT_CHOOSER, paths=SIGNED_OUT, marks=("#rememberme-div",)),
        Scene(kind=SceneKind.SIGN_IN_FORM, paths=SIGNED_OUT, marks=sign_in.password),
        Scene(kind=SceneKind.SIGNED_OUT, paths=SIGNED_OUT),
        Scene(
            kind=SceneKind.SIGNED_IN,
            marks=(
                "#global-nav",
                "nav.global-nav",
                "#meMenuV2WideComponentRef",
                'nav a[href*="/feed"]',
                'nav a[href*="/mynetwork"]',
            ),
        ),
    )

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
