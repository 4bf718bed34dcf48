"""What a visit must make of each condition: stated once, for every flow, from the flow's own facts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from optout.errors import FlowBroken
from optout.flow import Choice, MenuItem
from optout.model import ExitBit, Outcome, Reading, Why
from optout.practice.kit import Platform
from optout.practice.load import practice_module

if TYPE_CHECKING:
    from optout.flow import Flow, Setting
    from optout.model import Result
    from optout.practice.switchboard import Counters

Mode = Literal["run", "check"]
BOTH = frozenset({"before", "after"})
STOPPED = frozenset({"stopped"})


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What a visit says, what it left behind, and what it did to the site.

    Attributes:
        pictures: the pictures in the bundle; empty where there is no bundle.
        passwords: how often a password was sent.
        codes: how often a one-time code was sent.
        requests: state-changing requests that reached the site.
        changes: how often what is stored became something else.
        check: what a check says, where it says something else than a run.
    """

    outcome: Outcome
    reading: Reading
    why: Why = Why.NONE
    locked: Reading | None = None
    exit: ExitBit = ExitBit.OK
    pictures: frozenset[str] = frozenset({"before"})
    passwords: int = 1
    codes: int = 0
    requests: int = 0
    changes: int = 0
    check: Expected | None = field(default=None, compare=False)

    def by(self, mode: Mode) -> Expected:
        """What this mode is to say."""
        return self.check if mode == "check" and self.check else self


STILL_IN = Expected(outcome=Outcome.STILL_IN, reading=Reading.IN, exit=ExitBit.STILL_IN)
OPTED_OUT = Expected(
    outcome=Outcome.OPTED_OUT,
    reading=Reading.OUT,
    pictures=BOTH,
    requests=1,
    changes=1,
    check=STILL_IN,
)
ALREADY_OUT = Expected(outcome=Outcome.ALREADY_OUT, reading=Reading.OUT)
NOT_OFFERED = Expected(outcome=Outcome.NOT_OFFERED, reading=Reading.NOT_OFFERED)
NOT_SAVED = Expected(
    outcome=Outcome.NOT_SAVED,
    reading=Reading.IN,
    exit=ExitBit.STILL_IN,
    pictures=BOTH,
    requests=1,
    check=STILL_IN,
)
REFUSED = replace(NOT_SAVED, why=Why.SAVE_REFUSED)
FORGOTTEN = replace(NOT_SAVED, why=Why.NOT_KEPT)
NEEDS_PERSON = Expected(
    outcome=Outcome.NEEDS_PERSON,
    reading=Reading.UNKNOWN,
    exit=ExitBit.NEEDS_PERSON,
    pictures=STOPPED,
)
# Asked before anything is saved: the dialog stays unanswered, and a fresh load shows what stands.
ASKED = Expected(
    outcome=Outcome.NEEDS_PERSON,
    reading=Reading.IN,
    why=Why.CONFIRM_UNKNOWN,
    exit=ExitBit.NEEDS_PERSON,
    pictures=BOTH,
    check=STILL_IN,
)
UNREADABLE = Expected(outcome=Outcome.UNREADABLE, reading=Reading.UNKNOWN, exit=ExitBit.UNREADABLE)
UNREACHABLE = Expected(
    outcome=Outcome.UNREACHABLE,
    reading=Reading.UNKNOWN,
    why=Why.SITE_DOWN,
    exit=ExitBit.UNREACHABLE,
    pictures=STOPPED,
)
MANAGED = Expected(outcome=Outcome.MANAGED, reading=Reading.MANAGED)
LOCKED_IN = replace(MANAGED, why=Why.LOCKED_IN, locked=Reading.IN, exit=ExitBit.NEEDS_PERSON)
LOCKED_OUT = replace(MANAGED, why=Why.LOCKED_OUT, locked=Reading.OUT)
NOBODY = replace(UNREADABLE, why=Why.IDENTITY_UNREADABLE, pictures=STOPPED)
WITH_CODE = replace(OPTED_OUT, codes=1, check=replace(STILL_IN, codes=1))


def needs(why: Why) -> Expected:
    """A person is needed, for this reason."""
    return replace(NEEDS_PERSON, why=why)


def unreadable(why: Why) -> Expected:
    """The page is not as the flow says, for this reason."""
    return replace(UNREADABLE, why=why)


def untouched(why: Why) -> Expected:
    """Read as in, and not pressed; a fresh load says that it is in still."""
    return replace(STILL_IN, why=why, pictures=BOTH, check=STILL_IN)


