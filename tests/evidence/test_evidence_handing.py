"""Handing a checkpoint over: to a file, a real mail server and a real web server on loopback."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from optout.errors import SiteUnreachable, UsageProblem
from optout.evidence.checkpoint import Checkpoint, read_checkpoint
from optout.evidence.handing import MAIL_SERVER, hand_over
from tests.evidence.authority import serving
from tests.evidence.sealed import ADA, Installation
from tests.watch.receivers import mail_server

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def checkpoint(tmp_path: Path) -> Checkpoint:
    made = Installation.at(tmp_path / "home", 1).checkpoint()
    made.stamp.write_bytes(b"\x30stamp")
    return made


def test_a_file_can_be_verified_with(checkpoint: Checkpoint, tmp_path: Path) -> None:
    to = tmp_path / "usb" / "kept.json"
    hand_over(checkpoint, str(to))
    kept = read_checkpoint(to)
    assert (kept.size, kept.head, kept.key) == (checkpoint.size, checkpoint.head, checkpoint.key)
    assert kept.stamp.read_bytes() == b"\x30stamp"


def test_a_letter_holds_the_files_and_no_name(checkpoint: Checkpoint, tmp_path: Path) -> None:
    with mail_server() as box:
        server = urlsplit(box.url).netloc
        hand_over(checkpoint, "mailto:dpo@example.org", {MAIL_SERVER: server})
    (letter,) = box.mails
    assert letter["To"] == "dpo@example.org"
    for part in letter.iter_attachments():
        (tmp_path / str(part.get_filename())).write_bytes(part.get_content())
    kept = read_checkpoint(tmp_path / "optout-checkpoint-1.json")
    assert (kept.head, kept.stamp.read_bytes()) == (checkpoint.head, b"\x30stamp")
    body = letter.get_body()
    assert body is not None
    assert checkpoint.head in body.get_content()
    assert ADA not in letter.as_string()


def test_a_web_address_gets_hashes_and_nothing_else(checkpoint: Checkpoint) -> None:
    got: list[bytes] = []

    def answer(body: bytes) -> bytes:
        got.append(body)
        return b""

    with serving(answer) as url:
        hand_over(checkpoint, url)
    said = json.loads(got[0])
    assert said["checkpoint"].encode() == checkpoint.path.read_bytes()
    assert said["signature"].encode() == checkpoint.signature.read_bytes()
    assert base64.b64decode(said["timestamp"]) == b"\x30stamp"
    assert ADA.encode() not in got[0]


@pytest.mark.parametrize("to", ["ftp://example.org/x", "http://example.org/x", "mailto:nobody"])
def test_what_is_no_way_to_hand_over_is_refused(checkpoint: Checkpoint, to: str) -> None:
    with pytest.raises(UsageProblem):
        hand_over(checkpoint, to)


@pytest.mark.parametrize("to", ["http://127.0.0.1:9/token-canary", "mailto:dpo@example.org"])
def test_who_does_not_take_it_is_named_with_what_to_do(checkpoint: Checkpoint, to: str) -> None:
    with pytest.raises(SiteUnreachable, match="optout evidence checkpoint --to") as problem:
        hand_over(checkpoint, to, {MAIL_SERVER: "127.0.0.1:9"})
    assert "token-canary" not in str(problem.value)
