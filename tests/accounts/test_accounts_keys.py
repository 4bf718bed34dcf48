from __future__ import annotations

import os
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pytest

from optout.accounts.keyring_store import KeyringStore
from optout.accounts.keys import KeySource, NoKey, derived_key, installation_salt
from optout.errors import OptoutError, UsageProblem

if TYPE_CHECKING:
    from pathlib import Path

NO_KEYRING = KeyringStore(environ={"OPTOUT_KEYRING_BACKEND": "keyring.backends.null.Keyring"})


def from_command(command: str) -> KeySource:
    return KeySource(NO_KEYRING, environ={"OPTOUT_KEY_COMMAND": command})


def printing(text: str) -> str:
    return f"{sys.executable} -c \"print('{text}')\""


def test_a_program_can_give_the_key() -> None:
    one, other = (from_command(printing("0123456789abcdef" * 2)).key() for _ in range(2))
    assert isinstance(one, bytes)
    assert len(one) == 32
    assert one == other


def test_another_output_is_another_key() -> None:
    assert from_command(printing("a" * 44)).key() != from_command(printing("b" * 44)).key()


def test_the_program_is_asked_once(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    script = f"print(chr(107)*40); open('{calls}', chr(97)).write(chr(120))"
    source = from_command(f'{sys.executable} -c "{script}"')
    assert source.key() == source.key()
    assert calls.read_text() == "x"


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (printing("tooshort"), "8 characters"),
        ("no-such-program-here", "it was not found"),
    ],
)
def test_a_program_that_gives_no_key_is_a_reason_and_not_a_failure(command: str, reason: str) -> None:
    answer = from_command(command).key()
    assert isinstance(answer, NoKey)
    assert reason in answer.reason
    assert answer.next_step


def test_a_command_that_is_none_is_wrong_usage() -> None:
    with pytest.raises(UsageProblem):
        from_command("'").key()


def test_without_a_keyring_there_is_no_key_and_the_reason_is_said() -> None:
    answer = KeySource(NO_KEYRING, environ={}).key()
    assert isinstance(answer, NoKey)
    assert "it stores nothing" in answer.reason
    assert "--password-command" in answer.next_step


def test_each_purpose_has_a_key_of_its_own() -> None:
    purposes = [("a", "bc"), ("ab", "c"), ("abc",), ("a", "b", "c")]
    keys = {derived_key(b"k" * 32, *purpose) for purpose in purposes}
    assert len(keys) == len(purposes)


def test_the_salt_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    data = tmp_path / "data"
    before = os.umask(0)
    try:
        salt = installation_salt(data)
    finally:
        os.umask(before)
    assert len(salt) == 32
    assert installation_salt(data) == salt
    (file,) = data.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


def test_first_runs_at_the_same_time_agree_on_the_salt(tmp_path: Path) -> None:
    with get_context("spawn").Pool(4) as processes:
        salts = processes.map(installation_salt, [tmp_path / "data"] * 8, chunksize=1)
    assert len(set(salts)) == 1


def test_threads_agree_on_the_salt(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        salts = list(threads.map(installation_salt, [tmp_path / "data"] * 8))
    assert len(set(salts)) == 1


def test_where_there_are_no_hard_links_a_salt_is_made_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    salt = installation_salt(tmp_path)
    assert installation_salt(tmp_path) == salt


def test_a_damaged_salt_is_not_replaced(tmp_path: Path) -> None:
    installation_salt(tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(b"short")
    with pytest.raises(OptoutError, match="Restore it from a backup"):
        installation_salt(tmp_path)
    assert file.read_bytes() == b"short"
