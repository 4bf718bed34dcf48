"""Terminals and practice sites for tests of the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from optout_flows.linkedin.practice.site import site

from optout.practice.server import serve
from tests.cli.shell import Desk, Shell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.async_api import Playwright


@pytest.fixture(scope="session")
def browsers(playwright: Playwright) -> Path:
    """Where Playwright keeps its own browsers, if it has any."""
    return Path(playwright.chromium.executable_path).parents[2]


@pytest.fixture
def shell(tmp_path: Path, browsers: Path) -> Shell:
    return Shell.at(tmp_path, browsers)


@pytest.fixture
def desk(shell: Shell) -> Iterator[Desk]:
    with serve(site(slow_seconds=60)) as server:
        yield Desk(shell, server)


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Runs commands in this process, for those that need no browser."""
    monkeypatch.setenv("OPTOUT_HOME", str(tmp_path / "optout"))
    for name in ("OPTOUT_DATABASE", "OPTOUT_KEY_COMMAND", "OPTOUT_BROWSER"):
        monkeypatch.delenv(name, raising=False)
    return CliRunner()
