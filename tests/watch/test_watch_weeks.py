"""Three weeks of real visits: what the year plays is what a browser, sessions and evidence come to."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from optout_flows.linkedin.practice.site import site

from optout.accounts.credentials import Credentials
from optout.accounts.secret import Secret
from optout.campaign.plan import Wishes
from optout.campaign.run import Run
from optout.campaign.surroundings import Surroundings
from optout.flow.discovery import discover
from optout.home import Home
from optout.ledger.accounts import add_account
from optout.ledger.open import open_ledger
from optout.model import Account, ExitBit, Mode, Outcome, Reading
from optout.practice.server import serve
from optout.watch.digest import digest
from optout.watch.rounds import due_now, fixing, jobs_to_fix
from tests.visit.rehearsal import PASSWORD, QUICK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from optout.campaign.targets import Job
    from optout.model import Result
    from optout.practice.server import PracticeServer
    from optout.practice.switchboard import PracticeAccount
    from optout.visit.browser import OpenBrowser
    from optout.watch.digest import Digest

WEEK = datetime.timedelta(days=7)
LOGINS = ("flips", "expires", "vanishes", "renames")


@dataclass
class Quiet:
    """Whoever watches."""

    told: list[str] = field(default_factory=list)

    def tell(self, message: str) -> None:
        self.told.append(message)

    def uses(self, browser: OpenBrowser) -> None:
        """Nothing to do."""

    def begins(self, job: Job) -> None:
        """Nothing to do."""

    def established(self, result: Result) -> None:
        """Nothing to do."""


@dataclass
class House:
    """One installation and one practice site."""

    around: Surroundings
    server: PracticeServer

    def account(self, name: str) -> PracticeAccount:
        found = self.server.site.switchboard.find(f"{name}@example.org")
        assert found is not None
        return found

    def run(self, command: str, **wishes: object) -> Run:
        asked = {
            "command": command,
            "may_change": False,
            "mode": Mode.AUTOMATIC,
            "headed": False,
            "site": self.server.origin,
            "patience": QUICK,
            **wishes,
        }
        return Run(Wishes(**asked), self.around, Quiet())  # type: ignore[arg-type]

    def due(self, now: datetime.datetime) -> list[Job]:
        return list(due_now(self.around.ledger, discover(), now, site=self.server.origin).jobs)

    def sent(self) -> list[int]:
        return [self.account(name).counters.state_changing_requests for name in LOGINS]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setenv("OPTOUT_KEY_COMMAND", "echo a-key-of-more-than-32-random-characters")
    monkeypatch.delenv("OPTOUT_DATABASE", raising=False)
    home = Home.at(tmp_path / "optout")
    with serve(site()) as server, open_ledger(home) as ledger:
        for name in LOGINS:
            server.site.switchboard.add(f"{name}@example.org", PASSWORD)
            add_account(ledger, Account("linkedin", f"{name}@example.org"), at=_now())
        yield House(Surroundings.of(home, ledger), server)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def names(found: Digest) -> dict[str, tuple[str, bool]]:
    """What each login's drift is called, and whether it is an alarm."""
    return {
        each.found.target.account.login.partition("@")[0]: (each.name.value, each.alarming)
        for each in found.drifts
    }


@pytest.mark.timeout(300)  # some twenty visits
async def test_three_weeks(house: House) -> None:
    await _everybody_opts_out(house)
    house.account("flips").out = False
    house.account("expires").revoke_sessions()
    board = house.server.site.switchboard
    board.change_conditions("vanishes@example.org", ["absent-404"])
    board.change_conditions("renames@example.org", ["unknown-everything"])
    sessions = {file: file.read_bytes() for file in house.around.home.sessions.rglob("*.session")}
    counted = house.sent()

    # A week later everything is due, and each is called by its own name at the first look.
    jobs = house.due(_now() + WEEK)
    assert len(jobs) == len(LOGINS)
    first = house.run("check")
    await first.over(jobs)
    assert names(digest(house.around.ledger, first.results)) == {
        "flips": ("came-back-on", True),
        "expires": ("signed-out", False),
        "vanishes": ("setting-gone", False),
        "renames": ("page-changed", False),
    }

    # Another week later the second look makes it an alarm; one message has all the counts it needs.
    second = house.run("check")
    await second.over(house.due(_now() + 2 * WEEK))
    found = digest(house.around.ledger, second.results)
    assert found.counts == dict.fromkeys(
        ("came-back-on", "signed-out", "setting-gone", "page-changed"), 1
    )
    assert found.exit_bit is ExitBit.STILL_IN
    _says_how_to_renew(found)
    # A check sends nothing that changes anything, and no dead session replaces a good one.
    assert house.sent() == counted
    (kept,) = _of("expires", house, list(sessions))
    assert kept.read_bytes() == sessions[kept]

    await _what_came_back_is_switched_off_again(house, second)


async def _everybody_opts_out(house: House) -> None:
    jobs = house.due(_now())
    for job in jobs:
        credentials = Credentials(job.account, password=Secret(PASSWORD))
        run = house.run("run", may_change=True, credentials=credentials)
        await run.over([job])
        assert [each.outcome for each in run.results] == [Outcome.OPTED_OUT]
    assert house.due(_now()) == []


def _says_how_to_renew(found: Digest) -> None:
    (expired,) = [each for each in found.alarms if each.name.value == "signed-out"]
    assert "optout sign-in --site" in expired.what_to_do
    assert expired.good.evidence is not None


def _of(name: str, house: House, files: list[Path]) -> list[Path]:
    """Those of these files that are the session of one account."""
    account = Account("linkedin", f"{name}@example.org")
    own = house.around.evidence_folder(account).name
    return [file for file in files if own in str(file)]


async def _what_came_back_is_switched_off_again(house: House, check: Run) -> None:
    jobs = jobs_to_fix(house.around.ledger, discover(), check.results)
    assert [job.account.login for job in jobs] == ["flips@example.org"]
    mend = fixing(check, Quiet())
    await mend.over(jobs)
    results = mend.results
    assert [(each.outcome, each.reading) for each in results] == [(Outcome.OPTED_OUT, Reading.OUT)]
    assert check.wishes == replace(mend.wishes, command="check", may_change=False)
    found = digest(house.around.ledger, [*check.results, *results])
    assert (found.counts["fixed"], house.account("flips").out) == (1, True)
    (fixed,) = [each for each in found.alarms if each.fixed]
    # Evidence of both states: the check's picture of it on, and the change's before and after.
    assert fixed.fixed is not None
    folders = [house.around.home.evidence / str(each.evidence) for each in (fixed.found, fixed.fixed)]
    assert [sorted(file.stem for file in folder.glob("*.png")) for folder in folders] == [
        ["before"],
        ["after", "before"],
    ]
