"""Verifying: whose key it is, what is complete, and what cannot be judged."""

from __future__ import annotations

import datetime
import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from optout.errors import EvidenceInvalid, OptoutError
from optout.evidence import verify as verify_module
from optout.evidence.bundle import ENVELOPE, MANIFEST, SIGNATURE, write_bundle
from optout.evidence.checkpoint import CHECKPOINT
from optout.evidence.gather import gather
from optout.evidence.key_folder import KeyFolder
from optout.evidence.seal import NAMESPACE, Seal
from optout.evidence.signing_key import SigningKey
from optout.evidence.sshsig import NotSigned, ssh_sign, ssh_verify
from optout.evidence.statement import Statement, open_envelope
from optout.evidence.tombstone import lay
from optout.evidence.verify import check_sealed
from optout.evidence.witnesses import Brought
from optout.ledger.chain import Kind
from optout.model import ExitBit
from tests.evidence.sealed import ADA, AT, Installation, failures, files, record, said, step, verified

if TYPE_CHECKING:
    from pathlib import Path


def answers(path: Path, **brought: Any) -> dict[str, tuple[str, str]]:
    """What is said of the last bundle there."""
    return {each.question: (each.state, each.said) for each in verified(path, **brought)[-1].findings}


def lone(folder: Path, **facts: Any) -> Path:
    """A bundle that lies alone."""
    content = {**files(), "record.json": json.dumps(record(**facts)).encode()}
    return write_bundle(folder / "bundle", content, [Seal(SigningKey.make())]).folder


def test_a_bundle_alone_is_valid_and_says_what_it_cannot_show(tmp_path: Path) -> None:
    found = answers(lone(tmp_path))
    assert {question: state for question, (state, _) in found.items()} == {
        "files": "ok",
        "signature": "ok",
        "chain": "not-shown",
        "time": "not-shown",
        "completeness": "ok",
    }
    assert "name the key with --pub" in found["signature"][1]
    assert found["time"][1].startswith("no third-party time")


def test_what_a_bundle_says_it_does_not_prove_is_passed_on(tmp_path: Path) -> None:
    (found,) = verified(lone(tmp_path))
    assert found.does_not_prove[0] == "that the platform obeys"
    assert "told the truth" in found.does_not_prove[-1]


def test_an_unsigned_bundle_is_not_valid(tmp_path: Path) -> None:
    folder = write_bundle(tmp_path / "bundle", files()).folder
    (found,) = verified(folder)
    assert (found.valid, found.exit_bits) == (False, ExitBit.EVIDENCE)
    assert answers(folder)["files"] == ("not-shown", f"all 4 agree with {MANIFEST}, which nobody signed")
    with pytest.raises(EvidenceInvalid, match="signature: there is none"):
        check_sealed(folder)


def test_a_bundle_without_its_manifest_is_not_valid(tmp_path: Path) -> None:
    folder = lone(tmp_path)
    (folder / MANIFEST).unlink()
    assert said(folder) == f"files: missing: {MANIFEST}"


def test_where_there_is_no_evidence_it_cannot_be_verified(tmp_path: Path) -> None:
    with pytest.raises(OptoutError, match="there is no evidence"):
        verified(tmp_path)


def test_a_file_that_cannot_be_read_is_not_called_invalid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = lone(tmp_path)
    (folder / "after.png").unlink()
    # A link in a circle: nobody, not even root, can read it.
    (folder / "after.png").symlink_to("after.png")
    assert "added: after.png" in said(folder)

    def refuse(_: object) -> None:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr("optout.evidence.examine.os.scandir", refuse)
    (found,) = verified(folder)
    assert found.exit_bits == ExitBit.UNFORESEEN
    assert "cannot be read: Permission denied" in said(folder)


@pytest.mark.parametrize("schema", ["optout-record/3", "optout-claim/2"])
def test_a_newer_record_cannot_be_judged(tmp_path: Path, schema: str) -> None:
    (found,) = verified(lone(tmp_path, schema=schema))
    assert found.exit_bits == ExitBit.UNFORESEEN
    assert "Upgrade optout" in said(tmp_path / "bundle")


def test_a_newer_seal_cannot_be_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optout.evidence.statement.VERSION", 2)
    folder = lone(tmp_path)
    monkeypatch.undo()
    assert verified(folder)[0].exit_bits & ExitBit.UNFORESEEN
    assert "the seal is of version 2, this optout knows 1. Upgrade optout" in said(folder)


