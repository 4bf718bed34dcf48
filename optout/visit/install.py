"""Installing a browser where there is none."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from optout.errors import NotUsableHere
from optout.visit.finder import Found, candidates, choose

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PACKAGES = ("chromium", "chromium-headless-shell")
_DOWNLOAD_LIMIT_S = 900
_ERROR = re.compile(r"E(rror)?: ")


def find_or_install(bundled: Path, *, headed: bool, tell: Callable[[str], None]) -> Found:
    """The browser to use; where there is none at all, Playwright's own is installed first.

    Args:
        bundled: where Playwright's own browser is, or would be.
        headed: whether a window is needed.
        tell: called with a sentence before the download begins.

    Raises:
        NotUsableHere: there is none, and none could be installed.
    """
    if not os.environ.get("OPTOUT_BROWSER") and not candidates(bundled):
        install_bundled(tell)
    return choose(bundled, headed=headed)


def install_bundled(tell: Callable[[str], None]) -> None:
    """Download the browser that belongs to Playwright into the user's own cache.

    Raises:
        NotUsableHere: the download is refused or fails.
    """
    tell("There is no browser here yet: downloading Playwright's Chromium (about 170 MB) …")
    problem = _problem([sys.executable, "-m", "playwright", "install", "chromium"])
    if problem:
        raise NotUsableHere(
            "there is no browser here, and Playwright's could not be downloaded",
            step="browser",
            found=problem,
            next_step=f"Install Chrome, Edge or Chromium{_offer()}, or name one in OPTOUT_BROWSER.",
        )


def install_system_package(tell: Callable[[str], None]) -> None:
    """Install Debian's Chromium, which only root can do.

    Raises:
        NotUsableHere: this is not Debian, the user is not root, or the installation fails.
    """
    if not can_install_system_package():
        raise NotUsableHere(
            "a system package can be installed only on Debian and its relatives, as root",
            step="browser",
            next_step="Install Chrome, Edge or Chromium yourself, or name one in OPTOUT_BROWSER.",
        )
    tell("Installing this system's Chromium package …")
    for command in (
        ["apt-get", "-qq", "update"],
        ["apt-get", "-qq", "-y", "--no-install-recommends", "install", *_PACKAGES],
    ):
        problem = _problem(command)
        if problem:
            raise NotUsableHere(
                "this system's Chromium package could not be installed",
                step="browser",
                found=problem,
                next_step="Install it by hand, or name a browser in OPTOUT_BROWSER.",
            )


def can_install_system_package() -> bool:
    """Whether this is Debian (or a relative) and the user is root."""
    root = getattr(os, "geteuid", lambda: 1)() == 0
    return root and Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None


def _offer() -> str:
    return " (optout doctor --install-browser does it here)" if can_install_system_package() else ""


def _problem(command: Sequence[str]) -> str:
    """Run a command; the line that says why where it fails, empty where it works."""
    try:
        done = subprocess.run(
            command,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_DOWNLOAD_LIMIT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{command[0]}: {type(error).__name__}"
    if done.returncode == 0:
        return ""
    lines = [line.strip() for line in f"{done.stdout}\n{done.stderr}".splitlines() if line.strip()]
    lines = [f"{command[0]} ended with status {done.returncode}", *lines]
    # Both installers go on talking, in stack traces and advice, after they have said what failed.
    telling = [line for line in lines if _ERROR.match(line)]
    return (telling or lines)[-1][:200].rstrip(".")
