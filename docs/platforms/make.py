"""Make `docs/platforms.md` from what flows and catalogue say: `python docs/platforms/make.py`."""

from __future__ import annotations

import html
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from optout.campaign.platforms import all_platforms
from optout.cli.platforms import UNKNOWN, yes_no
from optout.flow.discovery import discover

HERE = Path(__file__).parent
PAGE = HERE.with_suffix(".md")


def page() -> str:
    """The page as it must be."""
    # Markdown, where `cell` escapes what has a meaning; escaping for HTML comes with it.
    environment = Environment(
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - as above
    )
    environment.filters |= {"cell": _cell, "aside": _aside}
    template = environment.from_string((HERE / "page.md.j2").read_text("utf-8"))
    platforms = list(all_platforms(discover()).values())
    return template.render(platforms=platforms, unknown=UNKNOWN, yes_no=yes_no)


def _cell(text: str) -> str:
    return html.escape(text, quote=False).replace("|", "\\|")


def _aside(text: str) -> str:
    return f" ({_cell(text.rstrip('.'))})" if text else ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
