"""Which switches the page of the practised setting has for an account, and storing them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .wording import WORDINGS

if TYPE_CHECKING:
    from optout.practice.switchboard import PracticeAccount

    from .wording import Wording

KEY = "allowDataForGenerativeAI"
_NEW_KEY = "allowDataForContentModels"
_UNKNOWN_KEY = "allowProductWorkUse"
_RESEARCH_KEY = "allowAnonymizedDataResearch"
_COMPANION_KEY = "allowWritingSuggestions"


@dataclass(frozen=True)
class Switch:
    """One switch as a page shows it.

    Attributes:
        key: the platform's name for it.
        label: the words next to it.
        on: whether it is on.
        main: whether it is the setting under practice.
        inverted: whether on means opted out.
        locked: whether nobody may move it.
    """

    key: str
    label: str
    on: bool
    main: bool = False
    inverted: bool = False
    locked: bool = False


def main_switch(account: PracticeAccount) -> Switch:
    """The switch of the setting under practice, as this account is to meet it."""
    inverted = account.has("label-unknown")
    return Switch(
        key=_main_key(account),
        label=_main_label(account),
        on=account.out == inverted,
        main=True,
        inverted=inverted,
        locked=account.has("locked-in", "locked-out"),
    )


def switches(account: PracticeAccount) -> tuple[Switch, ...]:
    """All switches of the page, the one under practice first."""
    main = main_switch(account)
    if account.has("key-and-label-contradict"):
        label = WORDINGS[account.language].label
        return main, stored_switch(account, _RESEARCH_KEY, label)
    if account.has("two-switches", "neighbour-moves"):
        return main, stored_switch(account, _COMPANION_KEY, "Show me suggestions while I write")
    return (main,)


def stored_switch(account: PracticeAccount, key: str, label: str) -> Switch:
    """A switch other than the practised one; on until somebody turns it off."""
    return Switch(key=key, label=label, on=account.settings.get(key, True))


def store(account: PracticeAccount, switch: Switch, *, on: bool) -> bool:
    """Keep a switch's new state.

    Returns:
        Whether anything became different.
    """
    if not switch.main:
        account.settings[switch.key] = on
        return on != switch.on
    before = account.out
    account.out = on == switch.inverted
    if account.has("neighbour-moves"):
        account.settings[_COMPANION_KEY] = not account.settings.get(_COMPANION_KEY, True)
    return account.out != before


def entity(switch: Switch, words: Wording) -> dict[str, object]:
    """A setting as the platform's own data describes it."""
    texts = {"true": words.on, "false": words.off}
    value = str(switch.on).lower()
    return {
        "key": switch.key,
        "value": value,
        "onValue": "true",
        "offValue": "false",
        "settingDisplayType": "TOGGLE",
        "entityUrn": f"urn:li:settingEntity:{zlib.crc32(switch.key.encode()) % 900_000 + 100_000}",
        "settingDisplayValues": [
            {"settingDisplayValue": text, "value": each, "selected": each == value}
            for each, text in texts.items()
        ],
        "hasChild": False,
        "primaryDescription": switch.label,
        "a11yName": switch.label,
    }


def _main_key(account: PracticeAccount) -> str:
    if account.has("unknown-everything"):
        return _UNKNOWN_KEY
    return _NEW_KEY if account.has("key-renamed") else KEY


def _main_label(account: PracticeAccount) -> str:
    others = {
        "label-unknown": "Keep my data out of training",
        "label-deletes": "Delete my data and clear my history",
        "unknown-everything": "Let what I write be part of product work",
        "key-and-label-contradict": "Use data for research",
    }
    wordings = (text for name, text in others.items() if account.has(name))
    return next(wordings, WORDINGS[account.language].label)
