"""Finding the browsers that are on this machine."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from optout.errors import NotUsableHere

if TYPE_CHECKING:
    from collections.abc import Mapping

# What people have, in the order that serves them best.
_BEST_FIRST = ("playwright", "chrome", "msedge", "chromium")
_CHANNELS = {
    "chrome": (
        "/opt/google/chrome/chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
        r"%ProgramFiles(x86)%\Google\Chrome\Application\chrome.exe",
        r"%LocalAppData%\Google\Chrome\Application\chrome.exe",
    ),
    "msedge": (
        "/opt/microsoft/msedge/msedge",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        r"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe",
        r"%ProgramFiles%\Microsoft\Edge\Application\msedge.exe",
    ),
}
_CHROMIUM = ("/usr/lib/chromium/chromium", "/usr/bin/chromium", "/usr/bin/chromium-browser")
# The same where they were installed elsewhere, such as by Nix or Homebrew.
_PROGRAMS = {
    "google-chrome": "chrome",
    "microsoft-edge": "msedge",
    "chromium": "chromium",
    "chromium-browser": "chromium",
}
_HEADLESS_SHELL = "/usr/bin/chromium-headless-shell"


@dataclass(frozen=True)
class Found:
    """A browser on this machine.

    Attributes:
        channel: `playwright`, `chrome`, `msedge`, `chromium` or `chosen` (by OPTOUT_BROWSER).
        path: its program.
        windowless: whether it can only run without a window.
    """

    channel: str
    path: Path
    windowless: bool = False

    def __str__(self) -> str:
        """For people: which browser, and where."""
        return f"{self.channel} ({self.path})"


def has_display(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a visible window can be opened here."""
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def choose(bundled: Path, *, headed: bool, environ: Mapping[str, str] = os.environ) -> Found:
    """The browser to use: the one that was asked for, else the first that is there.

    Args:
        bundled: where Playwright's own browser would be.
        headed: whether a window is needed.
        environ: `OPTOUT_BROWSER` names a program.

    Raises:
        NotUsableHere: there is none, or the one asked for is not a program.
    """
    if asked := environ.get("OPTOUT_BROWSER"):
        path = Path(asked).expanduser()
        if not (path.is_file() and os.access(path, os.X_OK)):
            raise NotUsableHere(
                f"OPTOUT_BROWSER names {asked}, which is not a program",
                step="browser",
                next_step="Name the browser's program, or unset OPTOUT_BROWSER to let optout look.",
            )
        chosen = Found("chosen", path, windowless="headless-shell" in path.name)
        if not (headed and chosen.windowless):
            return chosen
        raise NotUsableHere(
            f"OPTOUT_BROWSER names {asked}, which cannot open a window",
            step="browser",
            next_step="Name another browser's program, or unset OPTOUT_BROWSER to let optout look.",
        )
    here = candidates(bundled, environ)
    for found in here:
        if not (headed and found.windowless):
            return found
    if here:
        raise NotUsableHere(
            "there is no browser here that can open a window",
            step="browser",
            found=", ".join(map(str, here)),
            next_step="Install Chrome, Edge or Chromium, or name one in OPTOUT_BROWSER.",
        )
    raise NotUsableHere(
        "there is no browser here",
        step="browser",
        expected="Playwright's Chromium, Chrome, Edge or Chromium",
        next_step="Install one: optout doctor --install-browser, or name one in OPTOUT_BROWSER.",
    )


def candidates(bundled: Path, environ: Mapping[str, str] = os.environ) -> list[Found]:
    """The browsers found on this machine, one per channel, best first."""
    named = [("playwright", str(bundled))]
    named += [(channel, path) for channel, paths in _CHANNELS.items() for path in paths]
    named += [("chromium", path) for path in _CHROMIUM]
    named += [
        (channel, path)
        for program, channel in _PROGRAMS.items()
        if (path := shutil.which(program, path=environ.get("PATH", "")))
    ]
    best: dict[str, Found] = {}
    for channel, path in named:
        program = Path(_expanded(path, environ))
        if program.is_file() and os.access(program, os.X_OK):
            best.setdefault(channel, Found(channel, program))
    found = [best[channel] for channel in _BEST_FIRST if channel in best]
    shell = Path(_HEADLESS_SHELL)
    # The shell is the lighter of Debian's two and enough where no window is wanted.
    place = next((i for i, each in enumerate(found) if each.channel == "chromium"), len(found))
    if shell.is_file():
        found.insert(place, Found("chromium", shell, windowless=True))
    return found


def _expanded(path: str, environ: Mapping[str, str]) -> str:
    for name in ("ProgramFiles(x86)", "ProgramFiles", "LocalAppData"):
        path = path.replace(f"%{name}%", environ.get(name, f"%{name}%"))
    return path
