"""Pages on the way in: what LinkedIn shows instead of, or before, a signed-in page."""

from __future__ import annotations

from optout.flow import Labels, Scene, SceneKind, Why, Wording

PASSWORD = ("input[autocomplete~=current-password]", "input#password")

CHALLENGE = ("/checkpoint/challenge/*", "/checkpoint/challengesV2/*")
SIGNED_OUT = ("/login", "/login/*", "/uas/*", "/authwall", "/signup/*", "/checkpoint/*")


def _challenge(why: Why, *marks: str, texts: Labels | None = None) -> Scene:
    texts = texts or Labels()
    return Scene(kind=SceneKind.PERSON_ONLY, why=why, paths=CHALLENGE, marks=marks, texts=texts)


SCENES = (
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
    Scene(
        kind=SceneKind.ONE_TIME_CODE,
        why=Why.AUTHENTICATOR_CODE,
        paths=CHALLENGE,
        # The form for a recovery code is there and hidden; a code by SMS comes without it.
        traces=("form#two-step-challenge-recovery-code", "#auth-app-div"),
    ),
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
    Scene(kind=SceneKind.SIGN_IN_FORM, paths=SIGNED_OUT, marks=PASSWORD),
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
