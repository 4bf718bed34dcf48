"""What somebody has accepted to be in is looked at and left; evidence names the mandate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from optout.model import ExitBit, Outcome, Reading, Why
from tests.workshop.flow import AUTO, DIALOG
from tests.workshop.work import Work, record_of, workshop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from optout.visit.browser import OpenBrowser

WAIVED = {AUTO.name: "waived by the board until 2026-12-31: trial"}
MANDATE = "authorised by Grace Hopper on 2026-11-01: agreement 7, about {login}"


@pytest.fixture
def work(fenced_browser: OpenBrowser, tmp_path: Path) -> Iterator[Work]:
    yield from workshop(fenced_browser, tmp_path)


async def test_a_run_reads_what_is_waived_switches_off_the_rest_and_names_its_mandate(
    work: Work,
) -> None:
    account = work.add()
    mandate = MANDATE.format(login=account.login)
    waived, other = await work.visit(AUTO, DIALOG, waived=WAIVED, mandate=mandate)
    assert (waived.outcome, waived.why, waived.reading) == (
        Outcome.STILL_IN,
        Why.WAIVED,
        Reading.IN,
    )
    assert WAIVED[AUTO.name] in waived.reason
    assert f"optout waive {waived.target} --withdraw" in waived.next_step
    assert waived.exit_bit is ExitBit.OK
    assert (other.outcome, work.sent) == (Outcome.OPTED_OUT, 1)
    said = record_of(waived)["mandate"]
    assert "authorised by Grace Hopper on 2026-11-01: agreement 7" in said
    assert account.login not in said
    assert other.evidence
    assert "Grace Hopper" in (other.evidence / "PROCESS.md").read_text()
