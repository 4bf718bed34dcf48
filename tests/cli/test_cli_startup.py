"""What a command imports: the parser starts at once, and each command brings only what it needs."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.shell import Shell

IMPORTED = """
import sys
from optout.cli.app import app
try:
    app.main({words!r}, prog_name="optout")
except SystemExit as ended:
    assert not ended.code, ended.code
print("\\n".join(sorted(sys.modules)), file=sys.stderr)
"""
HEAVY = {
    "playwright",
    "sqlalchemy",
    "alembic",
    "keyring",
    "cryptography",
    "PIL",
    "starlette",
    "uvicorn",
    "jinja2",
    "pyotp",
    "optout_flows",
}
DIALECTS = {f"sqlalchemy.dialects.{name}" for name in ("postgresql", "mysql", "oracle", "mssql")}


def imported(shell: Shell, *words: str) -> set[str]:
    """The modules that are loaded once a command has ended."""
    ended = subprocess.run(
        [sys.executable, "-c", IMPORTED.format(words=list(words))],
        env=shell.environ,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    return set(ended.stderr.splitlines())


@pytest.mark.parametrize("words", [("--help",), ("--version",)])
def test_the_parser_needs_none_of_the_libraries(shell: Shell, words: tuple[str, ...]) -> None:
    assert imported(shell, *words) & HEAVY == set()


def test_status_needs_the_database_and_neither_browser_nor_pictures_nor_keyring(shell: Shell) -> None:
    shell.optout("status")  # the first one makes the ledger, with Alembic
    allowed = {"sqlalchemy", "optout_flows"}  # when a target is due depends on its flow's version
    assert imported(shell, "status") & (HEAVY | DIALECTS) == allowed


@pytest.mark.parametrize("words", [("account", "list"), ("platforms",)])
def test_lists_need_no_browser(shell: Shell, words: tuple[str, ...]) -> None:
    assert imported(shell, *words) & {"playwright", "PIL", "starlette", "uvicorn"} == set()
