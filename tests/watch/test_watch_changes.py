"""What can be undone: a recorded change by optout, from a bundle that is as it was written."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from optout.errors import EvidenceInvalid, UsageProblem
from optout.evidence.bundle import write_bundle
from optout.watch.changes import recorded_change
from tests.watch.looks import DAY, TARGET, look, looks

if TYPE_CHECKING:
    from pathlib import Path

    from optout.ledger.history import Look


def step(reading: str, path: str = "/settings/ai", **facts: Any) -> dict[str, Any]:
    state = "on" if reading == "in" else "off"
    return {"reading": reading, "locked": None, "path": path, "state": state, **facts}


def change(folder: Path, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Look:
    """A change with its bundle in place."""
    record = json.dumps({"before": before, "after": after}).encode()
    bundle = write_bundle(folder / "change", {"record.json": record})
    return replace(look("opted"), evidence="change", evidence_digest=bundle.digest)


def test_the_newest_change_says_what_stood_there(tmp_path: Path) -> None:
    made = change(tmp_path, [step("in")], [step("out")])
    later = [replace(each, at=made.at + DAY) for each in looks("out", "changed")]
    found = recorded_change(TARGET, [*looks("in"), made, *later], tmp_path)
    assert (found.look, found.before) == (made, {"/settings/ai": "on"})


def test_of_several_objects_only_those_that_were_changed_are_named(tmp_path: Path) -> None:
    before = [step("in", "/1"), step("out", "/2"), step("in", "/3"), step("in", "/4")]
    after = [step("out", "/1"), step("in", "/3"), step("managed", "/4", locked="out")]
    made = change(tmp_path, before, after)
    assert recorded_change(TARGET, [made], tmp_path).before == {"/1": "on", "/4": "on"}


@pytest.mark.parametrize(
    ("story", "said"),
    [
        ((), "has not changed"),
        (("out", "in", "out"), "has not changed"),  # somebody else did
        (("opted", "undone"), "was put back already"),
        (("opted", "undone", "out", "in"), "was put back already"),
    ],
)
def test_where_there_is_nothing_to_undo_that_is_said(
    tmp_path: Path, story: tuple[str, ...], said: str
) -> None:
    with pytest.raises(UsageProblem, match=said):
        recorded_change(TARGET, looks(*story), tmp_path)


def test_a_bundle_that_was_altered_is_not_believed(tmp_path: Path) -> None:
    made = change(tmp_path, [step("in")], [step("out")])
    file = tmp_path / "change" / "record.json"
    file.write_text(file.read_text().replace('"on"', '"no"'))
    with pytest.raises(EvidenceInvalid, match=r"record\.json"):
        recorded_change(TARGET, [made], tmp_path)


def test_a_bundle_that_was_replaced_as_a_whole_is_not_believed(tmp_path: Path) -> None:
    made = change(tmp_path, [step("in")], [step("out")])
    with pytest.raises(EvidenceInvalid, match="another one than the ledger knows"):
        recorded_change(TARGET, [replace(made, evidence_digest="0" * 64)], tmp_path)


def test_a_record_that_does_not_say_what_was_there_is_not_guessed_from(tmp_path: Path) -> None:
    old = step("in")
    del old["state"]
    made = change(tmp_path, [old], [step("out")])
    with pytest.raises(UsageProblem, match="does not say what was there"):
        recorded_change(TARGET, [made], tmp_path)
