"""A group of commands that imports each one only when it is called."""

from __future__ import annotations

import gc
import importlib
import keyword
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType


class LazyGroup(click.Group):
    """Commands that are found by a table.

    Args:
        table: by a command's name its module in `optout.cli` and its help in one line. In the module
            it is called as it is named, with `_` for `-`, and after a word of Python's own.
        named: what click gives to groups.
    """

    def __init__(self, *named: Any, table: Mapping[str, tuple[str, str]], **also: Any) -> None:
        super().__init__(*named, **also)
        self._table = table

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The subcommands, in the order a person meets them."""
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the module of a subcommand and take the command out of it."""
        if cmd_name not in self._table:
            return None
        module = _load(f"optout.cli.{self._table[cmd_name][0]}")
        name = cmd_name.replace("-", "_")
        command: click.Command = getattr(module, f"{name}_" if keyword.iskeyword(name) else name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the subcommands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self._table.items()])


def _load(name: str) -> ModuleType:
    """Import a module with all that it needs."""
    # All of it stays to the end: looking for garbage in it, meanwhile and at the end, is a quarter of
    # the time that a command takes to begin and to end.
    gc.disable()
    try:
        return importlib.import_module(name)
    finally:
        gc.freeze()
        gc.enable()
