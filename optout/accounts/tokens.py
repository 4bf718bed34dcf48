"""What secrets look like that the program was never told: tokens, cookies, seeds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Kind(NamedTuple):
    """One kind of secret.

    Attributes:
        name: what it is called.
        hints: words in lower case, one of which is always there.
        pattern: finds it; the last group that matched is the secret part.
    """

    name: str
    hints: tuple[str, ...]
    pattern: re.Pattern[str]


def _kind(name: str, hints: str, pattern: str) -> _Kind:
    return _Kind(name, tuple(hints.split()), re.compile(pattern, re.IGNORECASE | re.VERBOSE))


_KINDS = (
    _kind("a JSON web token", "eyj", r"\b (eyJ[\w-]{4,} \. [\w-]{4,} (?:\.[\w-]*)*)"),
    _kind(
        "the seed of an authenticator app",
        "otpauth",
        r"""(otpauth (?:-migration)? (?::|%3A)(?:/|%2F){2} [^\s"'<>\\]+)""",
    ),
    _kind(
        "a session cookie or a token",
        "li_at sessid session sid csrf token",
        r"""
        \b (?: li_at | jsessionid | phpsessid | session_?id | sid | (?:x-)?csrf[-_]?token
             | (?:access|refresh|id|auth)_?token )
        \\*["']? \s*[=:]\s* \\*["']?
        ([^\s"'\\;,&<>\[]{8,})
        """,
    ),
    _kind(
        "a cookie header",
        "cookie",
        # up to the closing quote where there is an opening one, else the whole line, because cookies
        # may hold quotes themselves
        r"""
        \b (?:set-)?cookie \\*["']? \s*[:=]\s*
        (?: "  ([\w!\#$%&*+.^`|~-]+ = (?:[^"\\\r\n]|\\.)*)
          | '  ([\w!\#$%&*+.^`|~-]+ = (?:[^'\\\r\n]|\\.)*)
          | \\*["']?  ([\w!\#$%&*+.^`|~-]+ = [^\r\n]*) )
        """,
    ),
    _kind(
        "an authorization header",
        "authorization",
        r"""
        \b (?:proxy-)?authorization \\*["']? \s*[:=]\s* \\*["']?
        ( (?:basic|bearer|negotiate|token|apikey) \s+ [^\s"'\\,;\[]+
        | digest \s [^\r\n]+
        | [\w.~+/=-]{16,} )
        """,
    ),
)


def tokens_in(text: str) -> list[tuple[int, int]]:
    """Where the secret part of each token stands: start and end, unordered."""
    return [
        match.span(match.lastindex or 0)
        for kind in _possible(text)
        for match in kind.pattern.finditer(text)
    ]


def kinds_of_tokens(text: str) -> tuple[str, ...]:
    """What the tokens in a text are called, one phrase per kind."""
    return tuple(kind.name for kind in _possible(text) if kind.pattern.search(text))


def _possible(text: str) -> Iterator[_Kind]:
    folded = text.casefold()
    return (kind for kind in _KINDS if any(hint in folded for hint in kind.hints))
