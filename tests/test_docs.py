"""Documentation that is checked: every command's help, and every command that the README shows."""

from __future__ import annotations

import contextlib
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from optout.cli.app import _COMMANDS, app

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
# What follows a # is a remark.
_SHOWN = re.compile(r"^\s*(?:\$ )?(?:\.venv/bin/)?optout(?: (?P<words>[^#\n]*))?", re.MULTILINE)
_BLOCK = re.compile(r"^```.*?\n(?s:.*?)^```|^ {4}.*$", re.MULTILINE)
_INLINE = re.compile(r"`optout ([^`]+)`")


def commands(group: click.Group = app, *path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command and group of commands, by the words that name it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield " ".join((*path, name)), command
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)


EVERY = dict(commands())
LEAVES = {name: command for name, command in EVERY.items() if not isinstance(command, click.Group)}


@pytest.mark.parametrize("name", EVERY)
def test_a_command_says_what_it_does(name: str) -> None:
    assert EVERY[name].help


@pytest.mark.parametrize("name", LEAVES)
def test_a_command_shows_an_example_that_it_accepts(name: str) -> None:
    shown = [words for words in _shown(LEAVES[name].epilog or "") if " ".join(words).startswith(name)]
    assert shown
    for words in shown:
        _parse(words)


@pytest.mark.parametrize("name", ["", *EVERY])
def test_every_option_has_help(name: str) -> None:
    command = EVERY[name] if name else app
    options = [each for each in command.params if isinstance(each, click.Option)]
    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize("name", EVERY)
def test_help_keeps_to_the_width_and_shows_no_markup(name: str) -> None:
    command = EVERY[name]
    text = command.get_help(click.Context(command, info_name=f"optout {name}"))
    assert "\b" not in text
    assert "\\b" not in text
    assert [line for line in text.splitlines() if len(line) > 100] == []


def test_the_overview_says_the_same_as_each_command() -> None:
    for name, (_, summary) in _COMMANDS.items():
        assert (EVERY[name].help or "").startswith(summary.rstrip(".")), name


@pytest.mark.parametrize("page", sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/**/*.md")), ids=str)
def test_a_page_shows_only_commands_that_exist(page: Path) -> None:
    text = page.read_text()
    for words in _in_blocks(text):
        _parse(words)
    for words in map(shlex.split, _INLINE.findall(text)):
        with contextlib.suppress(click.MissingParameter):  # a sentence may name a command alone
            _parse(words)


def test_the_readme_shows_how_to_begin() -> None:
    text = (ROOT / "README.md").read_text()
    if not text:
        pytest.skip("the README is still empty")
    assert {"sign-in", "run", "check", "status"} <= {words[0] for words in _in_blocks(text) if words}


def _in_blocks(text: str) -> list[list[str]]:
    return [words for block in _BLOCK.findall(text) for words in _shown(block)]


def _shown(text: str) -> list[list[str]]:
    return [shlex.split(match["words"] or "") for match in _SHOWN.finditer(text)]


def _parse(words: list[str]) -> None:
    """Take a command line apart the way the program does, without doing anything."""
    command: click.Command = app
    left = list(words)
    while isinstance(command, click.Group):
        context = command.make_context("optout", list(left), resilient_parsing=True)
        left = [*context._protected_args, *context.args]
        if not left:
            return
        name, found, left = command.resolve_command(context, left)
        assert found is not None, f"optout {shlex.join(words)}: no such command {name}"
        command = found
    if "--help" not in left and not [word for word in left if word.startswith("[")]:
        command.make_context("optout", left)
