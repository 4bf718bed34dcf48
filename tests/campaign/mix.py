"""Accounts of a realistic mix on a practice site, and what a run must make of each."""

from __future__ import annotations

import datetime
import itertools
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from optout.flow.discovery import discover
from optout.ledger.accounts import add_account
from optout.ledger.open import open_ledger
from optout.model import Account, SecretKind, SecretSource
from optout.practice.expectations import found, table_of
from tests.visit.rehearsal import QUICK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optout.home import Home
    from optout.model import Result
    from optout.practice.expectations import Expected
    from optout.practice.server import PracticeServer
    from optout.practice.switchboard import PracticeAccount

# Two of three accounts are as most are; the others, one after the other, as some are.
PLATFORM = "github"
# No other test knows it: whether it was forgotten can be told.
PASSWORD = "Proper-stable 9 staple"
# Several accounts at once on a machine that does other things, too.
PATIENT = replace(QUICK, render=5.0, sign_in=30, save=10, load=30)
_USUAL = ("", "already-out", "", "late-render", "", "already-out", "", "slow")
_ODD = (
    "credentials-refused",
    "save-403",
    "challenge-captcha",
    "label-unknown",
    "server-error",
    "locked-out",
    "challenge-email-code",
    "save-not-kept",
    "absent-404",
    "confirm-dialog",
)


def conditions(count: int) -> Iterator[str]:
    usual, odd = itertools.cycle(_USUAL), itertools.cycle(_ODD)
    for number in range(count):
        yield next(odd) if number % 3 == 1 else next(usual)


@dataclass
class Town:
    """A practice site, its accounts, and an installation that looks after them.

    Attributes:
        expected: what a run must make of each login.
    """

    server: PracticeServer
    home: Home
    expected: dict[str, Expected] = field(default_factory=dict)
    password = PASSWORD

    @classmethod
    def of(cls, server: PracticeServer, home: Home, count: int) -> Town:
        """A town of so many accounts."""
        town = cls(server, home)
        table = table_of(discover().flows[PLATFORM])
        home.data.mkdir(parents=True)
        file = home.data.parent / "password"
        file.write_text(f"{PASSWORD}\n")
        source = SecretSource(SecretKind.COMMAND, ("cat", str(file)))
        with open_ledger(home) as ledger:
            for number, condition in enumerate(conditions(count)):
                login = f"p{number:03}@example.org"
                chosen = [condition] if condition else []
                server.site.switchboard.add(login, PASSWORD, conditions=chosen)
                town.expected[login] = table[condition]
                account = Account(PLATFORM, login)
                add_account(ledger, account, at=datetime.datetime.now(datetime.UTC), password=source)
        return town

    def on_site(self, login: str) -> PracticeAccount:
        """The account as the site has it."""
        account = self.server.site.switchboard.find(login)
        assert account is not None
        return account

    def found(self, result: Result) -> Expected:
        """What came of an account's visits, in the terms of what was expected."""
        return found(result, self.on_site(result.target.account.login).counters)
