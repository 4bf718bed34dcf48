"""The JavaScript that measures what is to be photographed."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def script(name: str) -> str:
    """The source of one script."""
    return files(__package__).joinpath(f"{name}.js").read_text(encoding="utf-8")
