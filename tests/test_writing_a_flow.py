"""`docs/writing-a-flow.md`, done from its first line to its last, exactly as it is printed."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.shell import Shell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.async_api import Playwright

PAGE = Path(__file__).parents[1] / "docs" / "writing-a-flow.md"
_STEP = re.compile(
    r"^`(?P<file>[\w/.]+)`\n\n```python\n(?P<code>.*?)^```|^```console\n(?P<console>.*?)^```",
    re.MULTILINE | re.DOTALL,
)
_PROMPT = "$ "


def _steps() -> Iterator[tuple[str, str]]:
    """Files to write, by their names, and consoles, in the page's order."""
    for step in _STEP.finditer(PAGE.read_text(encoding="utf-8")):
        yield (step["file"], step["code"]) if step["file"] else ("", step["console"])


def _commands(console: str) -> Iterator[tuple[list[str], list[str]]]:
    """The words of each command after `optout`, and the lines that it prints."""
    for part in console.split(_PROMPT)[1:]:
        command, *printed = part.splitlines()
        program, *words = shlex.split(command)
        assert program == "optout"
        yield words, printed


def _is_among(line: str, printed: list[str]) -> bool:
    """Whether a line was printed; `…` stands for whatever differs each time."""
    pattern = re.compile(".*".join(re.escape(part) for part in line.split("…")))
    return any(pattern.fullmatch(each) for each in printed)


@pytest.mark.timeout(300)
def test_what_the_page_says_happens(tmp_path: Path, playwright: Playwright) -> None:
    shell = Shell.at(tmp_path, Path(playwright.chromium.executable_path).parents[2])
    shell = replace(shell, limit_s=200)  # as many visits as a flow has conditions
    commands = 0
    for name, text in _steps():
        if name:
            (tmp_path / name).write_text(text, encoding="utf-8")
            continue
        for words, expected in _commands(text):
            commands += 1
            ended = shell.optout(*words)
            printed = (ended.out + ended.err).splitlines()
            wrong = any(line.startswith("✗") for line in expected)
            assert [line for line in expected if not _is_among(line, printed)] == [], printed
            assert ended.status == int(wrong), printed
            assert any(line.startswith("✗") for line in printed) == wrong, printed
    assert commands == len(re.findall(r"^\$ ", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
