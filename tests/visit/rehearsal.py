"""Visits to a practice site, and what they left behind on both sides."""

from __future__ import annotations

import itertools
import re
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from optout.accounts.credentials import Credentials
from optout.accounts.secret import Secret
from optout.evidence.bundle import check_bundle
from optout.flow.discovery import discover
from optout.model import Account, Mode, Outcome, Reading
from optout.visit.order import Order
from optout.visit.patience import Patience
from optout.visit.site import site_for
from optout.visit.visit import visit

if TYPE_CHECKING:
    from pathlib import Path

    from optout.flow import Flow
    from optout.model import Result
    from optout.practice.server import PracticeServer
    from optout.practice.switchboard import PracticeAccount
    from optout.visit.browser import OpenBrowser

PASSWORD = "Correct-horse 7 battery"
QUICK = Patience(
    load=10, render=1.0, quiet=0.15, press=8, save=5, sign_in=6, person=10, flow=2, visit=60
)
FAILURE = re.compile(r"(/\S*: )?[a-z-]+: \S.*; expected \S")
ADVICE = re.compile(r"optout |[Tt]ry again|[Rr]un again|[Ww]ait|report|by hand|usual browser")
_FAILED = (Outcome.UNREADABLE, Outcome.UNREACHABLE, Outcome.NOT_SAVED, Outcome.NEEDS_PERSON)
_QUERY = re.compile(r"[?&][\w.-]+=")


_NUMBERS = itertools.count()


class Nobody:
    """Nobody sits in front of the terminal."""

    def tell(self, message: str) -> None:
        raise AssertionError(message)


@dataclass
class Rehearsal:
    """A practice site that is being served, and a browser to visit it with.

    Attributes:
        signed_in: the session and the person of each time a visit reported one.
        results: every result, in order.
        made_up: the flow to use, where it is none that is installed.
    """

    server: PracticeServer
    browser: OpenBrowser
    folder: Path
    signed_in: list[tuple[dict[str, Any], str]] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    made_up: Flow | None = None

    @property
    def flow(self) -> Flow:
        """The flow of the platform that is practised."""
        return self.made_up or discover().flows[self.server.site.platform]

    @property
    def session(self) -> dict[str, Any]:
        """The session that was reported last."""
        return self.signed_in[-1][0]

    def add(self, *conditions: str, **facts: Any) -> PracticeAccount:
        """A new account of the practice site."""
        board = self.server.site.switchboard
        login = f"ada{next(_NUMBERS)}@example.org"
        return board.add(login, PASSWORD, conditions=conditions, **facts)

    async def visit(self, account: PracticeAccount, **facts: Any) -> Result:
        """Visit an account, as a run that signs in by itself unless told otherwise."""
        await visit(self.order(account, **facts), self.browser)
        self._inspect(self.results[-1], account)
        return self.results[-1]

    def order(self, account: PracticeAccount, **facts: Any) -> Order:
        """What a visit is asked to do, with everything a test does not care about."""
        flow = self.flow
        given: dict[str, Any] = {
            "mode": Mode.AUTOMATIC,
            "person": Nobody(),
            "may_change": True,
            "patience": QUICK,
            "settings": flow.settings[:1],
            "credentials": self.credentials(account),
            "folder": self.folder / account.login,
            "visit": uuid.uuid4().hex,
            "on_result": self.results.append,
            "on_signed_in": lambda state, who: self.signed_in.append((state, who)),
        }
        return Order(
            account=Account(flow.name, account.login),
            flow=flow,
            site=site_for(flow, self.server.origin),
            **{**given, **facts},
        )

    def credentials(
        self, account: PracticeAccount, *, password: str = "", totp: str = ""
    ) -> Credentials:
        """The right credentials, or others."""
        return Credentials(
            Account(self.server.site.platform, account.login),
            password=Secret(password or account.password),
            totp=Secret(totp or account.totp),
        )

    def _inspect(self, result: Result, account: PracticeAccount) -> None:
        """No result says too little, and no bundle is broken or says too much."""
        if result.outcome in _FAILED:
            assert FAILURE.match(result.reason), result.reason
            assert ADVICE.search(result.next_step), result.next_step
        if result.evidence is None:
            return
        assert check_bundle(result.evidence).digest == result.evidence_digest
        cookies = {
            cookie["value"].strip('"')
            for state, _ in self.signed_in
            for cookie in state["cookies"]
            if len(cookie["value"]) > 8  # shorter ones are words, such as "true"
        }
        files = {file.name: file for file in result.evidence.iterdir()}
        assert "record.json" in files
        if result.reading in (Reading.OUT, Reading.IN, Reading.MANAGED):
            assert {f"{file.stem}.snapshot.yml" for file in files.values() if _of_setting(file)} <= set(
                files
            )
        for name in ("record.json", *(name for name in files if name.endswith(".yml"))):
            text = files[name].read_text()
            assert not _QUERY.search(text), text
            assert not [s for s in (account.password, account.totp, *cookies) if s in text], name


def _of_setting(file: Path) -> bool:
    return file.suffix == ".png" and file.stem in ("before", "after")
