"""What is done by hand: told apart from visits, and kept as somebody's word and nothing more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, ImageDraw

from optout.accounts.secret import Secret
from optout.campaign.by_hand import set_apart
from optout.campaign.claims import record_claim
from optout.campaign.platforms import find_platform
from optout.errors import PersonNeeded, UsageProblem
from optout.evidence.bundle import SEALS, check_bundle
from optout.flow.discovery import discover
from optout.ledger.accounts import find_account
from optout.ledger.status import status
from optout.ledger.visits import open_visits
from optout.model import Account, ExitBit, Outcome, Reading, Result, Why

if TYPE_CHECKING:
    from pathlib import Path

    from optout.campaign.surroundings import Surroundings

FLOWS = discover()
ADA = "ada@example.org"


@pytest.fixture
def screenshot(tmp_path: Path) -> Path:
    picture = Image.new("RGB", (640, 400), "white")
    ImageDraw.Draw(picture).text((40, 40), "Privacy Mode: on", fill="black")
    picture.save(tmp_path / "shot.png")
    return tmp_path / "shot.png"


def claim(around: Surroundings, place: str, **facts: Any) -> Result:
    name, _, setting = place.partition("/")
    platform = find_platform(FLOWS, name)
    found = platform.setting(setting)
    assert found
    return record_claim(around, platform, found, Account(name, ADA), tell=print, **facts)


def apart(around: Surroundings, *texts: str, accounts: tuple[str, ...] = ()) -> tuple[list[str], Any]:
    listed = [Account(*each.split(":")) for each in accounts]
    return set_apart(texts, FLOWS, listed, around.ledger)


def test_a_claim_is_a_bundle_that_says_it_is_no_proof(around: Surroundings, screenshot: Path) -> None:
    result = claim(around, "cursor/privacy-mode", screenshot=screenshot, note="on my laptop")
    assert result.evidence
    bundle = check_bundle(result.evidence)
    record = json.loads((bundle.folder / "record.json").read_text())
    assert bundle.digest == result.evidence_digest
    assert record["schema"] == "optout-claim/1"
    assert (record["outcome"], record["reading"], record["proven_by_optout"]) == (
        "claimed",
        "unknown",
        False,
    )
    assert record["note"] == "on my laptop"
    assert "optout has seen neither" in record["does_not_prove"][0]


def test_a_claims_record_does_not_name_the_person(around: Surroundings, screenshot: Path) -> None:
    result = claim(around, "cursor/privacy-mode", screenshot=screenshot, note=f"I am {ADA}.")
    assert result.evidence
    text = (result.evidence / "record.json").read_text()
    assert ADA not in text
    assert "a***@example.org" in text
    assert json.loads(text)["account_ref"] == result.evidence.parent.name


def test_a_claim_is_never_read_as_proven(around: Surroundings, screenshot: Path) -> None:
    result = claim(around, "cursor/privacy-mode", screenshot=screenshot)
    assert (result.outcome, result.reading, result.why) == (
        Outcome.CLAIMED,
        Reading.UNKNOWN,
        Why.DONE_BY_HAND,
    )
    assert result.exit_bit is ExitBit.NEEDS_PERSON
    (row,) = status(around.ledger, [Account("cursor", ADA)])
    assert (row.outcome, row.known_reading, row.last_proof_at) == (Outcome.CLAIMED, None, None)


def test_the_account_is_added_and_the_visit_that_was_none_is_over(
    around: Surroundings, screenshot: Path
) -> None:
    claim(around, "cursor/privacy-mode", screenshot=screenshot)
    assert find_account(around.ledger, Account("cursor", ADA))
    assert open_visits(around.ledger) == []


def test_a_letter_that_was_sent_needs_no_picture_and_is_a_request(around: Surroundings) -> None:
    result = claim(around, "slack/global-models", sent=True)
    assert (result.outcome, result.why) == (Outcome.CLAIMED, Why.REQUEST_SENT)
    assert "optout record slack/global-models" in result.next_step
    assert result.evidence
    names = {file.name for file in result.evidence.iterdir()}
    assert names - SEALS == {"manifest.sha256", "record.json"}


@pytest.mark.parametrize(
    ("place", "facts", "said"),
    [
        ("cursor/privacy-mode", {}, "--screenshot FILE"),
        ("slack/global-models", {}, "or say that it was sent: --sent"),
        ("cursor/privacy-mode", {"sent": True}, "--sent is for letters and forms"),
        ("zoom/ai-training", {"sent": True}, "Zoom offers no opt-out"),
        ("linkedin/ai-training", {"sent": True}, "optout check linkedin/ai-training:ada@example.org"),
        ("slack/global-models", {"sent": True, "note": "x" * 501}, "501 characters"),
        ("slack/global-models", {"sent": True, "note": "a\x1bb"}, "plain text"),
    ],
)
def test_what_cannot_be_claimed_is_refused_and_nothing_is_kept(
    around: Surroundings, place: str, facts: dict[str, Any], said: str
) -> None:
    with pytest.raises(UsageProblem) as caught:
        claim(around, place, **facts)
    assert said in str(caught.value)
    assert find_account(around.ledger, Account(place.partition("/")[0], ADA)) is None
    assert not around.home.evidence.exists()


def test_a_live_secret_in_a_note_never_reaches_the_record(around: Surroundings) -> None:
    password = Secret("Correct-horse 7 battery")
    result = claim(around, "slack/global-models", sent=True, note=f"with {password.reveal()}, thanks")
    assert result.evidence
    assert password.reveal() not in (result.evidence / "record.json").read_text()


def test_what_no_flow_visits_is_set_apart_with_what_to_do(around: Surroundings) -> None:
    left, (result,) = apart(around, "linkedin", f"slack:{ADA}")
    assert left == ["linkedin"]
    assert (result.outcome, result.why) == (Outcome.NEEDS_PERSON, Why.BY_HAND)
    assert result.next_step == f"Write it: optout letter slack/global-models:{ADA}"


@pytest.mark.parametrize("text", ["linkedin", "linkedin/ai-training", "linkedin/x", "nowhere", "a/b/c"])
def test_what_is_for_visits_is_left_as_it_was_typed(around: Surroundings, text: str) -> None:
    assert apart(around, text) == ([text], [])


def test_a_form_that_was_sent_is_not_filled_in_again(around: Surroundings) -> None:
    bob = "linkedin:bob@example.org"
    accounts = (f"linkedin:{ADA}", bob)
    before, nothing = apart(around, "linkedin/objection", accounts=accounts)
    assert (len(before), nothing) == (2, [])
    claim(around, "linkedin/objection", sent=True)
    left, (result,) = apart(around, "linkedin/objection", accounts=accounts)
    assert left == [bob.replace(":", "/objection:", 1)]
    assert (result.outcome, result.why) == (Outcome.CLAIMED, Why.REQUEST_SENT)


def test_a_form_for_nobody_is_left_to_say_so(around: Surroundings) -> None:
    assert apart(around, "linkedin/objection") == (["linkedin/objection"], [])


def test_a_setting_beside_a_flow_is_set_apart_too(around: Surroundings) -> None:
    left, (result,) = apart(around, f"linkedin/cookies:{ADA}")
    assert (left, result.next_step) == ([], f"See how: optout guide linkedin/cookies:{ADA}")


def test_without_targets_every_account_that_is_done_by_hand_is_named(around: Surroundings) -> None:
    left, results = apart(around, accounts=(f"linkedin:{ADA}", f"slack:{ADA}", f"zoom:{ADA}"))
    assert left == []
    assert [str(result.target) for result in results] == [
        f"slack/global-models:{ADA}",
        f"zoom/ai-training:{ADA}",
    ]
    assert "does not train on your content" in results[1].next_step


def test_what_was_claimed_is_said_to_be_claimed_and_not_asked_for_again(around: Surroundings) -> None:
    claim(around, "slack/global-models", sent=True)
    _, (result,) = apart(around, f"slack:{ADA}")
    assert (result.outcome, result.exit_bit) == (Outcome.CLAIMED, ExitBit.NEEDS_PERSON)
    assert "said on 20" in result.reason


def test_a_platform_without_accounts_is_explained(around: Surroundings) -> None:
    with pytest.raises(PersonNeeded) as caught:
        apart(around, "slack")
    assert "it takes a letter that you send" in str(caught.value)
    assert "optout letter slack/global-models" in str(caught.value)
