"""What a bundle is shown to say: nothing more than it holds, and nothing from outside it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from optout.errors import EvidenceInvalid, OptoutError, UsageProblem
from optout.evidence.finding import Question, State
from optout.evidence.signing_key import SigningKey
from optout.evidence.tombstone import lay
from optout.report.bundle_view import view
from optout.report.evidence_page import evidence_page
from optout.report.fields import read_record
from optout.report.story import told
from tests.report.records import CLAIMED, VISITED, bundle, picture
from tests.workshop import flow as shapes
from tests.workshop.work import Work, workshop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from optout.report.story import Story
    from optout.visit.browser import OpenBrowser


def story(**changes: Any) -> Story:
    _, record = read_record(json.dumps(VISITED | changes).encode())
    return told(record)


@pytest.fixture
def work(fenced_browser: OpenBrowser, tmp_path: Path) -> Iterator[Work]:
    yield from workshop(fenced_browser, tmp_path)


async def test_a_real_visit_is_told_from_its_own_bundle(work: Work) -> None:
    work.add()
    result = await work.run(shapes.AUTO)
    assert result.evidence is not None
    shown = view(result.evidence)
    assert shown.story.verdict.endswith(": opted out, and proven by a fresh load.")
    assert [each.picture.title for each in shown.pictures] == ["Before", "After a fresh load"]
    assert all(each.address.startswith("data:image/") for each in shown.pictures)
    assert work.last.login not in evidence_page(shown).decode()


def test_the_steps_are_told_in_the_order_they_were_taken() -> None:
    began, before, changed, after, ended = story().steps
    assert began.startswith("2026-11-22 06:33:59 UTC: the visit began at https://exemplar.test")
    assert 'read as "in", beside the words "Use my data", found by key, label' in before
    assert changed == "The program operated the setting. The page sent PUT /api/settings (200)."
    assert after.startswith("The setting was loaded afresh")
    assert ended == "2026-11-22 06:34:05 UTC: opted out, and proven by a fresh load."


@pytest.mark.parametrize(
    ("changes", "tone"),
    [
        ({}, "good"),
        ({"outcome": "not-saved"}, "bad"),
        ({"outcome": "still-in", "changed_by": "none", "after": []}, "bad"),
        ({"outcome": "unreadable", "why": "label-unknown"}, "open"),
        ({"outcome": "needs-person", "why": "captcha"}, "open"),
    ],
)
def test_only_what_is_out_is_told_as_good_news(changes: dict[str, Any], tone: str) -> None:
    assert story(**changes).tone == tone


@pytest.mark.parametrize(("locked", "tone"), [("out", "good"), ("in", "open")])
def test_what_is_locked_is_good_news_only_where_it_is_locked_out(locked: str, tone: str) -> None:
    step = VISITED["before"][0] | {"reading": "managed", "locked": locked}
    assert story(outcome="managed", before=[step], after=[], changed_by="none").tone == tone


def test_a_reason_without_a_sentence_is_told_by_its_word() -> None:
    told_ = story(outcome="needs-person", why="captcha", after=[])
    assert told_.reason == "the site asked to prove that a person is there"


def test_the_facts_name_clocks_certificate_and_what_was_painted_over() -> None:
    facts = dict(story().facts)
    assert facts["Server's own clock at the last reading"] == "Sun, 22 Nov 2026 06:34:00 GMT"
    assert facts["TLS certificate"] == "protocol TLS 1.3, issuer An Authority"
    assert facts["Painted over in the pictures"] == "img.face (1)"


def test_a_statement_is_never_told_as_a_proof(tmp_path: Path) -> None:
    shown = view(bundle(tmp_path / "bundle", CLAIMED))
    assert shown.story.tone == "open"
    assert "a statement, not a proof" in shown.story.verdict
    assert [each.picture.text for each in shown.pictures] == ["a picture that optout did not take"]


@pytest.mark.parametrize("name", [name for name in VISITED if name not in ("asks", "out_means")])
def test_a_record_that_lacks_a_field_is_refused_by_its_name(name: str) -> None:
    left = {field: value for field, value in VISITED.items() if field != name}
    with pytest.raises(EvidenceInvalid, match=name):
        told(read_record(json.dumps(left).encode())[1])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"outcome": "out"}, "outcome is not as a record is; expected one of opted-out, already-out"),
        ({"before": "none"}, "before is not as a record is"),
        ({"before": [7]}, r"before\[0\] is not as a record is"),
        ({"practice": "no"}, "practice is not as a record is"),
        ({"notes": [1]}, "notes is not as a record is"),
        ({"elapsed_s": True}, "elapsed_s is not as a record is"),
        ({"changed_by": "somebody"}, "changed_by is not as a record is"),
        ({"schema": "somebody-else/1"}, "schema is not as a record is"),
    ],
)
def test_a_field_that_is_not_as_it_should_be_is_named(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(EvidenceInvalid, match=said):
        story(**changes)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"[" * 100_000], ids=ascii)
def test_what_is_no_record_is_refused(content: bytes) -> None:
    with pytest.raises(EvidenceInvalid):
        read_record(content)


@pytest.mark.parametrize(
    ("schema", "said"), [("optout-record/3", "a newer"), ("optout-record/1", "an early")]
)
def test_a_record_of_another_version_says_so_and_does_not_guess(schema: str, said: str) -> None:
    with pytest.raises(OptoutError, match=f"written by {said} optout") as refused:
        story(schema=schema)
    assert "optout evidence verify" in refused.value.next_step


def test_a_sound_bundle_is_shown_as_such(tmp_path: Path) -> None:
    shown = view(bundle(tmp_path / "bundle"))
    states = {each.question: each.state for each in shown.findings}
    assert (states[Question.FILES], states[Question.SIGNATURE]) == (State.OK, State.OK)
    assert shown.reliable
    page = evidence_page(shown).decode()
    assert "Do not rely" not in page
    assert "ssh-keygen -Y verify" in page


def test_a_bundle_nobody_signed_says_so_and_offers_no_signature_to_check(tmp_path: Path) -> None:
    page = evidence_page(view(bundle(tmp_path / "bundle", sealed=False))).decode()
    assert "Nobody signed this bundle." in page
    assert "ssh-keygen" not in page


def test_a_bundle_that_was_changed_is_not_shown_as_good_news(tmp_path: Path) -> None:
    folder = bundle(tmp_path / "bundle")
    (folder / "after.png").write_bytes(picture("#a1201a"))
    shown = view(folder)
    assert not shown.reliable
    page = evidence_page(shown).decode()
    assert "Do not rely on this bundle." in page
    assert 'class="verdict good"' not in page


def test_of_a_bundle_that_was_purged_it_says_that_nothing_is_left(tmp_path: Path) -> None:
    lay(tmp_path, "bundle", "0" * 64, "2026-11-22T00:00:00Z", SigningKey.make())
    with pytest.raises(UsageProblem, match=r"removed on purpose.*tombstone.*optout evidence verify"):
        view(tmp_path)


SECRET = b"\x89PNG\r\n\x1a\n something that lies outside the bundle"


@pytest.mark.parametrize(
    "name",
    [
        "../outside.png",
        "..",
        ".",
        "linked.png",
        "folder/inside.png",
        "C:\\x.png",
        "a\0b",
        "x" * 300,
        "CON",
    ],
    ids=ascii,
)
def test_a_picture_outside_the_bundle_is_never_shown(name: str, tmp_path: Path) -> None:
    (tmp_path / "outside.png").write_bytes(SECRET)
    step = VISITED["before"][0] | {"picture": name}
    folder = bundle(tmp_path / "bundle", VISITED | {"before": [step]})
    (folder / "linked.png").symlink_to(tmp_path / "outside.png")
    (folder / "folder").mkdir()
    (folder / "folder" / "inside.png").write_bytes(SECRET)
    (shown, _) = view(folder).pictures
    assert (shown.address, bool(shown.problem)) == ("", True)


def test_a_picture_that_is_none_is_not_put_on_the_page(tmp_path: Path) -> None:
    folder = bundle(tmp_path / "bundle")
    (folder / "before.png").write_bytes(b"<svg onload=alert(1)>")
    (shown, _) = view(folder).pictures
    assert shown.address == ""
