"""What each reason means for a person, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.errors import PersonNeeded
from optout.model import Why

if TYPE_CHECKING:
    from optout.model import Account

_ATTEND = "optout run {account} --mode attended"
_SIGN_IN = "optout sign-in {platform} {login}"

_PERSON: dict[Why, tuple[str, str]] = {
    Why.NO_CREDENTIALS: (
        "there is neither a kept session nor a password for this account",
        f"Sign in yourself: {_SIGN_IN} (or during the visit: {_ATTEND})",
    ),
    Why.CREDENTIALS_REFUSED: (
        "the site refused the login or the password; they were sent once",
        f"Correct it (optout account add {{platform}} {{login}} --password) or sign in: {_SIGN_IN}",
    ),
    Why.LOGIN_REFUSED: (
        "the site refused this sign-in without asking for anything",
        f"Wait some hours before trying again, then sign in yourself: {_SIGN_IN}",
    ),
    Why.RESTRICTED: (
        "the site says that access to this account is restricted",
        "Sign in with your usual browser and follow what the site asks for; optout cannot help here.",
    ),
    Why.CAPTCHA: ("the site asks to prove that you are a person", f"Continue with: {_ATTEND}"),
    Why.EMAIL_CODE: ("the site sent a code by e-mail", f"Continue with: {_ATTEND}"),
    Why.SMS_CODE: ("the site sent a code to your phone", f"Continue with: {_ATTEND}"),
    Why.AUTHENTICATOR_CODE: (
        "the site asks for a code from your authenticator app",
        f"Continue with: {_ATTEND} (or keep the seed: optout account add {{platform}} {{login}} --totp)",
    ),
    Why.APP_APPROVAL: (
        "the site waits for your approval in its app",
        f"Have your phone ready and continue with: {_ATTEND}",
    ),
    Why.IDENTITY_CHECK: (
        "the site asks to prove who you are",
        f"Continue with: {_ATTEND}",
    ),
    Why.CHALLENGE: (
        "the site asks for something more before it lets you in",
        f"Continue with: {_ATTEND}",
    ),
    Why.CONSENT_WALL: (
        "the site asks for consent to its terms, which only you can give",
        f"Continue with: {_ATTEND}",
    ),
    Why.SIGNED_OUT: (
        "the site has ended the session",
        f"Sign in again: {_SIGN_IN}",
    ),
    Why.OTHER_PERSON: (
        "somebody else is signed in than this account's owner",
        f"Sign in as the right person: {_SIGN_IN} --new-owner",
    ),
    Why.NO_DISPLAY: (
        "this needs a visible window and there is no display here",
        "Run it on a desktop, or under `xvfb-run -a` where nobody has to look.",
    ),
    Why.PERSON_SIGNS_IN: (
        "only a person can get through this platform's sign-in",
        f"Sign in yourself: {_SIGN_IN} (or during the visit: {_ATTEND})",
    ),
    Why.NOBODY_VOUCHES: (
        "no page of this platform is known to say who is signed in, so somebody must be there who knows",
        f"Continue with: {_ATTEND}",
    ),
    Why.TIMED_OUT: (
        "this did not come to an end in time",
        f"Continue with: {_ATTEND}",
    ),
}


def person_needed(
    why: Why,
    account: Account,
    *,
    expected: str = "a signed-in page",
    found: str = "",
    step: str = "sign-in",
) -> PersonNeeded:
    """The error for a reason that only a person can deal with."""
    what, next_step = _PERSON[why]
    names = {"account": str(account), "platform": account.platform, "login": account.login}
    return PersonNeeded(
        what,
        step=step,
        expected=expected,
        found=found,
        next_step=next_step.format(**names),
        why=why,
    )
