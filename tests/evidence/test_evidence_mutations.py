"""Whatever is done to evidence behind optout's back is found, every time, with its cause."""

from __future__ import annotations

import random
import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import pytest

from optout.evidence.bundle import ENVELOPE, MANIFEST, SEALS, SIGNATURE, write_bundle
from optout.evidence.checkpoint import checkpoint_files
from optout.evidence.seal import Seal
from optout.evidence.signing_key import SigningKey
from optout.ledger.chain import next_entry
from tests.evidence.sealed import Installation, files, said, verified

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ROUNDS = 510
FOREIGN = SigningKey.make()


@dataclass
class Ground:
    """Evidence of three bundles, to be put back as it was after each attack.

    Attributes:
        made: the evidence.
        dice: what decides.
        kept: the newest checkpoint, kept elsewhere.
    """

    made: Installation
    dice: random.Random
    kept: Path

    @cached_property
    def before(self) -> dict[Path, bytes]:
        """Every file as it was made."""
        root = self.made.layout.root
        return {file: file.read_bytes() for file in root.rglob("*") if file.is_file()}

    @contextmanager
    def attacked(self) -> Iterator[None]:
        """Whatever happens to the files within is undone."""
        before = self.before
        yield
        folders = {file.parent for file in before}
        for path in sorted(self.made.layout.root.rglob("*"), reverse=True):
            if path.is_dir() and not any(path in (each, *each.parents) for each in folders):
                path.rmdir()
            elif path.is_file() and path not in before:
                path.unlink()
        for file, content in before.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            if not file.exists() or file.read_bytes() != content:
                file.write_bytes(content)

    @property
    def bundle(self) -> Path:
        return self.dice.choice(self.made.bundles)

    def file(self, bundle: Path, *, seals: bool = True) -> Path:
        found = [file for file in sorted(bundle.iterdir()) if seals or file.name not in SEALS]
        return self.dice.choice(found)

    @property
    def lines(self) -> list[str]:
        return self.made.layout.log.read_text().splitlines()

    def flip(self, file: Path) -> None:
        content = bytearray(file.read_bytes())
        content[self.dice.randrange(len(content))] ^= 1 << self.dice.randrange(8)
        file.write_bytes(content)


def changed(file: Path) -> str:
    return "do not belong together" if file.name in SEALS else f"files: changed: {file.name}"


def a_flipped_bit(ground: Ground) -> str:
    file = ground.file(ground.bundle)
    ground.flip(file)
    return changed(file)


def a_truncated_file(ground: Ground) -> str:
    file = ground.file(ground.bundle)
    content = file.read_bytes()
    file.write_bytes(content[: ground.dice.randrange(len(content))])
    return changed(file)


def an_added_file(ground: Ground) -> str:
    name = f"added-{ground.dice.randrange(1000)}.png"
    (ground.bundle / name).write_bytes(ground.dice.randbytes(9))
    return f"files: added: {name}"


def an_added_folder(ground: Ground) -> str:
    (ground.bundle / "more").mkdir()
    return "files: added: more"


def a_removed_file(ground: Ground) -> str:
    file = ground.file(ground.bundle)
    file.unlink()
    return f"missing: {file.name}"


def a_renamed_file(ground: Ground) -> str:
    file = ground.file(ground.bundle)
    file.rename(file.with_name("else.png"))
    if file.name in SEALS:
        return f"missing: {file.name}"
    return f"files: renamed: {file.name} to else.png"


def two_swapped_files(ground: Ground) -> str:
    bundle = ground.bundle
    names = sorted(file.name for file in bundle.iterdir() if file.name not in SEALS)
    one, other = (bundle / name for name in sorted(ground.dice.sample(names, 2)))
    mine, theirs = one.read_bytes(), other.read_bytes()
    one.write_bytes(theirs)
    other.write_bytes(mine)
    return f"files: swapped: {one.name}, {other.name}"


def a_file_of_another_bundle(ground: Ground) -> str:
    to, source = ground.dice.sample(ground.made.bundles, 2)
    file = ground.file(to)
    shutil.copyfile(source / file.name, file)
    return changed(file)


