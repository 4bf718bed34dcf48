"""Every condition an account of this practice site can be put under."""

from __future__ import annotations

from optout.practice.conditions import Condition

_GROUPS: dict[str, dict[str, str]] = {
    # Nobody is known before signing in: there, the account that was added last decides.
    "sign-in form": {
        "form-react": "The form has random ids, hidden copies, no form element, and never reloads.",
        "form-react-enter": "As form-react, without a sign-in button: Enter sends it.",
        "form-password-only": "The e-mail is known already and only the password is asked for.",
        "account-chooser": "Saved accounts are offered before any form.",
        "cookie-banner": "A cookie question covers the form and the settings until it is answered.",
    },
    "after signing in": {
        "landing-feed": "Signing in ends at /feed/, wherever the browser wanted to go.",
        "landing-preload": "Signing in ends at /preload/, wherever the browser wanted to go.",
        "interstitial-add-phone": "A page asks for a phone number; the session is good already.",
        "interstitial-manage-account": "A page asks to review the account; the session is good.",
        "interstitial-verify-phone": "A page asks to confirm the phone; the session is good.",
        "agree-to-comply": "A consent wall stands before the session becomes good.",
        "new-nav": "Signed-in pages carry the newer navigation bar.",
    },
    "refusals": {
        "credentials-refused": "The right password is answered as a wrong one.",
        "login-refused": "The right password is answered with an error key and the form again.",
        "sign-in-hangs": "The sign-in form is never answered.",
        "restricted": "The right password leads to a page that says the account is restricted.",
    },
    "challenges": {
        "challenge-email-code": "A code sent by e-mail is asked for.",
        "challenge-sms-code": "A code sent by SMS is asked for.",
        "challenge-authenticator": "The current code of the authenticator is asked for.",
        "challenge-app-approval": "The person must approve in the app; the page polls.",
        "challenge-captcha": "A quick security check that only a person may pass.",
        "challenge-identity": "The person must show who they are another way.",
        "challenge-v2-path": "Challenges live under /checkpoint/challengesV2/.",
    },
    "session": {
        "signed-out": "The kept session has ended.",
        "signed-out-late": "As signed-out, and the page finds that out by itself after it has come.",
        "session-expires-after-reading": "The session ends once the setting page was served.",
        "session-expires-after-saving": "The session ends once a change was saved.",
        "other-person": "Signed-in pages are those of Bob Example.",
        "nobody-named": "Signed-in pages name nobody.",
    },
    "where the setting is": {
        "absent-404": "The setting is not offered: its address is not found, its row is missing.",
        "absent-redirect": "The setting is not offered: its address leads back to the list.",
        "absent-empty": "The setting is not offered: its page has no control.",
        "moved": "The setting's address is not found; its row links to another one that works.",
        "listing-changed": "The address is not found, and the list shows none of the known rows.",
        "in-iframe": "The control stands in an iframe of the same origin.",
        "in-shadow-root": "The control stands in an open shadow root.",
        "in-closed-shadow-root": "The control stands in a closed shadow root.",
        "covered": "Something that cannot be put away lies over the page.",
    },
    "what the control is": {
        "locked-in": "The switch is disabled and on.",
        "two-switches": "A second switch stands on the page.",
        "neighbour-moves": "As two-switches, and the server moves the second with the first.",
        "destructive-neighbour": "A button beside the switch deletes everything.",
        "label-unknown": "The key is right, the wording is new and means the opposite.",
        "label-deletes": "The key is right, and the wording speaks of deleting.",
        "key-renamed": "The label is right, the key is new.",
        "key-and-label-contradict": "The right key has another label, the right label another key.",
        "unknown-everything": "Key and label are both new; the heading is right.",
        "heading-gone": "The page has no heading.",
        "lang-missing": "Pages do not say their language.",
    },
    "when the state is there": {
        "late-render": "The control appears 1.5 s after the page.",
        "skeleton": "A placeholder stands in for the control for 0.8 s.",
        "late-state": "The control reads off until its state arrives after 1.2 s.",
        "late-state-no-json": "As late-state, by a call under way from the start, without JSON.",
        "no-json": "The page carries no JSON about the setting.",
        "json-contradicts": "The JSON says on and the switch says off, for ever.",
    },
    "saving": {
        "save-403": "Saving is answered with 403; the switch goes back.",
        "save-429": "Saving is answered with 429; the switch goes back.",
        "save-500": "Saving is answered with 500; the switch goes back.",
        "save-500-looks-off": "Saving is answered with 500, and the switch stays where it is.",
        "save-not-kept": "Saving is answered with 200 and nothing is stored.",
        "remembered-in-page": "Nothing is stored, but the tab remembers and shows it after reload.",
        "save-delayed": "Saving begins 0.4 s after the click and takes 0.6 s.",
        "confirm-dialog": "A dialog asks before anything is saved.",
        "confirm-dialog-deletes": "A dialog asks, and its button speaks of deleting.",
    },
    "the objection form": {
        "form-gone": "The form's address is not found.",
        "form-radio": "What is asked for is chosen with radio buttons, not from a list.",
        "form-renamed": "Fields and options have names that nobody knows.",
        "form-refused": "Sending it is answered with 500.",
    },
    "the site itself": {
        "slow": "Every signed-in page takes long.",
        "server-error": "The setting page is answered with 500.",
        "rate-limited": "The setting page is answered with 429.",
        "blocked-999": "The setting page is answered with 999.",
        "hangs": "The setting page is never answered.",
        "empty-page": "The setting page is answered with 200 and nothing in it.",
        "redirect-loop": "The setting page leads to itself, for ever.",
    },
}

_OUT_FROM_THE_START = {
    "already-out": ("what the control is", "The account begins opted out."),
    "locked-out": ("what the control is", "The switch is disabled and off."),
}

CONDITIONS = (
    *(
        Condition(name, sentence, group)
        for group, sentences in _GROUPS.items()
        for name, sentence in sentences.items()
    ),
    *(
        Condition(name, sentence, group, starts_out=True)
        for name, (group, sentence) in _OUT_FROM_THE_START.items()
    ),
)
