"""`optout doctor`: what works on this machine."""

from __future__ import annotations

import asyncio
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from optout.accounts.keyring_store import KeyringStore, NotUsable
from optout.cli.options import installed_flows, json_option
from optout.errors import NotUsableHere, OptoutError
from optout.home import Home, private_folder
from optout.ledger.open import open_ledger
from optout.model import ExitBit
from optout.report.machine import as_json as to_json

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        what: its name.
        usable: whether it works here.
        detail: what was found, or why it does not work.
        next_step: what to do about it.
        needed: whether nothing works without it.
    """

    what: str
    usable: bool
    detail: str
    next_step: str = ""
    needed: bool = True

    def __str__(self) -> str:
        """One line for people."""
        if self.usable:
            return f"✓ {self.what}: usable, {self.detail}"
        return f"✗ {self.what}: not usable here because {self.detail}. {self.next_step}"


@click.command()
@click.option("--install-browser", is_flag=True, help="Install a browser if there is none.")
@json_option
@click.pass_context
def doctor(ctx: click.Context, *, install_browser: bool, as_json: bool) -> None:
    """What works on this machine, and what to do about the rest.

    Exit status: 0 when a visit can work, 8 when something has to be done first.
    """
    if install_browser:
        asyncio.run(_install())
    flows = installed_flows(ctx)
    home = Home.of_user()
    findings = [
        asyncio.run(_browser()),
        _display(),
        _keyring(),
        _tried("folders", lambda: _folders(home)),
        _tried("ledger", lambda: _ledger(home)),
        *(Finding("flow", False, f"{b.where}: {b.reason}", needed=False) for b in flows.broken),
        Finding("flows", bool(flows.flows), ", ".join(flows.flows) or "none is installed"),
    ]
    if as_json:
        click.echo(to_json([asdict(finding) for finding in findings]))
    else:
        click.echo("\n".join(map(str, findings)))
    bad = any(finding.needed and not finding.usable for finding in findings)
    ctx.exit(int(ExitBit.NEEDS_PERSON if bad else ExitBit.OK))


async def _install() -> None:
    from playwright.async_api import async_playwright  # noqa: PLC0415 - only this needs it

    from optout.visit.finder import candidates  # noqa: PLC0415
    from optout.visit.install import (  # noqa: PLC0415
        can_install_system_package,
        install_bundled,
        install_system_package,
    )

    async with async_playwright() as playwright:
        bundled = Path(playwright.chromium.executable_path)
    if candidates(bundled):
        return
    try:
        install_bundled(lambda text: click.echo(text, err=True))
    except NotUsableHere as refused:
        if not can_install_system_package():
            raise
        click.echo(f"{refused.what} ({refused.found}).", err=True)
        install_system_package(lambda text: click.echo(text, err=True))


async def _browser() -> Finding:
    from playwright.async_api import async_playwright  # noqa: PLC0415 - only this needs it

    from optout.visit.browser import open_browser  # noqa: PLC0415
    from optout.visit.finder import candidates  # noqa: PLC0415
    from optout.visit.site import Site  # noqa: PLC0415

    try:
        async with async_playwright() as playwright:
            found = candidates(Path(playwright.chromium.executable_path))
        # With nothing to find, opening one would start a download, which is for a visit to do.
        if not found and not os.environ.get("OPTOUT_BROWSER"):
            return Finding("browser", False, "there is none", "Run: optout doctor --install-browser")
        site = Site("http://127.0.0.1", practice=True)
        async with open_browser(site, headed=False, fenced=True, tell=click.echo) as browser:
            others = [str(each) for each in found if each != browser.found]
            also = f" (also here: {', '.join(others)})" if others else ""
            return Finding("browser", True, f"{browser.found} {browser.version}, keeps its fence{also}")
    except OptoutError as error:
        return Finding("browser", False, error.reason, error.next_step)


def _display() -> Finding:
    from optout.visit.finder import has_display  # noqa: PLC0415 - as above

    if has_display():
        return Finding("display", True, "visible windows can be opened", needed=False)
    return Finding(
        "display",
        False,
        "there is none",
        "Signing in yourself needs one: use a desktop, or `xvfb-run -a` with a viewer. "
        "Automatic mode works without.",
        needed=False,
    )


def _keyring() -> Finding:
    usable = KeyringStore().check()
    if isinstance(usable, NotUsable):
        return Finding("keyring", False, usable.reason, usable.next_step, needed=False)
    return Finding("keyring", True, usable.name, needed=False)


def _folders(home: Home) -> Finding:
    for folder in (home.data, home.evidence, home.sessions):
        private_folder(folder)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"optout")
    return Finding("folders", True, str(home.data))


def _ledger(home: Home) -> Finding:
    with open_ledger(home) as ledger:
        return Finding("ledger", True, ledger.place)


def _tried(what: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except OptoutError as error:
        return Finding(what, False, error.reason, error.next_step)
    except OSError as error:
        reason = f"{error.filename or ''}: {error.strerror or error}"
        return Finding(what, False, reason, "Make it writable, or set OPTOUT_HOME to another folder.")
