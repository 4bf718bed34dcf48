"""What the words of readings, outcomes, reasons and standings mean, for people who never saw them."""

from __future__ import annotations

from optout.model import Reading, Why
from optout.report.standing import Standing

READINGS = {
    Reading.OUT: "out",
    Reading.IN: "in",
    Reading.NOT_OFFERED: "not offered",
    Reading.MANAGED: "locked by an organisation",
    Reading.UNKNOWN: "not known",
}

STANDINGS = {
    Standing.PROVEN_OUT: "Proven out",
    Standing.NOT_OFFERED: "Not offered",
    Standing.OUT_BEFORE: "Out earlier, not seen now",
    Standing.CLAIMED: "Out by somebody's word",
    Standing.UNDONE: "In again by choice",
    Standing.CAME_BACK_ON: "Came back on",
    Standing.IN: "Still in",
    Standing.WAIVED: "Waived",
    Standing.NEEDS_PERSON: "Needs a person",
    Standing.UNREADABLE: "Page not as expected",
    Standing.UNREACHABLE: "Site unreachable",
    Standing.SKIPPED: "Skipped",
    Standing.FAILED: "Failed",
    Standing.NO_EVIDENCE: "Evidence missing",
    Standing.NEVER_LOOKED: "Never looked at",
}

MEANINGS = {
    Standing.PROVEN_OUT: "seen out after a fresh load, and the evidence of it is kept",
    Standing.NOT_OFFERED: "the list in which the setting would stand was read, and it is not there",
    Standing.OUT_BEFORE: "proven out at an earlier look; the newest look could not see the setting",
    Standing.CLAIMED: "its owner says that they opted out; optout has not seen it, so it is not proven",
    Standing.UNDONE: "opted out once, and put back to what it was at its owner's request",
    Standing.CAME_BACK_ON: "was seen out, and is seen in again",
    Standing.IN: "seen in at the newest look",
    Standing.WAIVED: "not out, and somebody has accepted that until a day that is still to come",
    Standing.NEEDS_PERSON: "only a person can continue; nothing is known about the setting",
    Standing.UNREADABLE: "the page was not as expected, so nothing is known about the setting",
    Standing.UNREACHABLE: "the site gave no answer, so nothing is known about the setting",
    Standing.SKIPPED: "left out of the newest run, so nothing is known about the setting",
    Standing.FAILED: "the newest visit did not get to its end",
    Standing.NO_EVIDENCE: "recorded as done, but its evidence is not here or is not what was recorded; "
    "not counted as proven",
    Standing.NEVER_LOOKED: "on the list of accounts; nobody has looked at it yet",
}

REASONS = {
    Why.NONE: "",
    Why.NO_CREDENTIALS: "no session or password is kept for this account",
    Why.CREDENTIALS_REFUSED: "the site refused the login or the password",
    Why.LOGIN_REFUSED: "the site refused the sign-in without asking for anything",
    Why.RESTRICTED: "the site says that access to this account is restricted",
    Why.CAPTCHA: "the site asked to prove that a person is there",
    Why.EMAIL_CODE: "the site sent a code by e-mail",
    Why.SMS_CODE: "the site sent a code to the owner's phone",
    Why.AUTHENTICATOR_CODE: "the site asked for a code from the owner's authenticator app",
    Why.APP_APPROVAL: "the site waited for approval in its app",
    Why.IDENTITY_CHECK: "the site asked for proof of identity",
    Why.CHALLENGE: "the site asked for something more before it let anybody in",
    Why.CONSENT_WALL: "the site asked for consent that only the owner can give",
    Why.SIGNED_OUT: "the site had ended the session",
    Why.OTHER_PERSON: "somebody else was signed in than this account's owner",
    Why.NO_DISPLAY: "a visible window was needed and there was no display",
    Why.PERSON_SIGNS_IN: "only a person can get through this platform's sign-in",
    Why.NOBODY_VOUCHES: "no page of this platform says who is signed in, and nobody was there to say so",
    Why.TIMED_OUT: "it did not come to an end in time",
    Why.CONFIRM_UNKNOWN: "the page asked a question that is not known",
    Why.LOCKED_IN: "an organisation has locked the setting, and it is in",
    Why.LOCKED_OUT: "an organisation has locked the setting, and it is out",
    Why.BY_HAND: "this is done by hand, not by a visit",
    Why.DONE_BY_HAND: "its owner says that they did it by hand",
    Why.REQUEST_SENT: "its owner says that they sent a request",
    Why.ANCHORS_DISAGREE: "what marks the control on the page did not agree",
    Why.LABEL_UNKNOWN: "the words beside the control are not known",
    Why.CONTROL_MISSING: "the control was not where it should be",
    Why.STATE_UNCLEAR: "the page did not show clearly whether it is in or out",
    Why.IDENTITY_UNREADABLE: "the page did not show who was signed in",
    Why.SIGN_IN_UNKNOWN: "the sign-in page was not as expected",
    Why.UNSAFE_TO_TYPE: "the page was not one that a password may be typed on",
    Why.WAIVED: "somebody has accepted that it is in, for a while",
    Why.COVERED: "something lay over the control",
    Why.FORBIDDEN: "the control or its question spoke of deleting or closing something",
    Why.SAVE_REFUSED: "the site refused to save the change",
    Why.NOT_KEPT: "the change was not there any more after a fresh load",
    Why.SITE_DOWN: "the site did not answer",
    Why.RATE_LIMITED: "the site asked for fewer visits",
    Why.DRY_RUN: "this was a dry run",
    Why.NO_MANDATE: "nobody has authorised optout to act for this account",
    Why.MANDATE_EXPIRED: "what authorised optout to act for this account has expired",
    Why.PLATFORM_STOPPED: "several accounts in a row were turned away, so the rest were left alone",
    Why.FLOW_QUARANTINED: "the platform's page has changed, so its visits are stopped",
    Why.INTERRUPTED: "the run was interrupted",
    Why.FLOW_RAISED: "the part of optout that knows this platform broke",
    Why.EVIDENCE_NOT_WRITTEN: "the evidence could not be written, so nothing counts as proven",
    Why.SECRET_FOUND: "the evidence held a secret, so it was not kept",
    Why.UNFORESEEN: "something unforeseen happened",
}

LIMITS: tuple[str, ...] = (
    "It is not retroactive by itself: opting out says nothing about data that was used before.",
    "A switch that shows off does not prove what the platform does with its data afterwards.",
    (
        "It says what was seen at the time given. Platforms rename, reset and switch settings on again; "
        "only a new look tells."
    ),
    "What is not proven out is not known to be out, whatever the reason that stands beside it.",
    "A line without its evidence is a note and no proof: the evidence is in the bundles.",
    (
        "Whoever owns the machine and the key could make up evidence. What speaks against that is a "
        "checkpoint of the log that somebody else kept."
    ),
)
