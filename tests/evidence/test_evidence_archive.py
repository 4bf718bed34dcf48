"""One file of evidence: whole, verifiable, and never a way out of the folder it is unpacked into."""

from __future__ import annotations

import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest

from optout.errors import EvidenceInvalid, OptoutError
from optout.evidence.archive import pack, take_in, unpack
from optout.home import private_folder
from tests.evidence.sealed import AT, Installation, failures, said, verified

if TYPE_CHECKING:
    from pathlib import Path

NOW = AT.isoformat()


@pytest.fixture
def made(tmp_path: Path) -> Installation:
    return Installation.at(tmp_path / "home", 3)


def exported(made: Installation, to: Path, bundles: list[Path] | None = None) -> Path:
    pack(made.layout, bundles, to, NOW, made.key)
    return to


def unpacked(file: Path, folder: Path) -> Path:
    unpack(file, folder)
    return folder


def crafted(tmp_path: Path, name: str, content: bytes = b"x", *, mode: int = 0) -> Path:
    """An archive with one member that no export has."""
    file = tmp_path / "crafted.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        member = zipfile.ZipInfo("placeholder")
        member.filename = name
        member.external_attr = mode << 16
        member.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(member, content)
    return file


def test_what_was_exported_verifies_as_it_is(made: Installation, tmp_path: Path) -> None:
    folder = unpacked(exported(made, tmp_path / "e.zip"), tmp_path / "there")
    kept = made.layout.checkpoints / "3.json"
    assert failures(folder, keys=(made.key.public,), checkpoint=kept) == []
    assert len(verified(folder)) == 4
    assert (folder / "log" / "evidence-log.jsonl").stat().st_mode & 0o777 == 0o600


def test_no_signing_key_goes_along(made: Installation, tmp_path: Path) -> None:
    (made.layout.keys / "key.sealed").write_bytes(b"sealed")
    with zipfile.ZipFile(exported(made, tmp_path / "e.zip")) as archive:
        names = archive.namelist()
    assert [name for name in names if "sealed" in name] == []
    assert {name.split("/")[0] for name in names} == {"evidence", "keys", "log"}


def test_a_selection_is_whole_by_itself(made: Installation, tmp_path: Path) -> None:
    folder = unpacked(exported(made, tmp_path / "e.zip", made.bundles[:2]), tmp_path / "there")
    assert failures(folder, keys=(made.key.public,)) == []
    assert "all 2 that were chosen for this export" in verified(folder)[0].findings[-1].said


def test_of_a_selection_nothing_can_be_left_out(made: Installation, tmp_path: Path) -> None:
    folder = unpacked(exported(made, tmp_path / "e.zip", made.bundles[:2]), tmp_path / "there")
    shutil.rmtree(folder / made.bundles[0].relative_to(made.layout.root))
    assert "bundles: missing: linkedin/" in said(folder)
    selection = folder / "selection.json"
    selection.write_text(selection.read_text().replace("000001", "000002"))
    assert "bundles: selection.json: it is not a signature" in said(folder)


def test_of_everything_nothing_can_be_left_out(made: Installation, tmp_path: Path) -> None:
    folder = unpacked(exported(made, tmp_path / "e.zip"), tmp_path / "there")
    shutil.rmtree(folder / made.bundles[0].relative_to(made.layout.root))
    assert "bundles: missing: linkedin/" in said(folder)


@pytest.mark.parametrize(
    "name",
    [
        "../outside",
        "evidence/../../outside",
        "/outside",
        "//host/outside",
        "C:/outside",
        "evidence\\..\\outside",
        "evidence/a\0b",
        "evidence/CON",
        "evidence/nul.png",
        "evidence/trailing.",
        "evidence/.hidden",
        "evidence/ space",
        "evidence//double",
        "evidence/" + "x" * 300,
        "evidence/" + "/".join("abcdefghij"),
        "elsewhere/file",
        "record.json",
        "evidence/\u202egnp.exe",
    ],
)
def test_a_hostile_name_is_refused(tmp_path: Path, name: str) -> None:
    folder = private_folder(tmp_path / "a" / "b" / "there")
    with pytest.raises(EvidenceInvalid, match="not as optout exports"):
        unpack(crafted(tmp_path, name), folder)
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == ["crafted.zip"]


@pytest.mark.parametrize("mode", [0o120777, 0o060666, 0o010666], ids=["link", "device", "pipe"])
def test_what_is_no_plain_file_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(EvidenceInvalid, match="not a plain file"):
        unpack(crafted(tmp_path, "evidence/x", b"/etc/passwd", mode=mode), tmp_path / "there")


def test_two_files_that_are_one_on_some_systems_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "twice.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("evidence/a", b"1")
        archive.writestr("evidence/A", b"2")
    with pytest.raises(EvidenceInvalid, match="two files with one name"):
        unpack(file, tmp_path / "there")


def test_a_bomb_stops_before_the_disk_is_full(tmp_path: Path) -> None:
    file = crafted(tmp_path, "evidence/bomb", bytes(64 << 20))
    folder = tmp_path / "there"
    with pytest.raises(EvidenceInvalid, match="more than such a file can hold"):
        unpack(file, folder)
    assert sum(each.stat().st_size for each in folder.rglob("*") if each.is_file()) < 4 << 20


@pytest.mark.parametrize("harm", ["cut", "flipped", "other"])
def test_a_damaged_file_is_named(made: Installation, tmp_path: Path, harm: str) -> None:
    file = exported(made, tmp_path / "e.zip")
    content = file.read_bytes()
    flipped = content[:60] + bytes([content[60] ^ 0xFF]) + content[61:]
    file.write_bytes({"cut": content[: len(content) // 2], "flipped": flipped, "other": b"PK"}[harm])
    with pytest.raises(OptoutError, match=r"cannot be unpacked|not as optout exports"):
        unpack(file, tmp_path / "there")


def test_what_is_not_to_be_kept_is_not(made: Installation, tmp_path: Path) -> None:
    file = exported(made, tmp_path / "e.zip")

    def refuse(_: Path) -> None:
        raise EvidenceInvalid("no")

    with pytest.raises(EvidenceInvalid):
        take_in(file, tmp_path / "there" / "in", check=refuse)
    assert list((tmp_path / "there").iterdir()) == []


def test_nothing_is_written_over(made: Installation, tmp_path: Path) -> None:
    file = exported(made, tmp_path / "e.zip")
    with pytest.raises(OptoutError, match="is there already"):
        take_in(file, made.layout.root, check=lambda _: None)


def test_a_failed_export_leaves_no_half_file(made: Installation, tmp_path: Path) -> None:
    gone = made.layout.evidence / "linkedin" / "gone"
    with pytest.raises(OSError, match="gone"):
        pack(made.layout, [gone], tmp_path / "e.zip", NOW, made.key)
    assert not list(tmp_path.glob("*e.zip*"))