def two_swapped_bundles(ground: Ground) -> str:
    one, other = ground.dice.sample(ground.made.bundles, 2)
    aside = one.with_name("aside")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)
    return "chain: entry .* is of another bundle"


def a_moved_bundle(ground: Ground) -> str:
    bundle = ground.bundle
    shutil.copytree(bundle, bundle.with_name("copy"))
    return f"chain: the log has it as .*{bundle.name}: it was moved or copied"


def a_removed_bundle(ground: Ground) -> str:
    bundle = ground.bundle
    shutil.rmtree(bundle)
    return f"bundles: missing: .*{bundle.name}"


def a_bundle_that_no_run_made(ground: Ground) -> str:
    ground.made.add(entered=False)
    return "chain: it is not in the log"


def a_seal_taken_off(ground: Ground) -> str:
    bundle = ground.bundle
    for name in SEALS:
        (bundle / name).unlink()
    return "signature: there is none"


def a_bundle_made_again_with_a_foreign_key(ground: Ground) -> str:
    bundle = ground.bundle
    shutil.rmtree(bundle)
    write_bundle(bundle, files(99), [Seal(FOREIGN)])
    return "signature: made by a foreign key(.|\n)*chain: entry .* is of another bundle"


def a_seal_made_again_with_a_foreign_key(ground: Ground) -> str:
    bundle = ground.bundle
    for name, content in Seal(FOREIGN).seal((bundle / MANIFEST).read_bytes()).items():
        (bundle / name).write_bytes(content)
    return "signature: made by a foreign key"


def a_seal_of_another_bundle(ground: Ground) -> str:
    to, source = ground.dice.sample(ground.made.bundles, 2)
    for name in (ENVELOPE, SIGNATURE):
        shutil.copyfile(source / name, to / name)
    return "files: changed: PROCESS.md, after.png, before.png, manifest.sha256, record.json"


def an_edited_line(ground: Ground) -> str:
    lines = ground.lines
    number = ground.dice.randrange(len(lines))
    content = bytearray(lines[number].encode())
    content[ground.dice.randrange(len(content))] ^= 1 << ground.dice.randrange(7)
    lines[number] = content.decode()
    ground.made.write_log(lines)
    return f"log: evidence-log.jsonl: line {number + 1} "


def a_deleted_line(ground: Ground) -> str:
    lines = ground.lines
    del lines[ground.dice.randrange(len(lines) - 1)]
    ground.made.write_log(lines)
    return "log: .* a line was deleted"


def moved_lines(ground: Ground) -> str:
    lines = ground.lines
    while (moved := ground.dice.sample(lines, len(lines))) == lines:
        pass
    ground.made.write_log(moved)
    return "log: .* the order was changed"


def a_line_twice(ground: Ground) -> str:
    lines = ground.lines
    number = ground.dice.randrange(len(lines))
    lines.insert(number, lines[number])
    ground.made.write_log(lines)
    return "log: .* a line was added"


def a_cut_line(ground: Ground) -> str:
    log = ground.made.layout.log
    last = len(ground.lines[-1])
    log.write_bytes(log.read_bytes()[: -ground.dice.randint(1, last)])
    return "log: .* its last line was cut"


def a_cut_end(ground: Ground) -> str:
    ground.made.write_log(ground.lines[: ground.dice.randrange(3)])
    return "checkpoints: .* the log's end was cut off"


def a_removed_log(ground: Ground) -> str:
    ground.made.layout.log.unlink()
    return "log: evidence-log.jsonl is missing"


def a_log_written_anew(ground: Ground) -> str:
    entries = ground.made.entries
    first = ground.dice.randrange(len(entries))
    changed_digest = f"{ground.dice.getrandbits(256):064x}"
    written = entries[:first]
    for entry in [replace(entries[first], digest=changed_digest), *entries[first + 1 :]]:
        last = written[-1] if written else None
        written.append(next_entry(last, entry.kind, entry.bundle, entry.digest, entry.at))
    ground.made.write_log(entry.line for entry in written)
    return "checkpoints: .* the log was written anew"


