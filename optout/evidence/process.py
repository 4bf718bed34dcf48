"""The half of a bundle that is for people: what was done, in words that somebody can certify."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jinja2

from optout.flow import Form
from optout.model import Mode, Outcome, Why

if TYPE_CHECKING:
    from optout.evidence.record import Record

_TEMPLATE = "process.md.j2"
_LONGEST = 300
# What Markdown, or the HTML in it, would read as more than a sign.
_SIGNS = re.compile(r"([\\`*_\[\]<>|~&])")
_PRESENCE = {
    Mode.AUTOMATIC: "Nobody was present; the program signed in, or went on with a kept session.",
    Mode.ATTENDED: "A person signed in by themselves in a visible window; the program did the rest.",
    Mode.GUIDED: "A person signed in and operated the setting by themselves in a visible window; the "
    "program opened the pages, waited, read and photographed.",
}
_AT_A_FORM = "A person was at a visible window; the program opened the page, waited and photographed."
_OPERATED = (Outcome.OPTED_OUT, Outcome.CLAIMED, Outcome.NOT_SAVED, Outcome.UNDONE)
_RESULT = {
    Outcome.OPTED_OUT: "The setting was in. It was switched, and after a fresh load it was out.",
    Outcome.ALREADY_OUT: "The setting was out already, and nothing was changed.",
    Outcome.STILL_IN: "The setting is in.",
    Outcome.NOT_SAVED: "The setting was switched, and after a fresh load it was not out.",
    Outcome.NOT_OFFERED: "The platform does not offer the setting to this account: the list in which it "
    "would stand was read, and it is not there.",
    Outcome.MANAGED: "The setting is locked by somebody else, such as an organisation.",
    Outcome.NEEDS_PERSON: "Nothing was established: only a person can go on from here.",
    Outcome.UNREADABLE: "Nothing was established: the page was not as the program expects.",
    Outcome.UNREACHABLE: "Nothing was established: the site could not be reached.",
    Outcome.SKIPPED: "The setting was read and left as it is, as was asked.",
    Outcome.FAILED: "Nothing was established: something unforeseen ended the visit.",
    Outcome.CLAIMED: "A person sent a form. Whether the platform does what it asks for is not known.",
    Outcome.UNDONE: "The setting was out. It was set back as asked, and after a fresh load it was in.",
}


def process_of(record: Record) -> bytes:
    """What a visit to one target did, as Markdown.

    Texts from pages are shown as they are: nothing in them is read as markup.
    """
    said = record.as_json()
    steps = [
        {"when": when, **step, "server_date": (step["connection"] or {}).get("server_date", "")}
        for when in ("before", "after")
        for step in said[when]
    ]
    facts: dict[str, Any] = {
        **said,
        "title": record.flow.title,
        "setting": record.setting.title if record.setting else record.target.setting,
        "asks": said.get("asks", ""),
        "mandate": said.get("mandate", ""),
        "steps": steps,
        "anchors": ", ".join(steps[-1]["anchors"]) if steps else "",
        "form": _is_form(record),
        "tried": record.outcome not in _OPERATED,
        "presence": _AT_A_FORM if _is_form(record) else _PRESENCE[Mode(record.mode)],
        "result": _RESULT[Outcome(record.outcome)],
        "identity": _identity(record),
        "writes": _writes(said["writes"]),
        "stopped": any(step["picture"].startswith("stopped") for step in steps),
    }
    return (_template().render(facts).strip() + "\n").encode()


def wording() -> str:
    """Everything that these texts say of themselves."""
    return " ".join((_source(), _AT_A_FORM, *_PRESENCE.values(), *_RESULT.values()))


def _identity(record: Record) -> str:
    if record.why is Why.OTHER_PERSON:
        return "The page named somebody else than at the account's first visit; the visit stopped there."
    if _is_form(record):
        return "Nobody had to be signed in: the person who was there vouched for whose form it is."
    if not any(step.seen_as for step in (*record.before, *record.after)):
        return "The visit ended before it was known who is signed in."
    if not record.flow.identity:
        return "No page of this platform says who is signed in: the person who was there vouched for it."
    compared = "the same as at the account's first visit" if record.pinned else "noted for later visits"
    return f"Who is signed in was read from the pages first of all, and was {compared}."


def _is_form(record: Record) -> bool:
    return record.setting is not None and isinstance(record.setting.control, Form)


def _writes(writes: list[dict[str, Any]]) -> str:
    sent = ", ".join(
        f"{code(each['method'] + ' ' + each['path'])} ({each['status']})" for each in writes
    )
    return f"The page sent {sent}." if sent else "The page sent nothing that is known to save."


def said(text: str) -> str:
    """A text in one line, in which nothing is markup."""
    return _SIGNS.sub(r"\\\1", _one_line(text))


def code(text: str) -> str:
    """A text in one line as it is, between the signs that make Markdown leave it alone."""
    return "`" + _one_line(text).replace("`", "'").replace("|", r"\|") + "`"


def _one_line(text: str) -> str:
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(printable.split())[:_LONGEST]


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - Markdown; `said` and `code` disarm what pages say
    )
    environment.filters |= {"said": said, "code": code}
    return environment.from_string(_source())


@cache
def _source() -> str:
    return files(__package__).joinpath(_TEMPLATE).read_text(encoding="utf-8")
