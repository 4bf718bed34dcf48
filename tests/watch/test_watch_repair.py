"""How flows are doing, and what their authors are told: enough to repair them, and nobody's name."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, ImageDraw

from optout.errors import EvidenceInvalid, UsageProblem
from optout.evidence.caption import Caption, blurred, captioned
from optout.evidence.capture import Part, Shot
from optout.model import Account, Target
from optout.watch.health import Health
from optout.watch.repair import repair_report
from tests.watch.looks import look
from tests.workshop.flow import Workshop

if TYPE_CHECKING:
    from pathlib import Path

    from optout.ledger.history import Look

TARGET = Target(Account("workshop", "ada@example.org"), "auto")
CHANGED = replace(
    look("changed"),
    target=TARGET,
    evidence="bundle",
    reason="read: no checkbox on the page of ada@example.org",
)
RECORD: dict[str, Any] = {
    "before": [
        {
            "path": "/settings/auto",
            "language": "en",
            "detail": "none of the 2 controls of kind checkbox is the one",
            "candidates": ['checkbox "Share with Ada Example" [id=share], on (found by: nothing)'],
            "picture": "before.png",
        }
    ],
    "after": [],
    "tool": {"optout": "0.1.0", "browser": "chromium 141"},
}


def shot() -> Shot:
    """Some page: a line of text and a box."""
    page = Image.new("RGB", (600, 200), "#ffffff")
    draw = ImageDraw.Draw(page)
    draw.text((20, 20), "Ada Example, 12 Example Street", fill="#000000")
    draw.rectangle((20, 80, 580, 160), fill="#204060")
    out = io.BytesIO()
    page.save(out, "PNG")
    return Shot((Part(out.getvalue(), (0.0, 0.0, 600.0, 200.0)),))


def picture(*lines: str) -> bytes:
    return captioned(shot(), Caption("Before", lines, practice=False))


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "record.json").write_text(json.dumps(RECORD))
    (folder / "before.controls.txt").write_text(
        'button "Save" [id=save]\nswitch "Ada Example\'s page"\n'
    )
    (folder / "before.png").write_bytes(picture("workshop/auto:ada@example.org"))
    return folder


def report(tmp_path: Path, *looks: Look) -> str:
    return repair_report(Workshop(), TARGET, looks, tmp_path, ["Ada Example"]).text


def test_it_says_what_was_looked_for_and_what_was_there(tmp_path: Path, bundle: Path) -> None:
    text = report(tmp_path, CHANGED)
    for fact in (
        "`workshop/auto`",
        "unreadable, control-missing",
        'label (en): "Use what I write for training"',
        'section (en): "Training"',
        "kind: checkbox",
        "none of the 2 controls",
        'button "Save" [id=save]',
    ):
        assert fact in text


def test_nobody_is_named_in_it(tmp_path: Path, bundle: Path) -> None:
    text = report(tmp_path, CHANGED)
    assert "a***a@example.org" in text or "a***@example.org" in text
    for name in ("ada@example.org", "Ada Example"):
        assert name not in text


def test_its_picture_has_no_caption_and_cannot_be_read(tmp_path: Path, bundle: Path) -> None:
    made = repair_report(Workshop(), TARGET, [CHANGED], tmp_path, ["Ada Example"])
    assert made.picture == blurred(picture("quite another caption"))
    found = Image.open(io.BytesIO(made.picture))
    assert len(found.getcolors() or ()) <= 8
    # Not one pixel differs from its neighbours within a square: no letter is left.
    assert found.width >= 600
    small = found.resize((found.width // 14, found.height // 14), Image.Resampling.NEAREST)
    assert small.resize(found.size, Image.Resampling.NEAREST).tobytes() == found.tobytes()


def test_it_is_written_for_its_owner_alone_and_nothing_else_is(tmp_path: Path, bundle: Path) -> None:
    made = repair_report(Workshop(), TARGET, [CHANGED], tmp_path, [])
    written = made.write(tmp_path / "report")
    assert sorted(file.name for file in (tmp_path / "report").iterdir()) == ["page.png", "report.md"]
    assert {file.stat().st_mode & 0o777 for file in written} == {0o600}


def test_a_name_in_the_record_is_not_followed_out_of_the_bundle(tmp_path: Path, bundle: Path) -> None:
    (tmp_path / "secret.png").write_bytes(picture("x"))
    away = json.loads(json.dumps(RECORD).replace("before.png", "../secret.png"))
    (bundle / "record.json").write_text(json.dumps(away))
    assert repair_report(Workshop(), TARGET, [CHANGED], tmp_path, []).picture is None


def test_where_everything_could_be_read_there_is_nothing_to_report(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="no picture"):
        report(tmp_path, replace(look("out"), target=TARGET))


def test_evidence_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="not there any more"):
        report(tmp_path, CHANGED)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"before": [{}], "after": []}'])
def test_evidence_that_cannot_be_understood_is_named(tmp_path: Path, bundle: Path, content: str) -> None:
    (bundle / "record.json").write_text(content)
    with pytest.raises(EvidenceInvalid, match="cannot be understood"):
        report(tmp_path, CHANGED)


def test_a_flow_that_was_never_tried_says_so() -> None:
    assert str(Health(Workshop())) == "it has not been tried on the platform from here"
