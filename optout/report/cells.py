"""Texts that strangers chose, made fit for a cell: nothing invisible, nothing a spreadsheet runs."""

from __future__ import annotations

import unicodedata

_BEGINS_FORMULA = frozenset("=+-@|%\u2212")
_BEGINS_ANYTHING = ("\t", "\r", "\n", "\0")
# In front of any of these a formula is still one: what is not seen, and the quotes around a cell.
_PASSED_OVER = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
_PICTURES = range(0x2400, 0x2422)
_DELETE = 0x7F
_HIDDEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
# Marks that turn the direction of what stands around them, and so make one name look like another.
_TURNS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NO_CHARACTER = 0xFFFE


def visible(text: str) -> str:
    """The text with what nobody can see made visible, and nothing that a file format cannot hold.

    Control characters become their pictures (`␉`, `␊`); marks that turn the direction of writing and
    halves of characters become the replacement character.
    """
    return text if text.isprintable() else "".join(map(_seen, text))


def guarded(text: str) -> str:
    """The text so that no spreadsheet takes it, or a part of it, for a formula.

    An apostrophe goes in front of what begins like a formula, whatever spaces and invisible marks
    come first; also after a semicolon, which divides cells where the comma is part of numbers.
    """
    # Most cells of most reports, told at a glance.
    if text.isprintable() and ";" not in text and (not text or _is_plain(text[0])):
        return text
    parts = [f"'{part}" if _is_formula(part) else part for part in visible(text).split(";")]
    whole = ";".join(parts)
    return f"'{whole}" if text.startswith(_BEGINS_ANYTHING) and not whole.startswith("'") else whole


def _is_plain(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _is_formula(text: str) -> bool:
    first = next((each for each in text if not _is_passed_over(each)), "")
    # Full-width and small forms of the signs are read as the signs themselves.
    return not _BEGINS_FORMULA.isdisjoint(unicodedata.normalize("NFKC", first))


def _is_passed_over(character: str) -> bool:
    pictured = ord(character) in _PICTURES
    return pictured or character == '"' or unicodedata.category(character) in _PASSED_OVER


def _seen(character: str) -> str:
    code = ord(character)
    if code < ord(" "):
        return chr(_PICTURES.start + code)
    if code == _DELETE:
        return chr(_PICTURES.stop - 1)
    hidden = unicodedata.category(character) in _HIDDEN or character in _TURNS
    return "\ufffd" if hidden or code & 0xFFFF >= _NO_CHARACTER else character
