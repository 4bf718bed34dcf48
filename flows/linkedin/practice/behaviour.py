"""How the switch's page behaves in the browser, from the conditions of an account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optout.practice.switchboard import PracticeAccount


@dataclass(frozen=True)
class Behaviour:
    """What the page's own script is told. Times are in milliseconds; None means not at all.

    Attributes:
        appear_after: when the control appears.
        skeleton: whether a placeholder stands there until then.
        shadow: the kind of shadow root it stands in, `open` or `closed`, or empty.
        ask_after: when the page asks for the state, after showing off meanwhile.
        shows_off: whether the switch is drawn off whatever is stored.
        json: whether the page carries JSON about the setting.
        json_says_on: whether that JSON says on whatever is stored.
        save_after: when saving begins, counted from the click.
        keep_on_failure: whether a refused change stays in view, and nothing is said.
        remember: whether the tab remembers what was clicked.
        confirm: text of the button of a dialog that asks first; empty for no dialog.
        heading: whether there is a heading.
        covered: whether something lies over the page.
        destroys: whether a button that deletes everything stands beside the switch.
    """

    appear_after: int | None = None
    skeleton: bool = False
    shadow: str = ""
    ask_after: int | None = None
    shows_off: bool = False
    json: bool = True
    json_says_on: bool = False
    save_after: int = 0
    keep_on_failure: bool = False
    remember: bool = False
    confirm: str = ""
    heading: bool = True
    covered: bool = False
    destroys: bool = False


def behaviour(account: PracticeAccount) -> Behaviour:
    """What the practised setting's page is to do for this account."""
    shadow = "closed" if account.has("in-closed-shadow-root") else ""
    return Behaviour(
        appear_after=_appear_after(account),
        skeleton=account.has("skeleton"),
        shadow=shadow or ("open" if account.has("in-shadow-root") else ""),
        ask_after=_ask_after(account),
        shows_off=account.has("late-state", "late-state-no-json", "json-contradicts"),
        json=not account.has("no-json", "late-state-no-json"),
        json_says_on=account.has("json-contradicts"),
        save_after=400 if account.has("save-delayed") else 0,
        keep_on_failure=account.has("save-500-looks-off"),
        remember=account.has("remembered-in-page"),
        confirm=_confirm(account),
        heading=not account.has("heading-gone"),
        covered=account.has("covered"),
        destroys=account.has("destructive-neighbour"),
    )


def _appear_after(account: PracticeAccount) -> int | None:
    if account.has("late-render"):
        return 1500
    return 800 if account.has("skeleton") else None


def _ask_after(account: PracticeAccount) -> int | None:
    if account.has("late-state-no-json"):
        return 0  # the call itself takes its time, on the server's side
    return 1200 if account.has("late-state") else None


def _confirm(account: PracticeAccount) -> str:
    if account.has("confirm-dialog-deletes"):
        return "Delete my data"
    return "Save change" if account.has("confirm-dialog") else ""
