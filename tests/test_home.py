"""Where files are kept: in one place where that is asked for, and for this user's eyes only."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from optout.home import Home, private_folder, write_private

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no modes of this kind")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_optout_home_holds_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPTOUT_HOME", str(tmp_path))
    home = Home.of_user()
    for place in (home.ledger, home.evidence, home.sessions, home.logs):
        assert place.is_relative_to(tmp_path)


@pytest.mark.parametrize("given", ["relative", "~/below"])
def test_optout_home_is_made_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("OPTOUT_HOME", given)
    assert Home.of_user().data == tmp_path / Path(given).name


@pytest.mark.parametrize("given", [None, ""])
def test_without_it_the_system_says_where(monkeypatch: pytest.MonkeyPatch, given: str | None) -> None:
    monkeypatch.delenv("OPTOUT_HOME", raising=False)
    if given is not None:
        monkeypatch.setenv("OPTOUT_HOME", given)
    assert "optout" in Home.of_user().data.parts


@POSIX
def test_every_folder_that_is_made_is_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        private_folder(tmp_path / "one" / "two")
    finally:
        os.umask(before)
    assert (mode(tmp_path / "one"), mode(tmp_path / "one" / "two")) == (0o700, 0o700)


@POSIX
def test_a_file_is_private_whatever_the_umask_says(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_private(tmp_path / "deep" / "file", b"content")
    finally:
        os.umask(before)
    assert (mode(tmp_path / "deep" / "file"), (tmp_path / "deep" / "file").read_bytes()) == (
        0o600,
        b"content",
    )


def test_writing_replaces_and_leaves_nothing_beside(tmp_path: Path) -> None:
    write_private(tmp_path / "file", b"old")
    write_private(tmp_path / "file", b"new")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"file": b"new"}


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's limit on file sizes")
def test_what_cannot_be_written_whole_leaves_the_old_file_and_no_draft(tmp_path: Path) -> None:
    import resource  # noqa: PLC0415 - not on Windows

    write_private(tmp_path / "file", b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            write_private(tmp_path / "file", b"x" * 4096)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"file": b"old"}


@POSIX
def test_a_link_at_the_files_place_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"precious")
    (tmp_path / "file").symlink_to(tmp_path / "precious")
    write_private(tmp_path / "file", b"content")
    assert (tmp_path / "precious").read_bytes() == b"precious"
    assert not (tmp_path / "file").is_symlink()


def test_a_folder_under_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match=r"."):
        private_folder(tmp_path / "file" / "folder")
