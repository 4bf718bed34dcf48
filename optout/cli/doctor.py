"""`optout doctor`: what works on this machine."""

from __future__ import annotations

import os
import tempfile
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click

from optout.accounts.keyring_store import KeyringStore, NotUsable
from optout.accounts.keys import COMMAND, KeySource, NoKey
from optout.cli.health import health_of
from optout.cli.loop import run_async
from optout.cli.options import installed_flows, json_option
from optout.errors import NotUsableHere, OptoutError
from optout.home import Home, private_folder
from optout.ledger.open import open_ledger
from optout.model import ExitBit
from optout.report.machine import as_json as to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from optout.flow.discovery import Broken, Flows
    from optout.visit.finder import Found


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
        """A line for people, and one with what to do."""
        if self.usable:
            return f"✓ {self.what}: usable, {self.detail}"
        sign = "✗" if self.needed else "–"
        do = f"\n    do: {self.next_step}" if self.next_step else ""
        return f"{sign} {self.what}: not usable here because {self.detail}{do}"


@click.command(
    epilog="""\b
Examples:
  optout doctor
  optout doctor --install-browser"""
)
@click.option("--install-browser", is_flag=True, help="Install a browser if there is none.")
@json_option
@click.pass_context
def doctor(ctx: click.Context, *, install_browser: bool, as_json: bool) -> None:
    """What works on this machine, and what to do about the rest.

    Exit status: 0 when a visit can work, 8 when something has to be done first.
    """
    from optout.visit.browser import browsers_here  # noqa: PLC0415 - imports Playwright

    if install_browser:
        run_async(_install())
    flows = installed_flows(ctx)
    home = Home.of_user()
    found = run_async(browsers_here())
    keyring = KeyringStore()
    findings = [
        run_async(_browser(found)),
        _display(found),
        _keyring(keyring),
        _sessions(keyring),
        _tried("folders", lambda: _folders(home)),
        _tried("ledger", lambda: _ledger(home)),
        *map(_broken, flows.broken),
        _flows(flows.flows),
        *_health(flows),
    ]
    if as_json:
        click.echo(to_json([asdict(finding) for finding in findings]))
    else:
        click.echo("\n".join(map(str, findings)))
    bad = any(finding.needed and not finding.usable for finding in findings)
    ctx.exit(int(ExitBit.NEEDS_PERSON if bad else ExitBit.OK))


def _tell(message: str) -> None:
    click.echo(message, err=True)


async def _install() -> None:
    from optout.visit.browser import browsers_here  # noqa: PLC0415 - imports Playwright
    from optout.visit.install import (  # noqa: PLC0415
        can_install_system_package,
        install_bundled,
        install_system_package,
    )

    if await browsers_here():
        return
    try:
        install_bundled(_tell)
    except NotUsableHere as refused:
        if not can_install_system_package():
            raise
        _tell(f"{refused.what} ({refused.found}).")
        install_system_package(_tell)


async def _browser(found: Sequence[Found]) -> Finding:
    from optout.visit.browser import open_browser  # noqa: PLC0415 - as above
    from optout.visit.site import Site  # noqa: PLC0415

    # With nothing to find, opening one would start a download, which is for a visit to do.
    if not found and not os.environ.get("OPTOUT_BROWSER"):
        return Finding("browser", False, "there is none", "Run: optout doctor --install-browser")
    site = Site("http://127.0.0.1", practice=True)
    try:
        async with open_browser(site, headed=False, fenced=True, tell=_tell) as browser:
            others = [str(each) for each in found if each != browser.found]
            also = f" (also here: {', '.join(others)})" if others else ""
            return Finding("browser", True, f"{browser.found} {browser.version}, keeps its fence{also}")
    except OptoutError as error:
        return _not_usable("browser", error)


def _display(found: Sequence[Found]) -> Finding:
    from optout.visit.finder import has_display  # noqa: PLC0415 - as above

    if not has_display():
        return Finding(
            "display",
            False,
            "there is none",
            "Signing in yourself needs one: use a desktop, or a virtual display that you can look at "
            "(Xvfb with a VNC server). Visits with a password work without.",
            needed=False,
        )
    if not os.environ.get("OPTOUT_BROWSER") and all(each.windowless for each in found):
        return Finding(
            "display",
            False,
            "there is no browser that opens windows",
            "Install Chrome, Edge or Chromium, or name one in OPTOUT_BROWSER.",
            needed=False,
        )
    return Finding("display", True, "visible windows can be opened", needed=False)


def _keyring(keyring: KeyringStore) -> Finding:
    usable = keyring.check()
    if isinstance(usable, NotUsable):
        return Finding("keyring", False, usable.reason, usable.next_step, needed=False)
    return Finding("keyring", True, usable.name, needed=False)


def _sessions(keyring: KeyringStore) -> Finding:
    if not os.environ.get(COMMAND):
        usable = keyring.check()
        if isinstance(usable, NotUsable):
            return Finding(
                "sessions",
                False,
                "there is neither a keyring nor a program that prints the key to seal them with",
                f"Set {COMMAND} to such a program, or sign in at each visit.",
                needed=False,
            )
        return Finding("sessions", True, "sealed with a key from the keyring", needed=False)
    try:
        key = KeySource(keyring).key()
    except OptoutError as error:
        return _not_usable("sessions", error)
    if isinstance(key, NoKey):
        return Finding("sessions", False, key.reason, key.next_step, needed=False)
    return Finding("sessions", True, f"sealed with the key that {COMMAND} prints", needed=False)


def _folders(home: Home) -> Finding:
    for folder in (home.data, home.evidence, home.sessions):
        private_folder(folder)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"optout")
    return Finding("folders", True, str(home.data))


def _ledger(home: Home) -> Finding:
    with open_ledger(home) as ledger:
        return Finding("ledger", True, ledger.place)


def _flows(names: Iterable[str]) -> Finding:
    if listed := ", ".join(names):
        return Finding("flows", True, listed)
    advice = "Install optout again, or name a folder with --flows."
    return Finding("flows", False, "none is installed", advice)


def _health(flows: Flows) -> list[Finding]:
    """How the flows are doing that were ever tried on their platform."""
    return [
        Finding(
            f"flow {each.flow.name}",
            not each.quarantines,
            str(each),
            each.quarantines[0].next_step if each.quarantines else "",
            needed=False,
        )
        for each in health_of(flows).values()
        if each.worked or each.quarantines
    ]


def _broken(flow: Broken) -> Finding:
    return Finding(f"flow {flow.where}", False, flow.reason, flow.next_step, needed=False)


def _tried(what: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except OptoutError as error:
        return _not_usable(what, error)
    except OSError as error:
        reason = f"{error.filename or ''}: {error.strerror or error}"
        return Finding(what, False, reason, "Make it writable, or set OPTOUT_HOME to another folder.")


def _not_usable(what: str, error: OptoutError) -> Finding:
    return Finding(what, False, error.reason.removeprefix(f"{error.step}: "), error.next_step)
