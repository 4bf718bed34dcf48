"""The controls of a settings page as one account is to meet them, and storing what is sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from optout.practice.kit.platform import Extra

if TYPE_CHECKING:
    from optout.practice.kit.platform import Control, Platform
    from optout.practice.switchboard import PracticeAccount

MAIN = "main"
_COMPANION = Extra(name="companion", label="Show me suggestions while I write")
_CONTRADICTS = "Use data for research"
_NEW_WORDS = {
    "label-unknown": "Keep what I write away from it",
    "label-deletes": "Delete my data and clear my history",
    "unknown-everything": "Let what I write be part of product work",
    "key-and-label-contradict": _CONTRADICTS,
}
_NEW_KEY = "another-control"


@dataclass(frozen=True)
class View:
    """One control as a page shows it.

    Attributes:
        name: what it is stored under.
        control: its shape and words.
        label: the words it has for this account.
        key: its attribute and value, or None.
        out: whether the setting it stands for is out.
        locked: whether nobody may move it.
    """

    name: str
    control: Control
    label: str
    key: tuple[str, str] | None
    out: bool
    locked: bool = False

    @property
    def on(self) -> bool:
        """Whether it is on, or ticked."""
        return self.out == self.control.inverted

    @property
    def choice(self) -> str:
        """What a list or menu stands on."""
        return self.control.choices[self.out]


def views(platform: Platform, account: PracticeAccount, name: str = MAIN) -> tuple[View, ...]:
    """The controls of a page, the one under practice first.

    Args:
        platform: the platform.
        account: who looks at it.
        name: what the control under practice is stored under here.
    """
    main = _main(platform, account, name)
    control = platform.met_by(account)
    others = [_extra(control, account, extra) for extra in platform.extras]
    if account.has("two-switches", "neighbour-moves"):
        others.append(_extra(control, account, _COMPANION))
    if account.has("label-twice", "key-and-label-contradict"):
        others.append(_extra(control, account, Extra(name="second", label=control.label)))
    return (main, *others)


def store(platform: Platform, account: PracticeAccount, view: View, *, out: bool) -> bool:
    """Keep a control's new state.

    Returns:
        Whether anything became different.
    """
    if account.has("last-object-forgets") and view.name == _last(platform):
        return False
    if view.name == MAIN:
        account.out = out
        if account.has("neighbour-moves"):
            account.settings["companion"] = not account.settings.get("companion", True)
    else:
        account.settings[view.name] = not out
    return view.out is not out


def is_out(platform: Platform, account: PracticeAccount, name: str) -> bool:
    """Whether the setting under practice, or that of one object, is stored as out."""
    if name == MAIN:
        return account.out
    begins_out = name != _last(platform) if account.has("some-out") else account.out
    return not account.settings.get(name, not begins_out)


def _last(platform: Platform) -> str:
    return platform.objects[-1] if platform.objects else ""


def _main(platform: Platform, account: PracticeAccount, name: str) -> View:
    control, out = platform.met_by(account), is_out(platform, account, name)
    label = control.label_out if out and control.label_out else control.label
    if account.has("label-old"):
        label = control.label_old
    key = control.key
    if key and account.has("key-renamed", "unknown-everything"):
        key = (key[0], _NEW_KEY)
    if account.has("label-unknown"):
        control = replace(control, inverted=not control.inverted, choices=control.choices[::-1])
    last_is_locked = account.has("last-object-locked") and name == _last(platform)
    return View(
        name=name,
        control=control,
        label=next((text for each, text in _NEW_WORDS.items() if account.has(each)), label),
        key=key,
        out=out,
        locked=account.has("locked-in", "locked-out") or last_is_locked,
    )


def _extra(control: Control, account: PracticeAccount, extra: Extra) -> View:
    # It begins on, or as it is said to; `settings` holds what is on once somebody has touched it.
    on = account.settings.get(extra.name, extra.on)
    plain = replace(
        control, shape=extra.shape or control.shape, inverted=False, save="", asks=None, destroys=""
    )
    return View(name=extra.name, control=plain, label=extra.label, key=extra.key, out=not on)
