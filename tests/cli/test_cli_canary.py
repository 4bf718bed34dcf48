"""Planted secrets through everything a run can meet: afterwards none is in a file, none was printed."""

from __future__ import annotations

import base64
import contextlib
import datetime
import html
import json
import os
import signal
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from optout.ledger.accounts import add_account
from optout.model import Account, ExitBit, SecretKind, SecretSource
from optout.practice.server import serve
from tests.canary import site as planted
from tests.canary.site import HANDED_OUT, LOGIN, PASSWORD, TYPED, Canaries
from tests.cli.shell import Shell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from subprocess import Popen

FLOWS = Path(planted.__file__).parent / "flows"
KEY = "k" * 44
_LIMIT_S = 60

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no process groups of this kind")


@dataclass
class Scenario:
    """One run of the command over the canary account, in a home of its own."""

    name: str
    shell: Shell
    canaries: Canaries
    running: Popen[str]
    said: str = ""

    @property
    def secrets(self) -> dict[str, str]:
        """Everything secret in it: what was planted, and the one-time codes that were made."""
        codes = {f"one-time code {number}": code for number, code in enumerate(self.canaries.codes)}
        return {**TYPED, **HANDED_OUT, **codes, "key": KEY}

    def leaks(self) -> list[str]:
        """Each secret that is in a file or was printed, and how it was spelt."""
        files = [file for file in self.shell.folder.rglob("*") if file.is_file()]
        own = [file for file in files if file.parent.name != "given"]
        texts = {str(file.relative_to(self.shell.folder)): file.read_bytes() for file in own}
        texts["what it printed"] = self.said.encode()
        return [
            f"{self.name}: the {secret} in {place}, as {way}"
            for place, content in texts.items()
            for secret, text in self.secrets.items()
            for way, spelt in spellings(text).items()
            if spelt in content
        ]


def spellings(text: str) -> dict[str, bytes]:
    """A secret as programs write it."""
    content = text.encode()
    return {
        "it is": content,
        "UTF-16": text.encode("utf-16-le"),
        "URL": quote(text, safe="").encode(),
        "JSON": json.dumps(text)[1:-1].encode(),
        "HTML": html.escape(text).encode(),
        **{f"base64 + {at}": in_base64(content, at) for at in range(3)},
        "hex": content.hex().encode(),
    }


def in_base64(content: bytes, before: int) -> bytes:
    """What is sure to stand in the base64 of a file that has the content behind so many bytes.

    All of it: of eight digits, half of the signs stand in many a file by chance.
    """
    first, end = -(-8 * before // 6), 8 * (before + len(content)) // 6
    return base64.b64encode(b"\0" * before + content)[first:end]


@contextlib.contextmanager
def scenario(
    name: str, kind: str, folder: Path, browsers: Path, *words: str, debug: bool = True
) -> Iterator[Scenario]:
    """A run that has begun."""
    (folder / name / "given").mkdir(parents=True)
    (folder / name / "tmp").mkdir()
    shell = Shell.at(folder / name, browsers)
    shell = replace(shell, environ=shell.environ | environ(folder / name))
    sources = []
    for what, text in (("password", PASSWORD), ("seed", planted.seed_uri())):
        file = folder / name / "given" / what
        file.write_text(text)
        sources.append(SecretSource(SecretKind.COMMAND, ("cat", str(file))))
    now = datetime.datetime.now(datetime.UTC)
    with shell.ledger() as ledger:
        add_account(ledger, Account("canary", LOGIN), at=now, password=sources[0], totp=sources[1])
    shell.accept(FLOWS)
    canaries = Canaries(kind)
    with serve(canaries.site()) as server:
        command = ["--flows", str(FLOWS), "run", "--site", server.origin, "--headless", *words]
        running = shell.start(*(["--debug"] if debug else []), *command)
        yield Scenario(name, shell, canaries, running)


def environ(folder: Path) -> dict[str, str]:
    """What makes programs talkative, and gives sessions a key to be kept under."""
    return {
        "DEBUG": "pw:api,pw:protocol",
        "OPTOUT_KEY_COMMAND": f"echo {KEY}",
        "TMPDIR": str(folder / "tmp"),
    }


def until(scene: Scenario, what: Callable[[], object]) -> None:
    """Ask again and again, because nothing announces what another process is doing."""
    deadline = time.monotonic() + _LIMIT_S
    while not what():
        assert time.monotonic() < deadline, f"{scene.name} did not come to that"
        assert scene.running.poll() is None, scene.running.communicate()
        time.sleep(0.05)


def ended(scene: Scenario) -> int:
    """Wait for its end, and keep what it said."""
    out, err = scene.running.communicate(timeout=_LIMIT_S)
    scene.said += out + err
    return scene.running.returncode


def kill_browsers(shell: Shell) -> None:
    """End every browser process at once, as a crash does."""
    for process, line in shell.processes().items():
        if "chrom" in line.split(" ")[0]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


def test_no_planted_secret_is_in_any_file_or_was_printed(tmp_path: Path, browsers: Path) -> None:
    with contextlib.ExitStack() as stack:

        def run(name: str, kind: str = "", *, debug: bool = True) -> Scenario:
            return stack.enter_context(scenario(name, kind, tmp_path, browsers, debug=debug))

        crash, interrupted = run("crash", "held-once"), run("ctrl-c", "held")
        timeout, wrong = run("timeout", "never"), run("wrong-selector", "wrong-selector")
        plain, chatty = run("success", debug=False), run("debug")
        until(crash, lambda: crash.canaries.reached)
        kill_browsers(crash.shell)
        until(interrupted, lambda: interrupted.canaries.reached)
        os.killpg(interrupted.running.pid, signal.SIGINT)
        scenes = (plain, chatty, timeout, wrong, crash, interrupted)
        statuses = {scene.name: ended(scene) for scene in scenes}
    said = "\n".join(scene.said for scene in scenes)
    assert statuses == {
        "success": ExitBit.OK,
        "debug": ExitBit.OK,
        "timeout": ExitBit.UNREADABLE,
        "wrong-selector": ExitBit.UNREADABLE,
        "crash": ExitBit.OK,  # the visit is made again, in another browser
        "ctrl-c": ExitBit.UNFORESEEN,
    }, said
    for scene in (plain, chatty):
        assert scene.canaries.seen == {*TYPED, *HANDED_OUT}, "a canary that did not fly proves nothing"
        assert list(scene.shell.home.sessions.rglob("*.session"))
        assert list(scene.shell.home.evidence.rglob("record.json"))
    assert [leak for scene in scenes for leak in scene.leaks()] == []
    recordings = [file for file in tmp_path.rglob("*") if file.suffix in (".zip", ".har", ".webm")]
    assert recordings == [], "Playwright's own recordings hold everything, and nobody asked for one"
