"""A bundle as one page that can be handed to somebody: as HTML, and on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.evidence.finding import State
from optout.report.pages import template

if TYPE_CHECKING:
    from optout.report.bundle_view import BundleView

_ANSWERS = {
    State.OK: "yes",
    State.FAILED: "NO",
    State.NOT_SHOWN: "not shown",
    State.IMPOSSIBLE: "cannot be told",
}


def evidence_page(view: BundleView) -> bytes:
    """The page, in UTF-8."""
    page = template("evidence").render(
        view=view, story=view.story, practice=view.story.practice, answers=_ANSWERS
    )
    return page.encode()
