"""The way to a setting in steps that a person can follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.catalogue.entry import Kind
from optout.model import Reading

if TYPE_CHECKING:
    from optout.catalogue.entry import Setting

_UNKNOWN_PLACE = "Where it is, is not known. Look through the settings for privacy or data."
_SWITCH = {
    Reading.IN: "Switch it off. On means that you are in.",
    Reading.OUT: "Switch it ON: here, on means that you are out.",
}
_LOOK_AGAIN = "Load the page afresh, or start the app again, and look whether it has stayed so."
_FILL_IN = "Fill in what it asks for, read it again, and submit it."
_PICTURE = "Take a screenshot that shows the setting and, if the page says so, who is signed in."
_PICTURE_SENT = "Take a screenshot of what says that it has arrived."


def steps_of(title: str, setting: Setting) -> tuple[str, ...]:
    """What to do, from signing in to the picture that remembers it.

    Args:
        title: the platform, as people call it.
        setting: one that is neither a letter nor nothing at all.
    """
    form = setting.kind is Kind.FORM
    if form:
        return (*(setting.steps or (*_way(title, setting), _FILL_IN)), _PICTURE_SENT)
    turn = () if setting.steps else (*_find(setting), _turn(setting))
    save = (setting.save,) if setting.save else ()
    return (*(setting.steps or _way(title, setting)), *turn, *save, _LOOK_AGAIN, _PICTURE)


def _way(title: str, setting: Setting) -> tuple[str, ...]:
    if setting.url:
        begin, path = (
            f"Open {setting.url} and sign in.",
            f"If it does not show there, go to: {setting.path}",
        )
    else:
        app = f"Open {title}'s app on your computer or phone."
        begin = app if setting.kind is Kind.GUIDE else f"Sign in to {title} in your browser."
        path = f"Go to: {setting.path}"
    if setting.path:
        return (begin, path)
    return (begin,) if setting.url else (begin, _UNKNOWN_PLACE)


def _find(setting: Setting) -> tuple[str, ...]:
    if not setting.labels:
        return ()
    known = [f'"{label.text}"{f" ({label.note})" if label.note else ""}' for label in setting.labels]
    return (f"Find {' or '.join(known)}.",)


def _turn(setting: Setting) -> str:
    if setting.choose:
        return f"Choose: {setting.choose}."
    if setting.on_means:
        return _SWITCH[setting.on_means]
    return "Set it so that your data is not used. Which way round it works is not known: read its words."
