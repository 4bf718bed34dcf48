"""By what a visit was made: optout, Python, Playwright, the browser, and the flow down to its source."""

from __future__ import annotations

import hashlib
import platform
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import optout

if TYPE_CHECKING:
    from optout.flow import Flow


def tools(browser: str) -> dict[str, str]:
    """The versions of everything but the flow.

    Args:
        browser: name and version, as the browser says them.
    """
    return {
        "optout": optout.__version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "playwright": _playwright(),
        "browser": browser,
    }


@cache
def _playwright() -> str:
    return version("playwright")


def source_digest(flow: Flow) -> str:
    """SHA-256 of a flow's source as it was loaded from, in hex; empty where it has no file.

    It is the digest of what `sha256sum *.py` prints in the flow's folder, so that anybody can compute it
    again. A flow that is a single module is that one file. Practice sites are no part of it.
    """
    return _digest(type(flow).__module__)


@cache
def _digest(module: str) -> str:
    name = getattr(sys.modules[module], "__file__", None)
    if name is None:
        return ""
    file = Path(name)
    of_a_folder = "." in module
    files = sorted(file.parent.glob("*.py")) if of_a_folder else [file]
    lines = (f"{hashlib.sha256(each.read_bytes()).hexdigest()}  {each.name}\n" for each in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