def a_flipped_bit_in_a_checkpoint(ground: Ground) -> str:
    files = sorted(ground.made.layout.checkpoints.iterdir())
    file = ground.dice.choice(files)
    ground.flip(file)
    name = file.name.removesuffix(".sig")
    return f"checkpoints: {name}: it is (not a signature|a signature for something else)"


def a_replayed_checkpoint(ground: Ground) -> str:
    old, new = sorted(checkpoint_files(ground.made.layout.checkpoints), key=lambda file: file.stem)[:2]
    for suffix in ("", ".sig"):
        shutil.copyfile(f"{old}{suffix}", f"{new}{suffix}")
    return "checkpoints: 2.json: it speaks of 1 entries: it was replayed under another name"


def a_checkpoint_without_signature(ground: Ground) -> str:
    file = ground.dice.choice(checkpoint_files(ground.made.layout.checkpoints))
    file.with_name(f"{file.name}.sig").unlink()
    return f"checkpoints: {file.name}: its signature .* is missing"


def a_checkpoint_of_a_foreign_key(ground: Ground) -> str:
    made = Installation(ground.made.layout, FOREIGN, entries=ground.made.entries)
    for file in ground.made.layout.checkpoints.iterdir():
        file.unlink()
    made.checkpoint()
    return "checkpoints: .* signed by a foreign key"


def a_log_rolled_back_to_an_old_checkpoint(ground: Ground) -> str:
    size = ground.dice.randint(1, 2)
    for bundle in ground.made.bundles[size:]:
        shutil.rmtree(bundle)
    for number in range(size + 1, 4):
        for suffix in ("", ".sig"):
            (ground.made.layout.checkpoints / f"{number}.json{suffix}").unlink()
    ground.made.write_log(ground.lines[:size])
    assert said(ground.made.layout.root) == ""  # nothing that is left there can tell
    return "checkpoints: the one you brought, .* the log's end was cut off"


def a_flipped_bit_in_a_key(ground: Ground) -> str:
    file = ground.dice.choice(sorted(ground.made.layout.keys.iterdir()))
    ground.flip(file)
    return f"keys: {file.stem}[.](pub|pem) (was changed|is not a key)"


ATTACKS: list[Callable[[Ground], str]] = [
    a_flipped_bit,
    a_flipped_bit,
    a_flipped_bit,
    a_truncated_file,
    an_added_file,
    an_added_folder,
    a_removed_file,
    a_renamed_file,
    two_swapped_files,
    a_file_of_another_bundle,
    two_swapped_bundles,
    a_moved_bundle,
    a_removed_bundle,
    a_bundle_that_no_run_made,
    a_seal_taken_off,
    a_bundle_made_again_with_a_foreign_key,
    a_seal_made_again_with_a_foreign_key,
    a_seal_of_another_bundle,
    an_edited_line,
    an_edited_line,
    a_deleted_line,
    moved_lines,
    a_line_twice,
    a_cut_line,
    a_cut_end,
    a_removed_log,
    a_log_written_anew,
    a_flipped_bit_in_a_checkpoint,
    a_replayed_checkpoint,
    a_checkpoint_without_signature,
    a_checkpoint_of_a_foreign_key,
    a_log_rolled_back_to_an_old_checkpoint,
    a_flipped_bit_in_a_key,
]


@pytest.mark.parametrize("seed", range(4))
def test_every_attack_is_found_with_its_cause(tmp_path: Path, seed: int) -> None:
    made = Installation.at(tmp_path / "home", 3)
    kept = tmp_path / "kept.json"
    for suffix in ("", ".sig"):
        shutil.copyfile(made.layout.checkpoints / f"3.json{suffix}", f"{kept}{suffix}")
    dice = random.Random(seed)  # noqa: S311 - so that what failed once fails again
    ground = Ground(made, dice, kept)
    root = made.layout.root
    assert all(each.valid for each in verified(root, checkpoint=kept))
    for number in range(ROUNDS):
        attack = ATTACKS[number % len(ATTACKS)]
        with ground.attacked():
            expected = attack(ground)
            found = said(root, checkpoint=kept)
            assert re.search(expected, found), (seed, number, attack.__name__, expected, found)
    assert all(each.valid for each in verified(root, checkpoint=kept))