@pytest.mark.parametrize(
    ("facts", "state", "text"),
    [
        ({}, "ok", "opted-out: 2 pictures, read back after a fresh load, the account's own person"),
        ({"after": []}, "failed", "nothing was read back after a fresh load"),
        ({"after": [step("in", "after.png")]}, "failed", "the last reading of /ai is in"),
        ({"after": [step("unknown", "after.png")]}, "failed", "the last reading of /ai is unknown"),
        ({"after": [step("out", "gone.png")]}, "failed", "the picture gone.png is not there"),
        ({"after": [step("out", "")]}, "failed", "there is no picture of /ai"),
        ({"after": [step("out", "after.png", signed_in_ref="")]}, "failed", "without seeing who"),
        ({"after": [step("out", "after.png", signed_in_ref="0")]}, "failed", "another person"),
        ({"signed_in": {"known_from": "x", "expected_ref": "0"}}, "failed", "another person"),
        (
            {"before": [step("in", "before.png"), step("in", "before.png", path="/b")]},
            "failed",
            "the last reading of /b is in",
        ),
        ({"before": [], "after": []}, "failed", "nothing was read"),
        ({"outcome": "still-in"}, "not-shown", "it proves no opt-out: the outcome is still-in"),
        ({"outcome": "perhaps"}, "failed", "cannot be understood"),
        ({"outcome": "already-out"}, "ok", "already-out: 2 pictures"),
        ({"outcome": "managed"}, "ok", "managed: 2 pictures"),
        ({"outcome": "not-offered"}, "failed", "the last reading of /ai is out"),
        ({"practice": True}, "not-shown", "PRACTICE"),
        ({"schema": "optout-claim/1"}, "not-shown", "it is what its owner says"),
        ({"schema": "other/1"}, "failed", "there is no record.json of optout"),
    ],
)
def test_completeness(tmp_path: Path, facts: dict[str, Any], state: str, text: str) -> None:
    found = answers(lone(tmp_path, **facts))["completeness"]
    assert found[0] == state
    assert text in found[1]


def test_several_objects_each_have_the_last_word(tmp_path: Path) -> None:
    before = [step("in", "before.png"), step("managed", "before.png", path="/b", locked="out")]
    assert answers(lone(tmp_path, before=before))["completeness"][0] == "ok"


def test_with_the_owners_key_the_signature_is_theirs(tmp_path: Path) -> None:
    made = Installation.at(tmp_path, 1)
    assert "as you named it" in answers(tmp_path, keys=(made.key.public,))["signature"][1]


def test_a_foreign_key_is_named(tmp_path: Path) -> None:
    Installation.at(tmp_path, 1)
    wrong = failures(tmp_path, keys=(SigningKey.make().public,))
    assert [each.question for each in wrong] == ["checkpoints", "signature"]
    assert "made by a foreign key, SHA256:" in wrong[1].said


@pytest.mark.parametrize("which", ["old", "new"])
def test_after_a_rotation_both_keys_vouch_for_all(tmp_path: Path, which: str) -> None:
    made = Installation.at(tmp_path, 1)
    old, new = made.key, SigningKey.make()
    folder = KeyFolder(made.layout.keys)
    folder.add_succession(old, new, AT.isoformat())
    folder.add(new.public)
    made.key = new
    made.add()
    made.checkpoint()
    trusted = old if which == "old" else new
    assert failures(tmp_path, keys=(trusted.public,)) == []


def test_a_key_that_nobody_handed_over_to_is_foreign(tmp_path: Path) -> None:
    made = Installation.at(tmp_path, 1)
    old, thief = made.key, SigningKey.make()
    folder = KeyFolder(made.layout.keys)
    folder.add_succession(old.public, thief, AT.isoformat())
    folder.add(thief.public)
    made.key = thief
    made.add()
    made.checkpoint()
    assert "made by a foreign key" in said(tmp_path, keys=(old.public,))
    # Whoever trusts the new key may take its word for who was before it.
    assert failures(tmp_path, keys=(thief.public,)) == []


def test_an_organisations_signature_counts_as_much(tmp_path: Path) -> None:
    organisation = SigningKey.make()
    made = Installation.at(tmp_path, counter=organisation)
    folder = made.add()
    made.checkpoint()
    assert "signature" not in {each.question for each in failures(tmp_path, keys=(organisation.public,))}
    alone = shutil.copytree(folder, tmp_path / "alone" / "bundle")
    found = answers(alone, keys=(organisation.public,))["signature"]
    assert found[0] == "ok"
    assert f"counter-signed by {organisation.public.fingerprint}" in found[1]


def test_a_checkpoint_without_a_log_to_compare_it_with(tmp_path: Path) -> None:
    made = Installation.at(tmp_path / "home", 1)
    folder = lone(tmp_path)
    found = failures(folder, checkpoint=made.layout.checkpoints / "1.json")
    assert [(each.question, each.state) for each in found] == [("checkpoints", "impossible")]


def test_what_is_newer_than_the_checkpoint_is_not_shown(tmp_path: Path) -> None:
    made = Installation.at(tmp_path / "home", 2)
    old = made.layout.checkpoints / "1.json"
    assert answers(tmp_path / "home", checkpoint=old)["chain"] == (
        "not-shown",
        "entry 2 is newer than the checkpoint you brought",
    )


def removed(made: Installation, folder: Path, digest: str = "") -> None:
    """What purging leaves behind."""
    entry = made.entries[0]
    gone = made.enter(Kind.REMOVED, folder, entry.digest)
    made.checkpoint()
    shutil.rmtree(folder)
    folder.mkdir()
    lay(folder, gone.bundle, digest or gone.digest, gone.at, made.key)


