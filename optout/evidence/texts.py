"""What a bundle says in words: its record, its story, and which words stand in both by nature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optout.evidence.process import process_of, wording
from optout.model import Mode, Outcome, Reading, Why

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optout.evidence.record import Record

RECORD = "record.json"
PROCESS = "PROCESS.md"
# What every accessibility tree is written with.
_TREE = (
    "banner button cell checkbox checked combobox dialog disabled expanded form generic group heading "
    "img level link list listbox listitem main menu menuitem mixed navigation option paragraph pressed "
    "radio radiogroup region row selected status strong switch tab table text textbox url"
)


def texts_of(record: Record) -> dict[str, bytes]:
    """The record for machines and the story for people, by file name."""
    return {RECORD: record.as_bytes(), PROCESS: process_of(record)}


def ordinary_words(record: Record) -> str:
    """What stands in this bundle whatever the account's secrets are.

    A password may be `linkedin`. That such a word is in a bundle says nothing, and must not keep anybody
    from their evidence.
    """
    flow = record.flow
    known = (
        *(each.value for kind in (Reading, Outcome, Why, Mode) for each in kind),
        *(flow.name, flow.title, flow.origin, record.origin, repr(record.setting)),
        *_keys(record.as_json()),
    )
    return " ".join((wording(), _TREE, record.browser, *known))


def _keys(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        yield from data
        data = data.values()
    if not isinstance(data, str | int | float | None):
        for value in data:
            yield from _keys(value)
