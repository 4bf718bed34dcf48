"""What a record says, told step by step in plain words."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from optout.model import Mode, Outcome, Reading, Why
from optout.report.pages import when
from optout.report.plain import OUTCOMES
from optout.report.words import READINGS, REASONS

if TYPE_CHECKING:
    from optout.report.fields import Fields

_TONES = {
    Outcome.OPTED_OUT: "good",
    Outcome.ALREADY_OUT: "good",
    Outcome.NOT_OFFERED: "good",
    Outcome.STILL_IN: "bad",
    Outcome.NOT_SAVED: "bad",
}
_PRESENT = {
    Mode.AUTOMATIC: "Nobody was present: the program signed in, or went on with a kept session.",
    Mode.ATTENDED: "A person signed in by themselves in a visible window; the program did the rest.",
    Mode.GUIDED: "A person signed in and operated the setting in a visible window; the program opened "
    "the pages, read and photographed.",
}


class _ChangedBy(enum.StrEnum):
    NONE = "none"
    TOOL = "tool"
    PERSON = "person"


_WHO = {_ChangedBy.NONE: "", _ChangedBy.TOOL: "The program", _ChangedBy.PERSON: "The person"}


@dataclass(frozen=True)
class Picture:
    """A picture of a bundle.

    Attributes:
        file: its name, as the record gives it.
        title: what it shows: before, after.
        text: the reading it goes with.
    """

    file: str
    title: str
    text: str


@dataclass(frozen=True)
class Story:
    """What a record says, for people.

    Attributes:
        target: such as `linkedin/ai-training`.
        account: the account, as the record names it.
        practice: whether it was made on a practice site.
        tone: `good`, `bad` or `open`.
        verdict: what was established, in a sentence.
        reason: why, in a sentence; empty where there is nothing to add.
        pictures: in the order they were taken.
        steps: what was done, in order.
        facts: names and values of everything else.
        notes: what else was noticed.
        limits: what it does not prove.
    """

    target: str
    account: str
    practice: bool
    tone: str
    verdict: str
    reason: str
    pictures: tuple[Picture, ...]
    steps: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    limits: tuple[str, ...]


def told(record: Fields, *, claimed: bool = False) -> Story:
    """Tell what a record says.

    Args:
        record: the record.
        claimed: whether it is somebody's statement, and no visit's.

    Raises:
        EvidenceInvalid: the record lacks something or names what does not exist.
    """
    return _claim(record) if claimed else _visit(record)


def _visit(record: Fields) -> Story:
    outcome = record.word(Outcome, "outcome")
    before, after = record.many("before"), record.many("after")
    ended = when(record.text("ended"))
    practice = record.flag("practice")
    where = f"On a practice site, {ended}" if practice else f"On {ended}"
    locked = outcome is Outcome.MANAGED and any(_locked(step) is Reading.OUT for step in before)
    return Story(
        target=f"{record.text('platform')}/{record.text('setting')}",
        account=record.text("account"),
        practice=practice,
        tone="good" if locked else _TONES.get(outcome, "open"),
        verdict=f"{where}: {OUTCOMES[outcome]}{' as out' if locked else ''}.",
        reason=record.text("reason") or REASONS[record.word(Why, "why")],
        pictures=(*_pictures(before, "Before"), *_pictures(after, "After a fresh load")),
        steps=_steps(record, before, after, outcome),
        facts=_facts(record, (*before, *after)),
        notes=record.texts("notes"),
        limits=record.texts("does_not_prove"),
    )


def _claim(record: Fields) -> Story:
    said, at = record.text("statement"), when(record.text("recorded"))
    handed_in = record.one("handed_in") if "handed_in" in record else None
    picture = (
        Picture(handed_in.text("picture"), "Handed in", "a picture that optout did not take")
        if handed_in
        else None
    )
    note = record.text("note")
    return Story(
        target=f"{record.text('platform')}/{record.text('setting')}",
        account=record.text("account"),
        practice=False,
        tone="open",
        verdict=f"Recorded on {at}: {OUTCOMES[Outcome.CLAIMED]}. This is a statement, not a proof.",
        reason=said,
        pictures=(picture,) if picture else (),
        steps=(said, *([f'They added: "{note}"'] if note else []), "No visit was made."),
        facts=(
            ("Visit", record.text("visit")),
            *((name, value) for name, value in (handed_in.items() if handed_in else ())),
            ("Made with", _made_with(record)),
        ),
        notes=(),
        limits=record.texts("does_not_prove"),
    )


def _pictures(steps: tuple[Fields, ...], title: str) -> list[Picture]:
    """Each picture once: several readings can go with one."""
    found: dict[str, Picture] = {}
    for step in steps:
        if file := step.text("picture"):
            text = f"read as {_reading(step)}, {when(step.text('at'))}"
            found.setdefault(file, Picture(file, title, text))
    return list(found.values())


def _steps(
    record: Fields, before: tuple[Fields, ...], after: tuple[Fields, ...], outcome: Outcome
) -> tuple[str, ...]:
    browser = record.one("tool").text("browser")
    began = f"{when(record.text('started'))}: the visit began at {record.text('origin')}, in {browser}."
    told = [f"{began} {_PRESENT[record.word(Mode, 'mode')]}", *map(_seen, before)]
    if by := _WHO[record.word(_ChangedBy, "changed_by")]:
        told.append(f"{by} operated the setting. {_writes(record)}")
    told += [f"The setting was loaded afresh, by a request of its own. {_seen(step)}" for step in after]
    told.append(f"{when(record.text('ended'))}: {OUTCOMES[outcome]}.")
    return tuple(told)


def _seen(step: Fields) -> str:
    label, anchors = step.text("label"), step.texts("anchors")
    beside = f', beside the words "{label}"' if label else ""
    marks = f", found by {', '.join(anchors)}" if anchors else ""
    detail = f" {step.text('detail')}." if step.text("detail") else ""
    who = step.text("signed_in_as")
    named = f' Signed in: "{who}".' if who else " Nobody was seen to be signed in."
    at = when(step.text("at"))
    return f"{at}: {step.text('path')} read as {_reading(step)}{beside}{marks}.{detail}{named}"


def _writes(record: Fields) -> str:
    sent = [
        f"{each.text('method')} {each.text('path')} ({each.number('status'):.0f})"
        for each in record.many("writes")
    ]
    return (
        f"The page sent {', '.join(sent)}." if sent else "The page sent nothing that is known to save."
    )


def _facts(record: Fields, steps: tuple[Fields, ...]) -> tuple[tuple[str, str], ...]:
    flow = record.one("flow")
    kept_out = ", ".join(f"{host} ({count})" for host, count in record.one("requests_kept_out").items())
    masks = ", ".join(
        f"{mask.text('rule')} ({mask.number('matched'):.0f})" for mask in record.many("masks")
    )
    facts = [
        ("Visit", record.text("visit")),
        ("Account's pseudonym", record.text("account_ref")),
        ("Mandate", record.text("mandate") if "mandate" in record else ""),
        ("What the setting asks", record.text("asks") if "asks" in record else ""),
        ("Being out means", record.text("out_means") if "out_means" in record else ""),
        ("Who is signed in is known from", record.one("signed_in").text("known_from")),
        ("Duration by a clock that cannot be set", f"{record.number('elapsed_s'):.1f} s"),
        *_connection(steps),
        ("Flow", f"{flow.text('name')} of {flow.text('version')}"),
        ("SHA-256 of the flow's source", flow.text("source_sha256")),
        ("Painted over in the pictures", masks),
        ("Requests to other hosts, stopped", kept_out),
        ("Made with", _made_with(record)),
    ]
    return tuple((name, value) for name, value in facts if value)


def _made_with(record: Fields) -> str:
    return ", ".join(f"{name} {value}" for name, value in record.one("tool").items())


def _connection(steps: tuple[Fields, ...]) -> list[tuple[str, str]]:
    """How the page came that the last reading rests on."""
    if not steps or "connection" not in steps[-1]:
        return []
    found = steps[-1].one("connection")
    tls = ", ".join(
        f"{name} {value}" for name, value in (found.one("tls").items() if "tls" in found else ())
    )
    return [
        ("Server's own clock at the last reading", found.text("server_date")),
        ("Server's address", found.text("server") if "server" in found else ""),
        ("TLS certificate", tls),
    ]


def _reading(step: Fields) -> str:
    locked = _locked(step)
    return f'"{READINGS[step.word(Reading, "reading")]}{f", {READINGS[locked]}" if locked else ""}"'


def _locked(step: Fields) -> Reading | None:
    return step.word(Reading, "locked") if "locked" in step else None
