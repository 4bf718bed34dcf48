"""Who is signed in at a practice site, kept on the server's side."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optout.practice.switchboard import PracticeAccount


@dataclass
class Session:
    """One browser that gave the right password.

    Attributes:
        account: whose it is.
        landing: path the person wanted to go to.
        pending: what must still be passed before the session is good, in order.
        token: what the session cookie holds.
        csrf: what calls that change something must carry.
        generation: the account's generation when the session was opened.
        ended: whether the site has dropped it.
    """

    account: PracticeAccount
    landing: str
    pending: list[str]
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    csrf: str = field(default_factory=lambda: f"ajax:{secrets.randbelow(10**19):019}", repr=False)
    generation: int = 0
    ended: bool = False

    @property
    def live(self) -> bool:
        """Whether member pages accept it."""
        current = self.generation == self.account.generation
        return current and not self.ended and not self.pending


class Sessions:
    """All sessions of one site; one that has ended is still known, so that it can be named."""

    def __init__(self) -> None:
        self._by_token: dict[str, Session] = {}

    def open(self, account: PracticeAccount, *, landing: str, pending: list[str]) -> Session:
        """Begin a session for an account, good at once where nothing is pending."""
        session = Session(account, landing, pending, generation=account.generation)
        self._by_token[session.token] = session
        return session

    def find(self, token: str | None) -> Session | None:
        """The session that a cookie names, good or not, or None."""
        return self._by_token.get(token or "")
