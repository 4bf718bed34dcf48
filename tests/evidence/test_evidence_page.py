"""The page about checking evidence without optout: its own commands, run as they stand there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from optout.evidence.signing_key import SigningKey
from optout.evidence.timestamp import ask_for_stamp
from tests.evidence.authority import Authority
from tests.evidence.sealed import Installation

PAGE = Path(__file__).parents[2] / "docs" / "verifying-evidence.md"
COMMANDS = re.findall(r"^```\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
TOOLS = ("bash", "openssl", "ssh-keygen", "sha256sum")


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The evidence, and what came another way."""
    if missing := [tool for tool in TOOLS if shutil.which(tool) is None]:
        pytest.skip(f"this system has no {', '.join(missing)}")
    folder = tmp_path_factory.mktemp("received")
    made = Installation.at(folder / "root", 3, counter=SigningKey.make())
    (folder / "key.pub").write_text(f"{made.key.public.openssh}\n")
    (folder / "key.pem").write_bytes(made.key.public.pem)
    for suffix in ("", ".sig"):
        shutil.copyfile(made.layout.checkpoints / f"3.json{suffix}", folder / f"3.json{suffix}")
    authority = Authority(folder / "authority")
    authority.make()
    with authority.answering():
        stamp = ask_for_stamp((folder / "3.json").read_bytes(), authority.url)
    (folder / "3.json.tsr").write_bytes(stamp)
    return folder


def run(received: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """All commands of the page, one after the other, as in one shell."""
    root = folder / "root"
    places = {
        "ROOT": str(root),
        "BUNDLE": str(sorted(root.glob("evidence/*/*/*"))[1]),
        "KEY": str(folder / "key"),
        "CHECKPOINT": str(folder / "3.json"),
        "AUTHORITY": str(received / "authority" / "ca.pem"),
        "TMPDIR": str(folder),
    }
    return subprocess.run(
        [str(shutil.which("bash")), "-euo", "pipefail", "-c", "".join(COMMANDS)],
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **places},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_page_says_that_evidence_is_good(received: Path) -> None:
    ended = run(received, received)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count('Good "optout-') == 2
    assert "Signature Verified Successfully" in ended.stdout
    assert "Time stamp:" in ended.stdout


@pytest.mark.parametrize(
    "name",
    [
        "record.json",
        "manifest.sha256",
        "manifest.dsse.json",
        "manifest.dsse.json.sig",
        "../../../../log/evidence-log.jsonl",
        "../../../../../3.json",
        "../../../../../3.json.tsr",
    ],
)
def test_the_page_finds_a_changed_byte(received: Path, tmp_path: Path, name: str) -> None:
    copy = shutil.copytree(received, tmp_path / "copy")
    file = sorted(copy.glob("root/evidence/*/*/*"))[1] / name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert run(received, copy).returncode != 0


@pytest.mark.parametrize("what", ["added", "cut"])
def test_the_page_finds_an_added_file_and_a_cut_log(received: Path, tmp_path: Path, what: str) -> None:
    copy = shutil.copytree(received, tmp_path / "copy")
    if what == "added":
        (sorted(copy.glob("root/evidence/*/*/*"))[1] / "more.png").write_bytes(b"x")
    else:
        log = copy / "root" / "log" / "evidence-log.jsonl"
        log.write_text("".join(log.read_text().splitlines(keepends=True)[:-1]))
    assert run(received, copy).returncode != 0
