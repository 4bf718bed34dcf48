"""The beginning of a flow: a folder that passes the suite as it is, on words that are made up."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from optout.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_FILES = {"flow.py": "flow.py.j2", "practice/site.py": "site.py.j2"}
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST = 40


def begin(name: str, folder: Path, taken: Iterable[str]) -> list[Path]:
    """Write the beginning of a flow.

    Args:
        name: the platform's, as it will be typed.
        folder: where the flow's own folder goes.
        taken: names that are another flow's.

    Returns:
        The files.

    Raises:
        UsageProblem: the name cannot be one, or there is something under it already.
        OSError: the folder cannot be written.
    """
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        raise UsageProblem(
            f"{name!a} cannot be the name of a platform",
            expected=f"lower-case letters, digits and hyphens, a letter first, at most {_LONGEST}",
            next_step="Try it as in: optout flow new aurora-mail",
        )
    if name in taken:
        raise UsageProblem(
            f"there is a flow for {name} already", next_step=f"See: optout platforms {name}"
        )
    own = folder / name.replace("-", "_")
    if own.exists():
        raise UsageProblem(f"{own} is there already", next_step="Choose another name or --folder.")
    pages = Environment(
        loader=PackageLoader("optout.authors", "beginning"),
        autoescape=False,  # noqa: S701 - it is Python, and the name holds no quotes
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    words = name.split("-")
    facts = {
        "name": name,
        "title": " ".join(word.capitalize() for word in words),
        "made": "".join(word.capitalize() for word in words),
        "today": datetime.datetime.now(datetime.UTC).date().isoformat(),
    }
    for file, template in _FILES.items():
        (own / file).parent.mkdir(parents=True, exist_ok=True)
        (own / file).write_text(pages.get_template(template).render(facts), encoding="utf-8")
    return [own / file for file in _FILES]
