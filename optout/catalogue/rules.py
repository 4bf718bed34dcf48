"""What the fields of a catalogue file must be to each other."""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from optout.catalogue.entry import Kind
from optout.catalogue.shape import Misshapen
from optout.model import Reading

if TYPE_CHECKING:
    from optout.catalogue.entry import Entry, Letter, Setting

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_DATE = re.compile(r"20\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_ADDRESS = re.compile(r"[^\s@<>]+@[a-z0-9.-]+\.[a-z]+")
LOGIN = "login"
"""The placeholder of every letter that stands for the account."""


def keep_rules(name: str, entry: Entry) -> None:
    """Check what types alone cannot say.

    Raises:
        Misshapen: the first rule that is not kept.
    """
    _must(_NAME.fullmatch(name), "the file's name", "small letters, digits and hyphens", name)
    if not entry.beside:
        _must(entry.title, "title", "a text", "nothing")
        _must(entry.settings, "settings", "at least one", "nothing")
        _must(entry.who, "who", "a text", "nothing")
    names = [setting.name for setting in entry.settings]
    for place, setting in enumerate(entry.settings):
        field = f"settings[{place}]"
        _must(_NAME.fullmatch(setting.name), f"{field}.name", "a name as in a target", setting.name)
        twice = names.count(setting.name) > 1 or setting.name in entry.beside
        _must(not twice, f"{field}.name", "a name that no other setting here has", setting.name)
        _setting(setting, field)


def placeholders(text: str) -> set[str]:
    """The names in braces that a text holds.

    Raises:
        ValueError: a brace is left open.
    """
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _setting(setting: Setting, field: str) -> None:
    kind = setting.kind
    if setting.url:
        parts = urlsplit(setting.url)
        whole = parts.scheme == "https" and parts.hostname
        _must(whole, f"{field}.url", "an https address", setting.url)
    dated = not setting.last_verified or _DATE.fullmatch(setting.last_verified)
    _must(dated, f"{field}.last_verified", "a date such as 2026-10-02", setting.last_verified)
    for name in ("default", "on_means"):
        reading = getattr(setting, name)
        _must(reading in (None, Reading.IN, Reading.OUT), f"{field}.{name}", "in or out", reading)
    _must((kind is Kind.NONE) == bool(setting.instead), f"{field}.instead", _ONLY.format("none"), kind)
    _must((kind is Kind.LETTER) == bool(setting.letter), f"{field}.letter", _ONLY.format("letter"), kind)
    if kind is Kind.GUIDE:
        _must(setting.steps or setting.path, f"{field}.path", "a path or steps to guide by", "nothing")
    if setting.letter:
        _letter(setting.letter, f"{field}.letter")


_ONLY = "this field where the kind is {}, and nowhere else"


def _letter(letter: Letter, field: str) -> None:
    known = {LOGIN, *(need.name for need in letter.needs)}
    _must(not letter.to or _ADDRESS.fullmatch(letter.to), f"{field}.to", "an e-mail address", letter.to)
    _must("\n" not in letter.subject, f"{field}.subject", "one line", letter.subject)
    used = set()
    for name in ("subject", "body"):
        try:
            here = placeholders(getattr(letter, name))
        except ValueError as error:
            raise Misshapen(f"{field}.{name}", "braces around placeholders only", str(error)) from None
        _must(here <= known, f"{field}.{name}", f"no placeholder but {', '.join(sorted(known))}", here)
        used |= here
    _must(used >= known - {LOGIN}, f"{field}.needs", "what subject or body ask for", known - used)


def _must(kept: object, field: str, expected: str, found: object) -> None:
    if not kept:
        raise Misshapen(field, expected, str(found))
