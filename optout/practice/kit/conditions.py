"""The conditions that every practice site can put an account under, as far as they fit the platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.flow import Flow
from optout.practice.conditions import Condition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optout.practice.kit.platform import Control, Platform
    from optout.practice.site import PracticeSite

DOOR, SESSION, PLACE = "at the door", "session", "where the setting is"
CONTROL, STATE, SAVING = "what the control is", "when the state is there", "saving"
OBJECTS, SITE = "one of several", "the site itself"

CHALLENGES = (
    *("challenge-captcha", "challenge-email-code", "challenge-sms-code", "challenge-authenticator"),
    *("challenge-app-approval", "challenge-identity"),
)
_GENERIC: dict[str, dict[str, str]] = {
    SESSION: {
        "signed-out": "The kept session has ended.",
        "signed-out-late": "As signed-out, and the page finds that out by itself after it has come.",
        "session-expires-after-reading": "The session ends once the setting was served.",
        "session-expires-after-saving": "The session ends once a change was saved.",
        "other-person": "Signed-in pages are those of Bob Example.",
    },
    PLACE: {
        "absent-404": "The setting's addresses are not found.",
        "absent-redirect": "The setting's addresses lead back to the first page.",
        "absent-empty": "The setting's page has no control.",
        "in-iframe": "The control stands in an iframe of the same origin.",
        "in-shadow-root": "The control stands in an open shadow root.",
        "in-closed-shadow-root": "The control stands in a closed shadow root.",
        "covered": "Something that cannot be put away lies over the page.",
    },
    CONTROL: {
        "two-switches": "A second control of the same shape stands on the page.",
        "neighbour-moves": "As two-switches, and the server moves the second with the first.",
        "destructive-neighbour": "A button beside the control deletes everything.",
        "label-unknown": "The wording is new and means the opposite.",
        "label-deletes": "The wording speaks of deleting.",
        "unknown-everything": "Key and label are both new; the heading is right.",
    },
    STATE: {
        "late-render": "The control appears some time after the page.",
        "skeleton": "A placeholder stands in for the control at first.",
        "late-state": "The control shows the setting out until its state arrives.",
    },
    SAVING: {
        "save-403": "Saving is answered with 403; the control goes back.",
        "save-429": "Saving is answered with 429; the control goes back.",
        "save-500": "Saving is answered with 500; the control goes back.",
        "save-500-looks-off": "Saving is answered with 500, and the control stays where it is.",
        "save-not-kept": "Saving is answered with 200 and nothing is stored.",
        "remembered-in-page": "Nothing is stored, but the tab remembers and shows it after reload.",
        "save-delayed": "Saving begins some time after the click and takes its time.",
        "confirm-dialog": "A question that nobody knows is asked before anything is saved.",
        "confirm-dialog-deletes": "A question is asked, and its button speaks of deleting.",
    },
    SITE: {
        "slow": "Every signed-in page takes long.",
        "server-error": "The setting's page is answered with 500.",
        "rate-limited": "The setting's page is answered with 429.",
        "hangs": "The setting's page is never answered.",
        "empty-page": "The setting's page is answered with 200 and nothing in it.",
        "redirect-loop": "The setting's page leads to itself, for ever.",
    },
}
_AT_THE_DOOR = {
    "credentials-refused": "The right password is refused.",
    **dict.fromkeys(CHALLENGES, "Something only a person can pass stands after the password."),
}
_OF_OBJECTS = {
    "some-out": "All but the last object begin opted out.",
    "last-object-forgets": "The last object keeps no change.",
    "last-object-locked": "The last object's control is disabled and in.",
}
_STARTS_OUT = {
    "already-out": "The account begins opted out.",
    "locked-out": "The control is disabled, and the setting is out.",
}


def conditions_of(platform: Platform) -> tuple[Condition, ...]:
    """The conditions that fit a platform, under their headings."""
    return tuple(_conditions(platform))


def _conditions(platform: Platform) -> Iterator[Condition]:
    if platform.door.password:
        yield from _group(DOOR, _AT_THE_DOOR)
    for group, sentences in _GENERIC.items():
        yield from _group(group, sentences)
    if platform.who or platform.head:
        yield Condition("nobody-named", "Signed-in pages name nobody.", SESSION)
    if len(platform.places) > 1:
        yield Condition("first-place-gone", "The first of its addresses is not found.", PLACE)
        yield Condition("first-place-empty", "The first of its addresses has no control.", PLACE)
    if platform.banner:
        yield Condition(
            "cookie-banner", "A cookie question lies over the page until it is put away.", PLACE
        )
    if platform.older:
        yield Condition("older-page", "The page is an earlier one, with another control.", PLACE)
    if platform.withheld:
        yield Condition("withheld", "The last page says why the setting is not there.", PLACE)
    yield from _anchors(platform.control)
    yield Condition("locked-in", "The control is disabled, and the setting is in.", CONTROL)
    for name, sentence in _STARTS_OUT.items():
        yield Condition(name, sentence, CONTROL, starts_out=True)
    if platform.objects:
        yield from _group(OBJECTS, _OF_OBJECTS)


def _anchors(control: Control) -> Iterator[Condition]:
    if control.heading:
        yield Condition("heading-gone", "The section has no heading.", CONTROL)
    if control.label_old:
        yield Condition("label-old", "The wording is an earlier one.", CONTROL)
    if control.key:
        yield Condition("key-renamed", "The label is right, the key is new.", CONTROL)
        yield Condition(
            "key-and-label-contradict",
            "The right key has another label, and the other way round.",
            CONTROL,
        )
    else:
        yield Condition("label-twice", "Two controls carry the label.", CONTROL)


def _group(group: str, sentences: dict[str, str]) -> Iterator[Condition]:
    for name, sentence in sentences.items():
        yield Condition(name, sentence, group)


def missing_conditions(flow: Flow, site: PracticeSite) -> list[str]:
    """The conditions that a practice site must know by the flow's facts and does not, by name.

    A site made with the kit knows them all, as far as its own facts are those of the flow.
    """
    setting = flow.settings[0]
    needed = {
        **dict.fromkeys(_AT_THE_DOOR, bool(flow.sign_in.password)),
        **{name: True for sentences in _GENERIC.values() for name in sentences},
        **dict.fromkeys((*_STARTS_OUT, "locked-in"), True),
        "nobody-named": bool(flow.identity),
        "first-place-gone": len(setting.places) > 1,
        "cookie-banner": bool(flow.dismiss),
        "heading-gone": bool(setting.control.section),
        "key-renamed": bool(setting.control.keys),
        "key-and-label-contradict": bool(setting.control.keys),
        "label-twice": not setting.control.keys,
        "older-page": bool(setting.earlier),
        "withheld": bool(setting.unless),
        **dict.fromkeys(_OF_OBJECTS, type(flow).objects is not Flow.objects),
    }
    known = {condition.name for condition in site.conditions}
    return [name for name, applies in needed.items() if applies and name not in known]
