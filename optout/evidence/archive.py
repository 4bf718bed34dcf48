"""Evidence in one file: packing what belongs together, and unpacking without trusting a name in it."""

from __future__ import annotations

import re
import shutil
import uuid
import zipfile
import zlib
from typing import TYPE_CHECKING

from optout.errors import EvidenceInvalid, OptoutError
from optout.evidence.layout import Layout, bundles_in
from optout.evidence.selection import write_selection
from optout.home import private_folder, write_private

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from optout.evidence.signing_key import SigningKey

_FOLDERS = frozenset({"evidence", "keys", "log"})
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}(?<!\.)")
# Names that Windows gives to devices, in whatever folder.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_DEEPEST = 8
# Pictures hardly shrink; what grows more than this was made to fill a disk.
_GROWTH = 4
_SLACK = 1 << 20
_CHUNK = 1 << 20
_KINDS = 0o170000
_PLAIN = (0, 0o100000)


def pack(
    layout: Layout, bundles: Sequence[Path] | None, to: Path, at: str, key: SigningKey | None
) -> int:
    """Write evidence, with the keys and the log that it is verified by, into one file.

    Args:
        layout: where all of it is.
        bundles: which; None for all.
        to: the file; replaced where there is one.
        at: now, UTC, in ISO form.
        key: signs which bundles were chosen; not needed for all.

    Returns:
        How many bundles it holds.

    Raises:
        OSError: something cannot be read or written; there is no half a file.
    """
    chosen = list(bundles_in(layout.evidence)) if bundles is None else list(bundles)
    draft = to.with_name(f".{to.name}.{uuid.uuid4().hex[:12]}.draft")
    try:
        write_private(draft, b"")
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in _belonging(layout, chosen):
                archive.write(path, path.relative_to(layout.root).as_posix())
            if bundles is not None and key is not None:
                _add_selection(archive, layout, chosen, at, key)
        draft.replace(to)
    finally:
        draft.unlink(missing_ok=True)
    return len(chosen)


def _belonging(layout: Layout, bundles: Sequence[Path]) -> Iterator[Path]:
    """Every file to be packed. Keys that sign are not among them, wherever they are."""
    for pattern in ("*.pub", "*.pem", "*.succession.json", "*.succession.json.*.sig"):
        yield from sorted(layout.keys.glob(pattern))
    if layout.log.is_file():
        yield layout.log
    for pattern in ("*.json", "*.json.sig", "*.json.tsr"):
        yield from sorted(layout.checkpoints.glob(pattern))
    for bundle in bundles:
        yield from (file for file in sorted(bundle.iterdir()) if file.is_file())


def _add_selection(
    archive: zipfile.ZipFile, layout: Layout, bundles: Sequence[Path], at: str, key: SigningKey
) -> None:
    names = [bundle.relative_to(layout.evidence).as_posix() for bundle in bundles]
    for name, content in write_selection(names, at, key).items():
        archive.writestr(name, content)


def unpack(archive: Path, to: Path) -> None:
    """Unpack exported evidence.

    Nothing is written outside the folder, nothing but plain files, and not more than such a file
    can honestly hold.

    Args:
        archive: the file.
        to: a folder of its own, empty.

    Raises:
        EvidenceInvalid: it holds what no export holds.
        OptoutError: it is damaged, or no such file at all.
        OSError: it cannot be read, or the folder not written.
    """
    room = _GROWTH * archive.stat().st_size + _SLACK
    try:
        with zipfile.ZipFile(archive) as opened:
            for member in _members(opened, archive):
                target = to.joinpath(*member.filename.split("/"))
                private_folder(target.parent)
                with opened.open(member) as source, target.open("xb") as file:
                    while chunk := source.read(_CHUNK):
                        room -= len(chunk)
                        if room < 0:
                            raise _hostile(archive, "more than such a file can hold")
                        file.write(chunk)
                target.chmod(0o600)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise OptoutError(
            f"{archive} cannot be unpacked",
            step="unpack",
            found=str(error) or type(error).__name__,
            next_step="It was damaged on its way, or is no export of optout; get it again.",
        ) from None


def take_in(archive: Path, to: Path, *, check: Callable[[Path], None]) -> None:
    """Unpack into a folder that is there whole and checked, or not at all.

    Args:
        archive: the file.
        to: the folder; must not exist.
        check: raises where what was unpacked is not to be kept.

    Raises:
        OptoutError: there is something already, or as for `unpack`.
        OSError: as for `unpack`.
    """
    if to.exists():
        raise OptoutError(
            f"{to} is there already",
            step="unpack",
            next_step="Name another folder with --to, or remove that one.",
        )
    draft = to.with_name(f".{to.name}.{uuid.uuid4().hex[:8]}.draft")
    try:
        unpack(archive, private_folder(draft))
        check(draft)
        draft.rename(to)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _members(opened: zipfile.ZipFile, archive: Path) -> Iterator[zipfile.ZipInfo]:
    seen: set[str] = set()
    for member in opened.infolist():
        if member.is_dir():
            continue
        name = member.orig_filename
        if not _honest(name) or name != member.filename:
            raise _hostile(archive, f"the name {name[:100]!a}")
        if (member.external_attr >> 16) & _KINDS not in _PLAIN:
            raise _hostile(archive, f"something that is not a plain file: {name}")
        # On some systems these are one file, and the second would replace the first.
        if name.casefold() in seen:
            raise _hostile(archive, f"two files with one name: {name}")
        seen.add(name.casefold())
        yield member


def _honest(name: str) -> bool:
    parts = name.split("/")
    if len(parts) > _DEEPEST or not all(_PART.fullmatch(each) for each in parts):
        return False
    if any(_DEVICES.fullmatch(each) for each in parts):
        return False
    return parts[0] in _FOLDERS or name in ("selection.json", "selection.json.sig")


def _hostile(archive: Path, found: str) -> EvidenceInvalid:
    return EvidenceInvalid(
        f"{archive} is not as optout exports evidence",
        step="unpack",
        expected="plain files under evidence, keys and log",
        found=found,
        next_step="Nothing of it is kept. Do not rely on it, and ask whoever gave it to you.",
    )
