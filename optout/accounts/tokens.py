"""What secrets look like that the program was never told: tokens, cookies, seeds."""

from __future__ import annotations

import re

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE | re.VERBOSE)
    for pattern in (
        # JSON web tokens
        r"\b (eyJ[\w-]{4,} \. [\w-]{4,} (?:\.[\w-]*)*)",
        # the seed of an authenticator app
        r"""(otpauth (?:-migration)? (?::|%3A)(?:/|%2F){2} [^\s"'<>\\]+)""",
        # session cookies and tokens by their usual names
        r"""
        \b (?: li_at | jsessionid | phpsessid | session_?id | sid | (?:x-)?csrf[-_]?token
             | (?:access|refresh|id|auth)_?token )
        \\*["']? \s*[=:]\s* \\*["']?
        ([^\s"'\\;,&<>\[]{8,})
        """,
        # cookie headers: up to the closing quote where there is an opening one, else the whole
        # line, because cookies may hold quotes themselves
        r"""
        \b (?:set-)?cookie \\*["']? \s*[:=]\s*
        (?: "  ([\w!\#$%&*+.^`|~-]+ = (?:[^"\\\r\n]|\\.)*)
          | '  ([\w!\#$%&*+.^`|~-]+ = (?:[^'\\\r\n]|\\.)*)
          | \\*["']?  ([\w!\#$%&*+.^`|~-]+ = [^\r\n]*) )
        """,
        # authorization headers
        r"""
        \b (?:proxy-)?authorization \\*["']? \s*[:=]\s* \\*["']?
        ( (?:basic|bearer|negotiate|token|apikey) \s+ [^\s"'\\,;\[]+
        | digest \s [^\r\n]+
        | [\w.~+/=-]{16,} )
        """,
    )
)


def tokens_in(text: str) -> list[tuple[int, int]]:
    """Where the secret part of each token stands: start and end, unordered."""
    return [
        match.span(match.lastindex or 0) for pattern in _PATTERNS for match in pattern.finditer(text)
    ]