def test_a_tombstone_keeps_the_chain_whole(tmp_path: Path) -> None:
    made = Installation.at(tmp_path, 2)
    removed(made, made.bundles[0])
    assert failures(tmp_path) == []
    texts = [each.findings[0].said for each in verified(tmp_path) if each.about_bundle]
    assert texts[0].startswith("removed on 2026-03-0")


@pytest.mark.parametrize(
    ("harm", "text"),
    [
        (lambda folder: (folder / "tombstone.json.sig").unlink(), "does not verify"),
        (lambda folder: (folder / "tombstone.json").write_bytes(b"{}"), "does not verify"),
        (lambda folder: (folder / "more").write_bytes(b"x"), "more in it than a tombstone"),
    ],
)
def test_a_tombstone_that_was_touched_does_not_verify(tmp_path: Path, harm: Any, text: str) -> None:
    made = Installation.at(tmp_path, 2)
    removed(made, made.bundles[0])
    harm(made.bundles[0])
    assert text in said(tmp_path)


def test_a_tombstone_for_what_the_log_knows_as_standing_is_a_fraud(tmp_path: Path) -> None:
    made = Installation.at(tmp_path, 2)
    folder, entry = made.bundles[0], made.entries[0]
    shutil.rmtree(folder)
    folder.mkdir()
    lay(folder, entry.bundle, entry.digest, AT.isoformat(), made.key)
    assert "says that it was removed, and the log does not" in said(tmp_path)


def test_many_bundles_are_looked_at_by_several_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Installation.at(tmp_path, 5)
    monkeypatch.setattr(verify_module, "_MANY", 4)
    (made.bundles[3] / "after.png").write_bytes(b"")
    assert [each.valid for each in verified(tmp_path)] == [True, True, True, True, False, True]


def test_a_statement_is_in_toto_in_dsse(tmp_path: Path) -> None:
    folder = lone(tmp_path)
    opened = open_envelope((folder / ENVELOPE).read_bytes())
    data = json.loads(opened.payload)
    assert data["_type"] == "https://in-toto.io/Statement/v1"
    assert data["predicateType"] == "urn:optout:evidence:v1"
    names = {each["name"] for each in data["subject"]}
    assert names == {file.name for file in folder.iterdir()} - {ENVELOPE, SIGNATURE}
    assert Statement.read(opened.payload).files.keys() == names
    sealed = datetime.datetime.fromisoformat(data["predicate"]["sealed"])
    assert sealed.tzinfo is not None


def test_a_signature_for_one_thing_is_none_for_another() -> None:
    signature = ssh_sign(SigningKey.make(), b"12", NAMESPACE)
    with pytest.raises(NotSigned, match="for something else"):
        ssh_verify(signature, b"12", "optout-checkpoint-v1")


def test_a_folder_name_from_elsewhere_leads_nowhere(tmp_path: Path) -> None:
    made = Installation.at(tmp_path / "home", 1)
    outside = tmp_path / "outside"
    shutil.copytree(made.bundles[0], outside / "linked-bundle")
    (made.layout.evidence / "linkedin" / ADA / "linked").symlink_to(outside)
    assert len(verified(tmp_path / "home")) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b'{"schema": "optout-record/1e999"}',
        b'{"schema": "optout-record/2", "outcome": "opted-out", "before": [Infinity], "after": []}',
        b"[]",
        b"\xff\xfe",
        b"",
    ],
    ids=["deep", "version", "shape", "list", "text", "empty"],
)
def test_a_record_made_to_break_the_reader_is_only_not_complete(tmp_path: Path, content: bytes) -> None:
    files_ = {**files(), "record.json": content}
    folder = write_bundle(tmp_path / "bundle", files_, [Seal(SigningKey.make())]).folder
    assert [each.question for each in failures(folder)] == ["completeness"]


@pytest.mark.parametrize(
    "line", ["[" * 100_000, '{"number": Infinity}', "null", '{"number": "x"}', "\u2028"]
)
def test_a_log_made_to_break_the_reader_is_only_broken(tmp_path: Path, line: str) -> None:
    made = Installation.at(tmp_path, 1)
    made.write_log([line])
    assert "line 1 is not an entry" in said(tmp_path)


@pytest.mark.parametrize("size", ["0", "-1", "Infinity", "null", '"x"'])
def test_a_checkpoint_made_to_break_the_reader_is_only_refused(tmp_path: Path, size: str) -> None:
    made = Installation.at(tmp_path, 1)
    content = f'{{"at":"","head":"","schema":"optout-checkpoint/1","size":{size}}}'.encode()
    path = made.layout.checkpoints / "1.json"
    path.write_bytes(content)
    path.with_name("1.json.sig").write_bytes(CHECKPOINT.signature(content, made.key))
    assert "1.json: it is not a checkpoint of optout" in said(tmp_path)


def test_an_entry_is_under_the_first_checkpoint_after_it(tmp_path: Path) -> None:
    made = Installation.at(tmp_path, 2)
    looked: list[int] = []
    witnesses = gather(made.layout, Brought())
    for number in (1, 2, 3):
        found = witnesses.covering(number)
        looked.append(found.size if found else 0)
    assert looked == [1, 2, 0]
