"""The settings beside the one for AI training: each on its own page, none visited unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.campaign.targets import select
from optout.flow.discovery import discover
from optout.model import Account, Outcome, Reading

if TYPE_CHECKING:
    from tests.visit.rehearsal import Rehearsal

FLOWS = discover()
FLOW = FLOWS.flows["linkedin"]
GROUPED = tuple(setting for setting in FLOW.settings if setting.group)


def test_a_platform_alone_means_the_switch_for_ai_training_alone() -> None:
    (job,) = select(["linkedin"], FLOWS, [Account("linkedin", "ada@example.org")])
    assert [setting.name for setting in job.settings] == ["ai-training"]


async def test_each_is_found_by_its_key_and_its_words(rehearsal: Rehearsal) -> None:
    await rehearsal.visit(rehearsal.add(), settings=GROUPED, may_change=False)
    read = {result.target.setting: result.reading for result in rehearsal.results}
    assert read == {setting.name: Reading.IN for setting in GROUPED}


async def test_one_that_is_switched_off_leaves_the_others_alone(rehearsal: Rehearsal) -> None:
    account = rehearsal.add()
    result = await rehearsal.visit(account, settings=GROUPED[:1])
    assert (result.outcome, result.notes) == (Outcome.OPTED_OUT, ())
    assert (account.settings, account.out) == ({"allowAnonymizedDataResearch": False}, False)
