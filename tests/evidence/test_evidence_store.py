"""The store for many machines' bundles: whole or not there, read back, and never lost from here."""

from __future__ import annotations

import os
import uuid
from typing import TYPE_CHECKING

import fsspec
import pytest

from optout.errors import EvidenceInvalid, EvidenceNotWritten, NotUsableHere, OptoutError, UsageProblem
from optout.evidence.bundle import DRAFT, MANIFEST, Bundle, check_bundle, write_bundle
from optout.evidence.store import EvidenceStore
from optout.evidence.store_places import Folder, Remote

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NAME = "linkedin/0123456789abcdef0123/20261122T100000Z-ai-training-1b641833"
FILES = {"record.json": b"{}", "after.png": b"\x89PNG picture"}


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    folder = tmp_path / "here" / NAME
    folder.parent.mkdir(parents=True)
    return write_bundle(folder, FILES)


@pytest.fixture(params=["folder", "url"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "folder":
        (tmp_path / "there").mkdir()
        return str(tmp_path / "there")
    return f"memory://{uuid.uuid4().hex}"


@pytest.fixture
def store(where: str) -> EvidenceStore:
    return EvidenceStore.at(where)


def files_in(where: str) -> set[str]:
    """Every file of a store, hidden ones too, by its name below the bundle's parent."""
    files, root = fsspec.core.url_to_fs(where)
    return {str(each).partition("/0123456789abcdef0123/")[2] for each in files.find(root)}


def test_a_stored_bundle_is_there_whole_and_nothing_else_is(
    store: EvidenceStore, where: str, bundle: Bundle
) -> None:
    store.put(bundle.folder, NAME)
    last = NAME.rpartition("/")[2]
    assert files_in(where) == {f"{last}/{name}" for name in (*FILES, MANIFEST)}


def test_a_bundle_comes_back_as_it_was(store: EvidenceStore, bundle: Bundle, tmp_path: Path) -> None:
    store.put(bundle.folder, NAME)
    fetched = store.fetch(NAME, tmp_path / "elsewhere", bundle.digest)
    assert check_bundle(fetched).digest == bundle.digest
    assert {file.name: file.read_bytes() for file in fetched.iterdir() if file.name in FILES} == FILES


def test_storing_twice_does_no_harm(store: EvidenceStore, where: str, bundle: Bundle) -> None:
    store.put(bundle.folder, NAME)
    before = files_in(where)
    store.put(bundle.folder, NAME)
    assert files_in(where) == before


def test_what_a_crash_left_of_a_bundle_is_not_in_view_and_is_made_whole(
    store: EvidenceStore, where: str, bundle: Bundle, tmp_path: Path
) -> None:
    store._place.write(f"{NAME.rpartition('/')[0]}/{DRAFT}half/record.json", b"{}")
    if isinstance(store._place, Remote):  # a folder is renamed at once
        store._place.write(f"{NAME}/record.json", b"{}")
    with pytest.raises(EvidenceInvalid, match=r"found (none|a part of one)"):
        store.fetch(NAME, tmp_path / "elsewhere", bundle.digest)
    store.put(bundle.folder, NAME)
    assert check_bundle(store.fetch(NAME, tmp_path / "elsewhere", bundle.digest).resolve())


def test_another_bundle_of_the_same_name_is_not_overwritten(
    store: EvidenceStore, bundle: Bundle, tmp_path: Path
) -> None:
    store.put(bundle.folder, NAME)
    (tmp_path / "other").mkdir()
    other = write_bundle(tmp_path / "other" / "bundle", {"record.json": b"[]"})
    with pytest.raises(EvidenceInvalid, match="has another bundle named"):
        store.put(other.folder, NAME)
    assert store.fetch(NAME, tmp_path / "elsewhere", bundle.digest)


def test_a_bundle_that_was_changed_here_is_not_stored(
    store: EvidenceStore, where: str, bundle: Bundle
) -> None:
    (bundle.folder / "record.json").write_bytes(b"[]")
    with pytest.raises(EvidenceInvalid, match="changed: record"):
        store.put(bundle.folder, NAME)
    assert files_in(where) == set()


def test_a_bundle_that_was_changed_there_is_not_fetched(
    store: EvidenceStore, bundle: Bundle, tmp_path: Path
) -> None:
    store.put(bundle.folder, NAME)
    store._place.write(f"{NAME}/record.json", b"[]")
    with pytest.raises(EvidenceInvalid):
        store.fetch(NAME, tmp_path / "elsewhere", bundle.digest)
    assert list((tmp_path / "elsewhere").rglob("record.json")) == []


def test_a_bundle_other_than_the_ledgers_is_not_fetched(
    store: EvidenceStore, bundle: Bundle, tmp_path: Path
) -> None:
    store.put(bundle.folder, NAME)
    with pytest.raises(EvidenceInvalid, match="not the one in the ledger"):
        store.fetch(NAME, tmp_path / "elsewhere", "0" * 64)


def test_a_tombstone_takes_a_bundles_place(
    store: EvidenceStore, where: str, bundle: Bundle, tmp_path: Path
) -> None:
    store.put(bundle.folder, NAME)
    (tmp_path / "stone").mkdir()
    (tmp_path / "stone" / "tombstone.json").write_bytes(b"{}")
    store.replace(tmp_path / "stone", NAME)
    assert files_in(where) == {f"{NAME.rpartition('/')[2]}/tombstone.json"}


class Failing(Folder):
    """A folder whose disk fills up, or that says it has written what it has not."""

    def __init__(self, root: Path, *, after: int = 99, lies: bool = False) -> None:
        super().__init__(root)
        self._left, self._lies = after, lies

    def write(self, name: str, content: bytes) -> None:
        self._left -= 1
        if self._left < 0:
            raise OSError(28, os.strerror(28))
        super().write(name, content[:-1] if self._lies else content)

    def move(self, draft: str, folder: str, files: Iterable[str]) -> None:
        super().move(draft, folder, files)


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_full_store_is_named_and_left_as_it_was(bundle: Bundle, tmp_path: Path, after: int) -> None:
    (tmp_path / "there").mkdir()
    store = EvidenceStore(Failing(tmp_path / "there", after=after), "there")
    with pytest.raises(EvidenceNotWritten, match=r"No space left.*Nothing is lost") as caught:
        store.put(bundle.folder, NAME)
    assert str(bundle.folder) in str(caught.value)
    assert [file for file in (tmp_path / "there").rglob("*") if file.is_file()] == []
    assert check_bundle(bundle.folder) == bundle


def test_what_is_not_read_back_as_it_was_written_never_comes_into_view(
    bundle: Bundle, tmp_path: Path
) -> None:
    (tmp_path / "there").mkdir()
    store = EvidenceStore(Failing(tmp_path / "there", lies=True), "there")
    with pytest.raises(EvidenceNotWritten, match="not what was written"):
        store.put(bundle.folder, NAME)
    assert [file for file in (tmp_path / "there").rglob("*") if file.is_file()] == []


def test_a_share_that_is_not_mounted_is_not_written_beneath(bundle: Bundle, tmp_path: Path) -> None:
    with pytest.raises(EvidenceNotWritten, match="is it mounted"):
        EvidenceStore.at(str(tmp_path / "gone")).put(bundle.folder, NAME)
    assert not (tmp_path / "gone").exists()


def test_a_store_that_is_gone_is_named_when_it_is_read(tmp_path: Path) -> None:
    store = EvidenceStore.at(str(tmp_path / "gone"))
    with pytest.raises(OptoutError, match=r"cannot be read.*is it mounted"):
        store.fetch(NAME, tmp_path / "elsewhere", "0" * 64)


def test_nothing_that_may_be_secret_in_a_url_is_ever_shown() -> None:
    with pytest.raises(UsageProblem) as caught:
        EvidenceStore.at("nosuchkind://ada:hunter2@host/folder?key=hunter2")
    assert "hunter2" not in str(caught.value)
    assert "nosuchkind://host/folder" in str(caught.value)


def test_what_speaks_to_a_store_and_is_not_installed_is_named() -> None:
    with pytest.raises(NotUsableHere, match=r"cannot be reached from here.*s3fs"):
        EvidenceStore.at("s3://bucket/folder")


def test_a_folder_must_mean_the_same_everywhere() -> None:
    with pytest.raises(UsageProblem, match="absolute path"):
        EvidenceStore.named({"OPTOUT_EVIDENCE_STORE": "evidence"})


def test_nobody_needs_a_store() -> None:
    assert EvidenceStore.named({}) is None
