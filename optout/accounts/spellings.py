"""The ways one secret can be spelt in a text: as it is, escaped, in hex, in base64."""

from __future__ import annotations

import base64
import html.entities
import re
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# A secret of one to three characters stands in ordinary words and numbers all the time: replacing
# it there would spoil every text and, by the holes, tell what it is. So it counts only where it
# stands alone, and only as it is.
SHORTEST_ANYWHERE = 4

_BITS_PER_BYTE = 8
_BITS_PER_BASE64 = 6
_LAST_BMP = 0xFFFF
_DEEPEST = 32
_UNESCAPED = re.compile(r"[A-Za-z0-9]+")
_CONTROL_ESCAPES = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f", "\v": "v", "\0": "0"}


@dataclass(frozen=True)
class Spelling:
    """What to look for.

    Attributes:
        source: makes the pattern that finds the spelling.
        lead: how many characters before the match hold some of its bits.
        hint: letters and digits, in lower case, without which the pattern matches nowhere.
    """

    source: Callable[[], str]
    lead: int = 0
    hint: str = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern; made when it is needed, because most texts do not even hold the hint."""
        return re.compile(self.source())


def spellings(secret: str) -> tuple[Spelling, ...]:
    """All the ways to look for a secret of at least one character.

    Escaped forms are found whichever mixture of URL, JSON, HTML and Python escapes was used, and
    also where one was applied to another's result.
    """
    if len(secret) < SHORTEST_ANYWHERE:
        return (Spelling(partial(_alone, secret)),)
    content = secret.encode("utf-8", "surrogatepass")
    return (
        Spelling(partial(_escaped, secret), hint=_longest_run(secret)),
        Spelling(partial(_hex, content), hint=content.hex()),
        *_base64(content),
    )


def _alone(secret: str) -> str:
    return rf"(?<!\w){re.escape(secret)}(?!\w)"


def _hex(content: bytes) -> str:
    return "".join(_either_case(f"{byte:02x}") for byte in content)


def _base64(content: bytes) -> list[Spelling]:
    """One spelling per alphabet and position within a group of three bytes.

    Only the characters that depend on nothing but the secret are looked for; the character on
    either side may share bits with it and is taken along.
    """
    found: dict[str, Spelling] = {}
    for before in range(3):
        first = -(-before * _BITS_PER_BYTE // _BITS_PER_BASE64)
        last = (before + len(content)) * _BITS_PER_BYTE // _BITS_PER_BASE64
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            core = encode(b"\0" * before + content).decode("ascii")[first:last]
            lead = 1 if before else 0
            found[core] = Spelling(partial(_base64_core, core), lead, _longest_run(core))
    return list(found.values())


def _base64_core(core: str) -> str:
    return _escaped(core) + r"[\w+/-]?(?:=|%3[dD])*"


def _longest_run(text: str) -> str:
    """The longest run of what nothing escapes: looking for it first is a hundred times faster."""
    return max(_UNESCAPED.findall(text), key=len, default="").lower()


def _escaped(text: str) -> str:
    """A pattern for `text` in which every character may be escaped."""
    units = re.findall(r"\\+|[^\\]", text)
    after_backslashes = [False, *(unit.startswith("\\") for unit in units)]
    return "".join(
        _backslashes(len(unit))
        if unit.startswith("\\")
        else _character(unit, first=at == 0, after_backslashes=after_backslashes[at])
        for at, unit in enumerate(units)
    )


def _backslashes(least: int) -> str:
    """A pattern for a run of backslashes, which are escapes or themselves escaped.

    A raw run is taken whole and nothing of it given back: were it divided between two parts of a
    pattern, a long one in the searched text would be tried in every division. The limit is five
    levels of JSON in JSON.
    """
    count = f"{{{least},{_DEEPEST * max(least, 1)}}}"
    return rf"(?:\\{count}+|(?:%(?:25)*5[cC]|&(?:amp;)*(?:#0*92|bsol);){count})"


def _character(character: str, *, first: bool, after_backslashes: bool) -> str:
    """A pattern for one character, raw or escaped in any of the usual ways."""
    # Nothing escapes letters and digits, and without alternatives they are found ten times faster.
    if character.isascii() and character.isalnum():
        return character
    code = ord(character)
    shield = "" if first or after_backslashes else _backslashes(0)
    escape = "" if after_backslashes else _backslashes(1)
    percent = "".join(
        f"%(?:25)*{_either_case(f'{byte:02x}')}" for byte in character.encode("utf-8", "surrogatepass")
    )
    number = _either_case(f"{code:x}")
    names = [html.entities.codepoint2name.get(code), "apos" if character == "'" else None]
    entities = "".join(f"|{name}" for name in names if name)
    ways = [
        rf"{shield}{re.escape(character)}",
        rf"{shield}{percent}",
        rf"{shield}&(?:amp;)*(?:#0*{code}|#[xX]0*{number}{entities});",
        rf"{escape}[xuU]\{{?0*{number}\}}?",
    ]
    if code > _LAST_BMP:
        units = character.encode("utf-16-be")
        high, low = (_either_case(units[at : at + 2].hex()) for at in (0, 2))
        ways.append(f"{escape}u{high}{_backslashes(1)}u{low}")
    if character in _CONTROL_ESCAPES:
        ways.append(escape + _CONTROL_ESCAPES[character])
    if character == " ":
        ways.append(r"\+")
    return f"(?:{'|'.join(ways)})"


def _either_case(digits: str) -> str:
    return "".join(f"[{d}{d.upper()}]" if d.isalpha() else d for d in digits)
