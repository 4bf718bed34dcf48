"""Time stamps of a real authority, made with OpenSSL and served on loopback."""

from __future__ import annotations

import datetime
import hashlib
import shutil
from typing import TYPE_CHECKING

import pytest

from optout.errors import NotUsableHere, SiteUnreachable
from optout.evidence import timestamp
from optout.evidence.timestamp import StampInvalid, ask_for_stamp, check_stamp, read_stamp
from tests.evidence.authority import Authority
from tests.evidence.sealed import Installation, failures, verified

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONTENT = b'{"size":12}\n'


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    made = Authority(tmp_path_factory.mktemp("authority") / "files")
    made.make()
    with made.answering():
        yield made


@pytest.fixture(scope="module")
def reply(authority: Authority) -> bytes:
    return ask_for_stamp(CONTENT, authority.url)


@pytest.fixture(scope="module")
def unsorted_reply(authority: Authority) -> bytes:
    """As OpenSSL sends it with a chain: not in the order that DER asks for."""
    authority.chain = True
    try:
        return ask_for_stamp(CONTENT, authority.url)
    finally:
        authority.chain = False


@pytest.fixture
def without_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timestamp, "_library", lambda: None)


def test_only_a_hash_leaves_this_computer(authority: Authority, reply: bytes) -> None:
    assert hashlib.sha256(CONTENT).digest() in authority.asked[0]
    assert CONTENT.strip() not in authority.asked[0]
    assert len(authority.asked[0]) < 110


def test_a_stamp_that_the_authority_vouches_for(authority: Authority, reply: bytes) -> None:
    stamp = check_stamp(reply, CONTENT, authority.root)
    assert stamp.checked_by == "rfc3161-client"
    assert abs(stamp.at - datetime.datetime.now(datetime.UTC)) < datetime.timedelta(minutes=2)


def test_what_the_library_is_too_strict_for_openssl_checks(
    authority: Authority, unsorted_reply: bytes
) -> None:
    assert check_stamp(unsorted_reply, CONTENT, authority.root).checked_by == "openssl ts"


@pytest.mark.usefixtures("without_library")
def test_without_the_library_openssl_does_it_all(authority: Authority) -> None:
    made = ask_for_stamp(CONTENT, authority.url)
    assert check_stamp(made, CONTENT, authority.root).checked_by == "openssl ts"


def test_both_read_the_same_time(reply: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    by_library = read_stamp(reply, CONTENT).at
    monkeypatch.setattr(timestamp, "_library", lambda: None)
    assert read_stamp(reply, CONTENT).at == by_library


@pytest.mark.parametrize("library", [True, False])
def test_a_stamp_of_something_else_is_refused(
    reply: bytes, monkeypatch: pytest.MonkeyPatch, library: bool
) -> None:
    if not library:
        monkeypatch.setattr(timestamp, "_library", lambda: None)
    with pytest.raises(StampInvalid, match="of something else"):
        read_stamp(reply, b"other")


def test_a_stamp_of_another_authority_is_refused(tmp_path: Path, reply: bytes) -> None:
    other = Authority(tmp_path / "other")
    other.make("Another authority")
    with pytest.raises(StampInvalid, match="not of the authority"):
        check_stamp(reply, CONTENT, other.root)


def test_an_authority_that_does_not_answer_is_named_with_what_to_do() -> None:
    with pytest.raises(SiteUnreachable, match="Add it later: optout evidence checkpoint --tsa"):
        ask_for_stamp(CONTENT, "http://127.0.0.1:9/")


@pytest.mark.usefixtures("without_library")
def test_with_neither_library_nor_program_it_says_what_to_install(
    reply: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(NotUsableHere, match=r"optout\[timestamp\]"):
        read_stamp(reply, CONTENT)


def test_verifying_names_the_time_and_who_checked_it(tmp_path: Path, authority: Authority) -> None:
    made = Installation.at(tmp_path, 2)
    checkpoint = made.layout.checkpoints / "2.json"
    stamp = ask_for_stamp(checkpoint.read_bytes(), authority.url)
    checkpoint.with_name("2.json.tsr").write_bytes(stamp)
    found = verified(tmp_path, authority=authority.root)[1:]
    times = [finding for each in found for finding in each.findings if finding.question == "time"]
    assert [(time.state, "checked by rfc3161-client" in time.said) for time in times] == [
        ("ok", True)
    ] * 2
    # Without the authority's certificate it is a claim, and is shown as one.
    (bundle, _) = verified(tmp_path)[1:]
    assert [each.state for each in bundle.findings if each.question == "time"] == ["not-shown"]
    # Of the wrong checkpoint it is a fraud.
    shutil.copyfile(made.layout.checkpoints / "2.json.tsr", made.layout.checkpoints / "1.json.tsr")
    (found_out,) = failures(tmp_path)
    assert (found_out.question, found_out.said) == (
        "time",
        "1.json.tsr: it is a time stamp of something else",
    )
