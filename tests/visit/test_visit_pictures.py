"""Which pictures a visit leaves behind, and when it leaves none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from optout.model import Outcome, Why

if TYPE_CHECKING:
    import pytest

    from tests.visit.rehearsal import Rehearsal


async def test_whole_pages_are_kept_only_where_that_was_asked_for(rehearsal: Rehearsal) -> None:
    result = await rehearsal.visit(rehearsal.add(), may_change=False, whole_page=True)
    assert result.evidence is not None
    pictures = {file.name for file in result.evidence.glob("*.png")}
    assert pictures == {"before.png", "before-whole-page.png"}
    assert json.loads((result.evidence / "record.json").read_text())["whole_page"] is True


async def test_a_setting_is_not_touched_where_a_mask_matches_nothing(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(rehearsal.flow), "masks", ("img.somewhere-else",))
    account = rehearsal.add()
    result = await rehearsal.visit(account)
    assert (result.outcome, result.why) == (Outcome.FAILED, Why.EVIDENCE_NOT_WRITTEN)
    assert "img.somewhere-else" in result.reason
    assert account.counters.state_changing_requests == 0


async def test_what_was_painted_over_is_on_record(rehearsal: Rehearsal) -> None:
    result = await rehearsal.visit(rehearsal.add("new-nav"))
    assert result.evidence is not None
    masks = json.loads((result.evidence / "record.json").read_text())["masks"]
    assert masks == [{"rule": rehearsal.flow.masks[0], "matched": 1}]
