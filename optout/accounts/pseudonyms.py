"""What evidence calls people: a mask for eyes, and a keyed hash only this installation can match."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from optout.accounts.logins import keyed_name, masked, masked_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from optout.model import Account

# A shorter name stands in ordinary sentences (`in`, `out`, `on`), and is told by the colon of a target.
_SHORTEST = 4


@dataclass(frozen=True)
class Pseudonyms:
    """The names of one installation.

    Attributes:
        key: the key behind them, from `optout.accounts.keys.installation_salt`. A person who has it
            and the list of accounts can tell who is meant; nobody else can.
    """

    key: bytes = field(repr=False)

    def of_account(self, account: Account) -> str:
        """Twenty hexadecimal digits, the same that the account's folders are called."""
        return keyed_name(str(account), self.key)

    def of_person(self, platform: str, name: str) -> str:
        """Twenty hexadecimal digits for whom a platform's page names; empty for nobody."""
        # No platform's name has a slash in it: this is never an account's.
        return keyed_name(f"{platform}/person:{name}", self.key) if name else ""


def without_names(text: str, account: Account, people: Iterable[str] = ()) -> str:
    """A text in which an account's login and people's names are masked.

    Args:
        text: any text, such as the reason of an outcome.
        account: whose login is masked, also within a target and percent-encoded within an address.
        people: names as a page gave them.
    """
    login, shown = account.login, masked(account.login)
    escaped = (quote(login, safe=safe, errors="surrogatepass") for safe in ("", "/"))
    masks = {login: shown, **dict.fromkeys(escaped, shown)}
    masks |= {name: masked_name(name) for name in people if name}
    for name in sorted(masks, key=len, reverse=True):
        before = r"(?<!\w)" if len(name) >= _SHORTEST else "(?<=:)"
        found = re.compile(rf"{before}{re.escape(name)}(?!\w)", re.IGNORECASE)
        text = found.sub(lambda _, mask=masks[name]: mask, text)  # type: ignore[misc]
    return text
