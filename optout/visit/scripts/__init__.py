"""The few lines of JavaScript that look at a page, one file per question."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def script(name: str) -> str:
    """The source of one script, comments included."""
    return files(__package__).joinpath(f"{name}.js").read_text(encoding="utf-8")
