"""Bundles: whole or not there at all, and every change to one is found and named."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optout.errors import EvidenceInvalid, EvidenceNotWritten
from optout.evidence.bundle import MANIFEST, check_bundle, sweep_drafts, write_bundle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FILES = {"record.json": b"{}\n", "before.png": b"\x89PNG before", "after.png": b"\x89PNG after"}
NAMES = st.text("abcdefghijklmnopqrstuvwxyz-0123456789", min_size=1, max_size=12).map("{}.png".format)
BUNDLES = st.dictionaries(NAMES, st.binary(max_size=200), min_size=1, max_size=5)
PROPERTY = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a bundle goes."""
    return tmp_path / "bundle"


def written(folder: Path, files: Mapping[str, bytes]) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    return write_bundle(folder, files).folder


def cause(folder: Path) -> str:
    with pytest.raises(EvidenceInvalid) as problem:
        check_bundle(folder)
    return problem.value.found


@PROPERTY
@given(files=BUNDLES)
def test_what_was_written_verifies_with_the_same_digest(folder: Path, files: dict[str, bytes]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    bundle = write_bundle(folder, files)
    assert check_bundle(folder) == bundle


@PROPERTY
@given(files=BUNDLES, data=st.data())
def test_a_changed_byte_is_found_in_its_file(
    folder: Path, files: dict[str, bytes], data: st.DataObject
) -> None:
    written(folder, files)
    name = data.draw(st.sampled_from(sorted(files)))
    content = bytearray(files[name] or b"\0")
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255)) if files[name] else 0
    (folder / name).write_bytes(content)
    assert cause(folder) == f"changed: {name}"


@PROPERTY
@given(files=BUNDLES, name=NAMES, content=st.binary(max_size=50))
def test_an_added_file_is_named(
    folder: Path, files: dict[str, bytes], name: str, content: bytes
) -> None:
    files.pop(name, None)
    written(folder, files)
    (folder / name).write_bytes(content)
    assert cause(folder) == f"added: {name}"


@PROPERTY
@given(files=BUNDLES, data=st.data())
def test_a_missing_file_is_named(folder: Path, files: dict[str, bytes], data: st.DataObject) -> None:
    written(folder, files)
    name = data.draw(st.sampled_from(sorted(files)))
    (folder / name).unlink()
    assert cause(folder) == f"missing: {name}"


@PROPERTY
@given(files=BUNDLES, data=st.data(), new=NAMES)
def test_a_renamed_file_is_named_twice(
    folder: Path, files: dict[str, bytes], data: st.DataObject, new: str
) -> None:
    files.pop(new, None)
    files["a-file.png"] = b"x"
    written(folder, files)
    name = data.draw(st.sampled_from(sorted(files)))
    (folder / name).rename(folder / f"z{new}")
    assert cause(folder) == f"added: z{new}; missing: {name}"


def test_two_files_that_changed_places_are_both_found(folder: Path) -> None:
    written(folder, FILES)
    (folder / "before.png").write_bytes(FILES["after.png"])
    (folder / "after.png").write_bytes(FILES["before.png"])
    assert cause(folder) == "changed: after.png, before.png"


def test_a_reordered_manifest_does_not_verify(folder: Path) -> None:
    written(folder, FILES)
    lines = (folder / MANIFEST).read_text().splitlines(keepends=True)
    (folder / MANIFEST).write_text("".join(reversed(lines)))
    assert cause(folder) == "the manifest itself was changed"


def test_a_bundle_without_its_manifest_does_not_verify(folder: Path) -> None:
    written(folder, FILES)
    (folder / MANIFEST).unlink()
    assert MANIFEST in cause(folder)


def test_a_folder_within_a_bundle_does_not_verify(folder: Path) -> None:
    written(folder, FILES)
    (folder / "more").mkdir()
    assert "more" in cause(folder)


def test_sha256sum_agrees(folder: Path) -> None:
    written(folder, FILES)
    tool = shutil.which("sha256sum") or pytest.skip("this system has no sha256sum")
    said = subprocess.run([tool, "--check", "--strict", MANIFEST], cwd=folder, check=False)
    assert said.returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_the_owner_can_read_a_bundle(folder: Path) -> None:
    written(folder, FILES)
    modes = {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()}
    assert (folder.stat().st_mode & 0o777, set(modes.values())) == (0o700, {0o600})


def test_a_bundle_is_never_written_over(folder: Path) -> None:
    written(folder, FILES)
    with pytest.raises(EvidenceNotWritten):
        write_bundle(folder, {"record.json": b"other"})
    check_bundle(folder)


def test_a_seal_stands_in_the_bundle_and_is_about_its_manifest(folder: Path) -> None:
    class Seal:
        def seal(self, manifest: bytes) -> dict[str, bytes]:
            return {"manifest.seal": manifest[:8]}

    write_bundle(folder, FILES, [Seal()])
    assert (folder / "manifest.seal").read_bytes() == (folder / MANIFEST).read_bytes()[:8]


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with next to no room."""
    place = tmp_path / "small"
    place.mkdir()
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    options = ["-t", "tmpfs", "-o", "size=16k", "optout-test", str(place)]
    if not (mount and unmount) or subprocess.run([mount, *options], check=False).returncode:
        pytest.skip("only root can make a file system of its own")
    yield place
    subprocess.run([unmount, place], check=True)


def test_on_a_full_disk_nothing_is_in_view(full_disk: Path) -> None:
    with pytest.raises(EvidenceNotWritten, match="No space left on device"):
        write_bundle(full_disk / "bundle", {**FILES, "large.png": b"x" * 100_000})
    assert list(full_disk.iterdir()) == []


def test_what_a_killed_writer_left_behind_is_swept_after_an_hour(tmp_path: Path) -> None:
    write_bundle(tmp_path / "ada" / "kept", FILES)
    old, young = (tmp_path / "ada" / f".draft-{name}" for name in ("old", "young"))
    for draft in (old, young):
        draft.mkdir()
        (draft / "record.json").write_bytes(b"half")
    hours_ago = time.time() - 7200
    os.utime(old, (hours_ago, hours_ago))
    assert sweep_drafts(tmp_path, time.time()) == 1
    assert sorted(file.name for file in (tmp_path / "ada").iterdir()) == [".draft-young", "kept"]


def test_a_bundle_in_view_is_never_swept(tmp_path: Path) -> None:
    bundle = write_bundle(tmp_path / "kept", FILES)
    assert sweep_drafts(tmp_path, time.time() + 10**6) == 0
    check_bundle(bundle.folder)
