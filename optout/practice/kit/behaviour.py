"""How a settings page behaves in the browser, from the conditions of an account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optout.practice.switchboard import PracticeAccount

_LATE_MS = 600
_SOON_MS = 350


@dataclass(frozen=True)
class Behaviour:
    """What the page's own script is told. Times are in milliseconds.

    Attributes:
        appear_after: when the control appears; 0 for at once.
        skeleton: whether a placeholder stands there until then.
        shadow: the kind of shadow root it stands in, `open` or `closed`, or empty.
        late_state: whether the page shows the setting out until it has asked for the state.
        save_after: when saving begins, counted from the click.
        keep_on_failure: whether a refused change stays in view, and nothing is said.
        remember: whether the tab remembers what was clicked.
        confirm: text of the button of a question that nobody knows; empty for none.
        covered: whether something that cannot be put away lies over the page.
        banner: whether something that can be put away lies over the page.
        destroys: whether a button that deletes everything stands beside the control.
    """

    appear_after: int
    skeleton: bool
    shadow: str
    late_state: bool
    save_after: int
    keep_on_failure: bool
    remember: bool
    confirm: str
    covered: bool
    banner: bool
    destroys: bool


def behaviour(account: PracticeAccount) -> Behaviour:
    """What the settings page is to do for this account."""
    shadow = "closed" if account.has("in-closed-shadow-root") else ""
    asked = {"confirm-dialog": "Continue", "confirm-dialog-deletes": "Delete my data"}
    late = _SOON_MS if account.has("skeleton") else 0
    return Behaviour(
        appear_after=_LATE_MS if account.has("late-render") else late,
        skeleton=account.has("skeleton"),
        shadow=shadow or ("open" if account.has("in-shadow-root") else ""),
        late_state=account.has("late-state"),
        save_after=300 if account.has("save-delayed") else 0,
        keep_on_failure=account.has("save-500-looks-off"),
        remember=account.has("remembered-in-page"),
        confirm=next((button for name, button in asked.items() if account.has(name)), ""),
        covered=account.has("covered"),
        banner=account.has("cookie-banner"),
        destroys=account.has("destructive-neighbour"),
    )
