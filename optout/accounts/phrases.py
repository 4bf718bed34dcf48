"""Names, groups, days and mandates as somebody wrote them: made fit to be kept, or refused."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING

from optout.accounts.logins import parse_login
from optout.errors import UsageProblem
from optout.ledger.mandates import Mandate

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 200
"""Characters in the longest name, group or phrase about a mandate."""

# One word with letters of two of these is written to look like another word.
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BEGINS_FORMULA = frozenset("=+-@|%\u2212")
_HANDLE_OR_PHONE = re.compile(r"\+[0-9]+|@\w[\w.]*")


class Unfit(ValueError):
    """A text that cannot be kept, and why; the text itself is not in it."""


def phrase(text: str, what: str) -> str:
    """A text of one line, in Unicode's composed form, with single spaces; empty is fine.

    Args:
        text: as it was written.
        what: what it is, for the reason.

    Raises:
        Unfit: it is too long, holds what nobody can see, or begins as a formula does.
    """
    said = " ".join(unicodedata.normalize("NFC", text).split())
    if len(said) > LONGEST:
        raise Unfit(f"its {what} has {len(said)} characters, of at most {LONGEST}")
    if said and not _BEGINS_FORMULA.isdisjoint(unicodedata.normalize("NFKC", said[0])):
        raise Unfit(f"its {what} begins with {said[0]!r}, as a formula does")
    for character in said:
        if unicodedata.category(character) in _HIDDEN:
            raise Unfit(f"its {what} holds the invisible character U+{ord(character):04X}")
    return said


def login(text: str) -> str:
    """A login that looks like no other one.

    Raises:
        Unfit: it is none, it looks like a formula, or like a login that it is not.
    """
    said = text.strip()
    if said[:1] in _BEGINS_FORMULA and said and not _HANDLE_OR_PHONE.fullmatch(said):
        raise Unfit(f"its login begins with {said[0]!r}, as a formula does")
    try:
        parsed = parse_login(said)
    except UsageProblem as problem:
        raise Unfit(f"its login cannot be one: it has {problem.found}") from None
    if parsed != unicodedata.normalize("NFKC", parsed):
        raise Unfit("its login holds characters that only look like those of a login")
    for word in re.split(r"[^\w]+", parsed):
        if len(scripts := _scripts(word)) > 1:
            raise Unfit(f"its login mixes {' and '.join(sorted(scripts))} letters in one word")
    return parsed


def parse_day(text: str, what: str) -> date:
    """A day as in ISO 8601; other ways to write one mean different days in different places.

    Raises:
        Unfit: it is not such a day.
    """
    said = text.strip()
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", said, re.ASCII):
            return date.fromisoformat(said)
    except ValueError:
        pass
    raise Unfit(f"its {what} is not a day such as 2026-11-22")


def mandate_from(by: str, on: str, where: str, until: str, today: date) -> Mandate:
    """A mandate as somebody wrote it down.

    Args:
        by: who authorised it.
        on: the day they did.
        where: where that can be read.
        until: the last day it holds; empty for until it is revoked.
        today: the day in UTC.

    Raises:
        Unfit: a part of it is missing or is not what it should be.
    """
    parts = {"who gave it": by, "when it was given": on, "where it is written down": where}
    if missing := [name for name, text in parts.items() if not text.strip()]:
        raise Unfit(f"its mandate does not say {' and '.join(missing)}")
    given = parse_day(on, "mandate's day")
    last = parse_day(until, "mandate's last day") if until.strip() else None
    # A day more, because somewhere it is tomorrow already.
    if (given - today).days > 1:
        raise Unfit("its mandate is given on a day that is still to come")
    if last is not None and last < given:
        raise Unfit("its mandate ends before it was given")
    return Mandate(phrase(by, "mandate's giver"), given, phrase(where, "mandate's place"), last)


def _scripts(word: Iterable[str]) -> set[str]:
    return {unicodedata.name(each, "").split(" ")[0] for each in word if each.isalpha()} & _ALIKE
