"""The accounts of a practice site, how each is to behave, and what was done with each."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pyotp

from optout.errors import UsageProblem
from optout.practice.conditions import Condition, chosen

if TYPE_CHECKING:
    from collections.abc import Iterable

Event = Literal[
    "requests", "state_changing_requests", "credential_submissions", "code_submissions", "changes"
]


@dataclass
class Counters:
    """What was done with one login.

    Attributes:
        requests: requests that carried its session, other than for style sheets and scripts.
        state_changing_requests: those not made with GET or HEAD, signing in aside.
        credential_submissions: passwords sent for it, right or wrong.
        code_submissions: one-time codes sent for it, right or wrong.
        changes: times that a stored setting became another value.
    """

    requests: int = 0
    state_changing_requests: int = 0
    credential_submissions: int = 0
    code_submissions: int = 0
    changes: int = 0


@dataclass
class PracticeAccount:
    """One made-up person on a practice site. Tests read and change it from another thread.

    Attributes:
        login: what is typed to sign in.
        password: the right password.
        name: the name that signed-in pages show.
        language: the display language of the account, as a language tag.
        totp: the seed of its authenticator, in base32.
        code: the code that was "sent" by e-mail or SMS.
        conditions: names of the conditions in force.
        out: whether the setting under practice is stored as opted out.
        settings: other switches by the platform's own key: on or off, as stored.
        approved: whether the person has said yes in the app.
        generation: sessions of an earlier generation are no longer good.
        counters: what was done with it so far.
    """

    login: str
    password: str = field(repr=False)
    name: str
    language: str = "en"
    totp: str = field(default_factory=pyotp.random_base32, repr=False)
    code: str = field(default_factory=lambda: f"{secrets.randbelow(10**6):06}", repr=False)
    conditions: frozenset[str] = frozenset()
    out: bool = False
    settings: dict[str, bool] = field(default_factory=dict)
    approved: bool = False
    generation: int = 0
    counters: Counters = field(default_factory=Counters)

    def has(self, *names: str) -> bool:
        """Whether any of these conditions is in force."""
        return not self.conditions.isdisjoint(names)

    def approve(self) -> None:
        """The person says yes in the app on their telephone."""
        self.approved = True

    def revoke_sessions(self) -> None:
        """Every session opened so far is refused from now on; the browsers keep their cookies."""
        self.generation += 1


class Switchboard:
    """Every account of one site, what each is to meet, and a count of what happened.

    Args:
        conditions: those the site knows.
        languages: display languages the site knows.
    """

    def __init__(
        self, conditions: tuple[Condition, ...], *, languages: tuple[str, ...] = ("en",)
    ) -> None:
        self.conditions = conditions
        self.languages = languages
        self.anonymous = Counters()
        self._accounts: dict[str, PracticeAccount] = {}
        self._log: list[tuple[str, str, str | None]] = []
        self._lock = threading.Lock()

    def add(
        self,
        login: str,
        password: str,
        *,
        conditions: Iterable[str] = (),
        name: str = "Ada Example",
        language: str = "en",
        totp: str | None = None,
        out: bool = False,
    ) -> PracticeAccount:
        """Add an account.

        Args:
            login: what is typed to sign in.
            password: the right password.
            conditions: names of conditions of this site.
            name: the name that signed-in pages show.
            language: display language of the account, as a language tag.
            totp: seed of its authenticator in base32; made up when left out.
            out: whether it begins opted out.

        Raises:
            UsageProblem: the login is there already, or a condition or the language is not known.
        """
        names = chosen(conditions, self.conditions)
        if language not in self.languages:
            raise UsageProblem(
                "this practice site does not speak that language",
                expected=f"one of {', '.join(self.languages)}",
                found=language,
            )
        account = PracticeAccount(
            login=login,
            password=password,
            name=name,
            language=language,
            totp=totp or pyotp.random_base32(),
            conditions=names,
            out=out or any(known.starts_out for known in self.conditions if known.name in names),
        )
        with self._lock:
            if login in self._accounts:
                raise UsageProblem(
                    f"the practice site has an account {login} already",
                    next_step="Choose another login, or change the account that is there.",
                )
            self._accounts[login] = account
        return account

    def change_conditions(self, login: str, conditions: Iterable[str]) -> PracticeAccount:
        """Put other conditions in force for an account; what is stored for it stays.

        Raises:
            UsageProblem: a condition or the login is not known.
        """
        names = chosen(conditions, self.conditions)
        account = self.find(login)
        if account is None:
            raise UsageProblem(f"the practice site has no account {login}")
        account.conditions = names
        return account

    def find(self, login: str | None) -> PracticeAccount | None:
        """The account with this login, or None."""
        with self._lock:
            return self._accounts.get(login or "")

    @property
    def accounts(self) -> tuple[PracticeAccount, ...]:
        """Every account, in the order they were added."""
        with self._lock:
            return tuple(self._accounts.values())

    @property
    def newest(self) -> PracticeAccount | None:
        """The account added last: who a site may expect before anybody has signed in."""
        return self.accounts[-1] if self.accounts else None

    @property
    def log(self) -> list[tuple[str, str, str | None]]:
        """Method, path and login (None while nobody is known) of every counted request so far."""
        with self._lock:
            return list(self._log)

    def count(self, event: Event, login: str | None) -> None:
        """Count one event for a login, or for nobody where there is no such account."""
        with self._lock:
            account = self._accounts.get(login or "")
            counters = account.counters if account else self.anonymous
            setattr(counters, event, getattr(counters, event) + 1)

    def record(self, method: str, path: str, login: str | None) -> None:
        """Add one request to the log."""
        with self._lock:
            self._log.append((method, path, login))