NO_CONTROL = unreadable(Why.CONTROL_MISSING)
STRANGE_LABEL = unreadable(Why.LABEL_UNKNOWN)
DISAGREE = unreadable(Why.ANCHORS_DISAGREE)


def found(result: Result, counters: Counters) -> Expected:
    """What came of a visit, in the terms of the tables."""
    pictures = {file.stem for file in result.evidence.glob("*.png")} if result.evidence else set()
    return Expected(
        outcome=result.outcome,
        reading=result.reading,
        why=result.why,
        locked=result.locked,
        exit=result.exit_bit,
        pictures=frozenset(pictures),
        passwords=counters.credential_submissions,
        codes=counters.code_submissions,
        requests=counters.state_changing_requests,
        changes=counters.changes,
    )


def platform_of(flow: Flow) -> Platform:
    """The facts of a flow's practice site.

    Raises:
        FlowBroken: the site is not made with the kit, or does not keep its facts in `PLATFORM`.
    """
    platform = getattr(practice_module(flow), "PLATFORM", None)
    if not isinstance(platform, Platform):
        raise FlowBroken(
            f"the practice site of {flow.name} does not say what it is made from",
            expected="a PLATFORM in its module, as optout.practice.kit has it",
            next_step="Write it as `optout flow new` does.",
        )
    return platform


def departures(flow: Flow) -> dict[str, Expected]:
    """Where a flow's visits end otherwise than most, which its practice site states in `EXPECTED`."""
    stated: dict[str, Expected] = getattr(practice_module(flow), "EXPECTED", {})
    return stated


def table_of(flow: Flow) -> dict[str, Expected]:
    """What a visit to the practice site of this flow says under each condition it could have.

    Raises:
        FlowBroken: the practice site does not say what it is made from.
    """
    rows = _expected(flow)
    if count := len(platform_of(flow).objects):
        rows = {row: _by_objects(row, count, expected) for row, expected in rows.items()}
    rows |= departures(flow)
    return {row: _by_sign_in(flow, expected) for row, expected in rows.items()}


def _expected(flow: Flow) -> dict[str, Expected]:
    return {
        "": OPTED_OUT,
        **_at_the_door(flow),
        **_sessions(flow),
        **_control(flow, flow.settings[0]),
        **_places(flow, flow.settings[0]),
        **dict.fromkeys(("late-render", "skeleton", "late-state"), OPTED_OUT),
        **dict.fromkeys(("save-403", "save-429", "save-500", "save-500-looks-off"), REFUSED),
        **dict.fromkeys(("save-not-kept", "remembered-in-page"), FORGOTTEN),
        "save-delayed": OPTED_OUT,
        "confirm-dialog": ASKED,
        "confirm-dialog-deletes": ASKED,
        "slow": OPTED_OUT,
        "server-error": UNREACHABLE,
        "rate-limited": replace(UNREACHABLE, why=Why.RATE_LIMITED),
        "hangs": replace(UNREACHABLE, pictures=frozenset()),
        "empty-page": NOBODY if flow.identity else NO_CONTROL,
    }


def _at_the_door(flow: Flow) -> dict[str, Expected]:
    """What no page of the flow's own facts explains ends when the time is over."""
    known = {scene.why for scene in flow.scenes}
    whys = {
        "credentials-refused": Why.CREDENTIALS_REFUSED,
        "challenge-captcha": Why.CAPTCHA,
        "challenge-email-code": Why.EMAIL_CODE,
        "challenge-sms-code": Why.SMS_CODE,
        "challenge-app-approval": Why.APP_APPROVAL,
        "challenge-identity": Why.IDENTITY_CHECK,
    }
    return {
        **{name: needs(why if why in known else Why.TIMED_OUT) for name, why in whys.items()},
        "challenge-authenticator": WITH_CODE if flow.sign_in.code else needs(Why.TIMED_OUT),
    }


def _sessions(flow: Flow) -> dict[str, Expected]:
    # Nobody sits at the window that an attended visit has open: it waits for the person in vain.
    ended = needs(Why.SIGNED_OUT if flow.identity else Why.TIMED_OUT)
    in_between = replace(ended, pictures=frozenset({"before", "stopped"}), requests=1, check=STILL_IN)
    loops = replace(UNREACHABLE, pictures=frozenset()) if flow.sign_in.password else ended
    if flow.settings[0].way:  # no page tells, so that the person has nothing to open
        ended = loops = NO_CONTROL
        in_between = replace(NO_CONTROL, pictures=BOTH, requests=1, check=STILL_IN)
    return {
        **dict.fromkeys(
            ("signed-out", "signed-out-late"), OPTED_OUT if flow.sign_in.password else ended
        ),
        "session-expires-after-reading": in_between,
        "session-expires-after-saving": replace(in_between, changes=1),
        "other-person": OPTED_OUT,  # the first visit takes whoever is there for the owner
        "nobody-named": NOBODY if flow.identity else OPTED_OUT,
        "redirect-loop": loops,
    }


