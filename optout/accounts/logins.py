"""Logins: what is accepted as one, how it is shown, and the folder name it turns into."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from typing import TYPE_CHECKING

from optout.errors import UsageProblem

if TYPE_CHECKING:
    from optout.model import Account

LONGEST = 254
"""Characters in the longest e-mail address there can be (RFC 5321)."""

_PLATFORM = re.compile(r"[a-z0-9-]{1,40}")
_SHOWN = 60
_NAME_DIGITS = 20
_LONG = 5
# Controls, direction overrides and other invisible marks, lone surrogates, private and unassigned
# characters, line and paragraph separators: none is typed into a sign-in form on purpose, and all
# can make one login look like another.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def parse_login(text: str) -> str:
    """A login as it was typed: an e-mail address, a phone number or a user name.

    Returns:
        The login in Unicode's composed form (NFC), without the white space around it.

    Raises:
        UsageProblem: it is empty, too long, or holds what cannot be part of a login.
    """
    login = unicodedata.normalize("NFC", text).strip()
    problem = _problem(login)
    if problem:
        raise UsageProblem(
            f"{_quoted(text)} is not a login",
            expected="an e-mail address, a phone number or a user name",
            found=problem,
            next_step="Give it as it is typed on the platform's sign-in page.",
        )
    return login


def _problem(login: str) -> str:
    if not login:
        return "nothing"
    if len(login) > LONGEST:
        return f"{len(login)} characters, of at most {LONGEST}"
    for character in login:
        if unicodedata.category(character) in _INVISIBLE:
            return f"the invisible character U+{ord(character):04X}"
        if character.isspace():
            return "white space inside it"
        if character in ":/":  # they divide a target: linkedin/ai-training:ada@example.org
            return f"the character {character!r}"
    return ""


def _quoted(text: str) -> str:
    """The start of the text with everything that is not plain ASCII escaped."""
    return ascii(text if len(text) <= _SHOWN else text[:_SHOWN] + "...")


def masked(login: str) -> str:
    """The login for eyes other than its owner's: `a***e@example.org`, `a***e`."""
    name, at, host = login.rpartition("@")
    return f"{_ends(name if at else login)}{at}{host if at else ''}"


def masked_name(name: str) -> str:
    """A person's name for eyes other than their own: `A*** E***e`."""
    return " ".join(masked(word) for word in name.split())


def _ends(word: str) -> str:
    """The first character, and the last of a word long enough to hide something between the two."""
    return f"{word[:1]}***{word[-1] if len(word) >= _LONG else ''}"


def account_folder(account: Account, key: bytes) -> str:
    """The folder of an account, relative, with `/`: `linkedin/0123456789abcdef0123`.

    A login never becomes part of a path, and without the key a folder does not tell whose it is.

    Args:
        account: whose folder.
        key: the installation's key for names, see `optout.accounts.keys.installation_salt`.

    Raises:
        UsageProblem: the platform's name could not be a folder.
    """
    if not _PLATFORM.fullmatch(account.platform):
        raise UsageProblem(
            f"{_quoted(account.platform)} is not a platform's name",
            expected="1 to 40 small letters, digits and hyphens",
        )
    return f"{account.platform}/{keyed_name(f'{account.platform}:{account.login}', key)}"


def keyed_name(text: str, key: bytes) -> str:
    """Twenty hexadecimal digits that stand for `text`, and only with this key."""
    digest = hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return digest.hexdigest()[:_NAME_DIGITS]
