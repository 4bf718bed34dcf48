"""Pages that need nothing but themselves: one design, no script, and nothing fetched from anywhere."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from optout import __version__
from optout.report.cells import visible

if TYPE_CHECKING:
    from jinja2 import Template


@cache
def template(name: str) -> Template:
    """A template of the pages, by its name without `.html`."""
    environment = Environment(
        loader=PackageLoader("optout.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (files("optout.report") / "templates" / "page.css").read_text(encoding="utf-8")
    # The browser applies this style and no other, runs nothing and fetches nothing.
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment.globals |= {
        # Our own file, which holds no markup.
        "style": Markup(style),  # noqa: S704
        "policy": f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'",
        "version": __version__,
    }
    environment.filters["when"] = when
    return environment.get_template(f"{name}.html")


def when(text: str) -> str:
    """A time of the records, `2026-11-22T06:34:00+00:00`, as people read it; anything else as it is."""
    day, _, time = text.partition("T")
    clock = time.removesuffix("Z").removesuffix("+00:00")
    return f"{day} {clock.partition('.')[0]} UTC" if clock and clock != time else text


def _shown(value: object) -> object:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