def _places(flow: Flow, setting: Setting) -> dict[str, Expected]:
    absent = NOT_OFFERED if setting.listing else NO_CONTROL
    # What has to be opened first cannot be, and so nothing is read.
    covered = NO_CONTROL if setting.opens or setting.way else untouched(Why.COVERED)
    if isinstance(setting.control, MenuItem):
        covered = replace(unreadable(Why.COVERED), pictures=STOPPED)
    return {
        **dict.fromkeys(("absent-404", "absent-redirect", "absent-empty"), absent),
        "in-iframe": OPTED_OUT,
        "in-shadow-root": OPTED_OUT,
        "in-closed-shadow-root": NO_CONTROL,
        "covered": covered,
        "older-page": OPTED_OUT,
        "withheld": OPTED_OUT if platform_of(flow).objects else NOT_OFFERED,
        "cookie-banner": OPTED_OUT,
        **dict.fromkeys(("first-place-gone", "first-place-empty"), OPTED_OUT),
        "some-out": OPTED_OUT,
        "last-object-forgets": FORGOTTEN,
        "last-object-locked": LOCKED_IN,
    }


def _control(flow: Flow, setting: Setting) -> dict[str, Expected]:
    """What is left of the anchors decides."""
    control = setting.control
    labels = control.out if isinstance(control, Choice) else control.labels
    key, label, section = bool(control.keys), bool(labels), bool(control.section)
    several = any(extra.shape is None for extra in platform_of(flow).extras)
    no_menu = unreadable(Why.STATE_UNCLEAR)
    alone = not section and not several
    without_label = DISAGREE if section and several and not key else NO_CONTROL
    if key + section + alone > 1:
        without_label = STRANGE_LABEL
    return {
        **dict.fromkeys(("two-switches", "neighbour-moves", "destructive-neighbour"), OPTED_OUT),
        "label-unknown": without_label,
        "label-deletes": without_label,
        "unknown-everything": DISAGREE if section and several else NO_CONTROL,
        "heading-gone": OPTED_OUT if key + label + alone > 1 else NO_CONTROL,
        "key-renamed": OPTED_OUT if label + section + alone > 1 else NO_CONTROL,
        "key-and-label-contradict": DISAGREE,
        "label-old": OPTED_OUT,
        "label-twice": DISAGREE,
        "already-out": ALREADY_OUT,
        "locked-in": no_menu if isinstance(control, MenuItem) else LOCKED_IN,
        "locked-out": no_menu if isinstance(control, MenuItem) else LOCKED_OUT,
    }


# Met on the page that lists the objects, before any of them.
_AT_THE_LIST = (
    *("signed-out", "signed-out-late", "redirect-loop"),
    *("absent-404", "absent-redirect", "absent-empty", "empty-page"),
    *("server-error", "rate-limited", "hangs"),
)


def _by_objects(row: str, count: int, expected: Expected) -> Expected:
    """The same, where the setting stands once per object."""
    if row in _AT_THE_LIST:
        return expected
    if row.startswith("session-expires"):
        return replace(expected, pictures=frozenset({"before-1", "stopped-1", "stopped"}))
    left_alone = {"some-out": range(1, count), "last-object-locked": (count,), "withheld": (count,)}
    changing = count - len(left_alone.get(row, ()))
    pictures = {f"{name}-{number}" for name in expected.pictures for number in range(1, count + 1)}
    pictures -= {f"after-{number}" for number in left_alone.get(row, ())}
    if row == "last-object-locked":
        pictures |= {f"after-{number}" for number in range(1, count)}
        expected = replace(expected, requests=1, changes=1)
    kept = changing - (row == "last-object-forgets")
    return replace(
        expected,
        pictures=frozenset(pictures),
        requests=expected.requests * changing,
        changes=kept if row == "last-object-forgets" else expected.changes * changing,
        check=_by_objects("", count, expected.check) if expected.check else None,
    )


def _by_sign_in(flow: Flow, expected: Expected) -> Expected:
    """The same, where a kept session stands in for a password."""
    changed: dict[str, Any] = {"passwords": expected.passwords if flow.sign_in.password else 0}
    if expected.check:
        changed["check"] = _by_sign_in(flow, expected.check)
    return replace(expected, **changed)
