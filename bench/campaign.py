"""optout with several accounts at once against plain scripts that do the same pages, and its memory.

Every way is a process of its own (of optout, its command) and visits as many new accounts on the same
practice site; they take turns, and the time holds starting and ending. A script signs in, switches off,
loads afresh and takes two pictures; it checks nothing else and keeps no record. A browser each is the
whole one, as who writes such a script has it; a headless shell is what optout takes where there is one.
Each way's first turn is watched for its memory and is not timed.

    python bench/campaign.py [ACCOUNTS] [ROUNDS] [--plot FILE]
    python bench/campaign.py [ACCOUNTS] --memory      # so many, and ten times as many
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from memory import Peak
from optout.flow.discovery import discover
from optout.home import Home
from optout.ledger.accounts import add_account
from optout.ledger.open import open_ledger
from optout.model import Account, SecretKind, SecretSource
from optout.practice.load import practice_site_of
from optout.practice.server import PracticeServer, serve
from optout.visit.browser import browsers_here
from plot import bars
from scripts import CONTEXTS, PASSWORD, PLAYWRIGHT, SELENIUM, no_selenium

OPTOUT = "optout"
PLATFORM, SETTING = "linkedin", "ai-training"
AT_ONCE = (1, 2, 4, 8)
AGAINST_SELENIUM, AGAINST_PLAYWRIGHT, AGAINST_CONTEXTS = 3.5, 2.5, 0.9
MOST_MB, GROWTH, TIMES = 800, 1.1, 10
_BIN, _HERE = Path(sys.executable).parent, Path(__file__).parent


@dataclass(frozen=True)
class Way:
    """One way of visiting many accounts.

    Attributes:
        title: for people.
        kind: which script, or optout.
        browser: the program of the browser.
        at_once: how many accounts.
    """

    title: str
    kind: str
    browser: Path
    at_once: int = 1


@dataclass
class Ground:
    """The practice site, and one turn after the other on it.

    Attributes:
        server: the site.
        accounts: how many accounts each turn visits.
        seconds: of each timed turn, by way, one a round.
        mb: the most memory, by way.
    """

    server: PracticeServer
    accounts: int
    seconds: dict[Way, list[float]] = field(default_factory=dict)
    mb: dict[Way, float] = field(default_factory=dict)

    def round(self, ways: list[Way], number: int) -> None:
        """A turn of each way, forwards and backwards by turns; the first round is not timed."""
        for way in ways if number % 2 else reversed(ways):
            took, mb = self.turn(way, watched=number == 0)
            print(f"  round {number}, {way.title}, {way.at_once}: {took:.1f} s", file=sys.stderr)
            if number:
                self.seconds.setdefault(way, []).append(took)
            else:
                self.mb[way] = mb

    def turn(self, way: Way, *, watched: bool, accounts: int = 0) -> tuple[float, float]:
        """One turn, over accounts of its own.

        Returns:
            Its seconds, and the most memory in MB; 0 where it was not watched.
        """
        some = uuid.uuid4().hex[:8]
        logins = [f"{some}-{number}@example.org" for number in range(accounts or self.accounts)]
        board = self.server.site.switchboard
        there = [board.add(login, PASSWORD) for login in logins]
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            command = (
                self._optout(way, folder, logins) if way.kind == OPTOUT else self._script(way, folder)
            )
            seconds, mb = _run(command, folder, logins, watched=watched)
        wrong = [each.login for each in there if not each.out or each.counters.changes != 1]
        if wrong:
            raise SystemExit(
                f"{way.title}: {len(wrong)} accounts were not switched off, such as {wrong[0]}"
            )
        return seconds, mb

    def _script(self, way: Way, folder: Path) -> list[str]:
        told = [way.kind, str(way.at_once), str(way.browser), self.server.origin, str(folder)]
        return [sys.executable, str(_HERE / "scripts.py"), *told]

    def _optout(self, way: Way, folder: Path, logins: list[str]) -> list[str]:
        password = folder / "password"
        password.write_text(PASSWORD)
        source = SecretSource(SecretKind.COMMAND, ("cat", str(password)))
        home = Home.at(folder)
        with open_ledger(home, f"sqlite:///{home.ledger}") as ledger:
            for login in logins:
                at = datetime.datetime.now(datetime.UTC)
                add_account(ledger, Account(PLATFORM, login), at=at, password=source)
        how = ["--site", self.server.origin, "--mode", "automatic", "--headless", "--json-lines"]
        return [str(_BIN / OPTOUT), "run", f"{PLATFORM}/{SETTING}", *how, "--parallel", str(way.at_once)]


def _run(command: list[str], folder: Path, logins: list[str], *, watched: bool) -> tuple[float, float]:
    environment = {
        **os.environ,
        "OPTOUT_HOME": str(folder),
        "OPTOUT_KEY_COMMAND": "echo a-key-of-more-than-32-random-characters",
    }
    environment.pop("OPTOUT_DATABASE", None)
    log = folder / "bench.log"
    began = time.perf_counter()
    with (
        log.open("wb") as out,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=out, stderr=out, env=environment
        ) as process,
        Peak(process.pid, idle=not watched) as peak,
    ):
        process.communicate("\n".join(logins).encode())
        seconds = time.perf_counter() - began
    if process.returncode:
        raise SystemExit(
            f"{' '.join(command)} ended with {process.returncode}:\n{log.read_text()[-3000:]}"
        )
    return seconds, peak.mb


async def ways_here() -> tuple[list[Way], list[str]]:
    """The ways that can be gone on this machine, and why others cannot."""
    found = await browsers_here()
    if not found:
        raise SystemExit("There is no browser here: optout doctor --install-browser")
    usual, full = found[0], next((each for each in found if not each.windowless), None)
    ways, left_out = [], []
    if why := no_selenium() or ("" if full else "there is no browser that could have a window"):
        left_out.append(f"Selenium, a browser each: {why}")
    elif full:
        # Not with a headless shell besides: chromedriver leaves Debian's running.
        ways.append(Way("Selenium, a browser each", SELENIUM, full.path))
    if full:
        ways.append(Way("Playwright, a browser each", PLAYWRIGHT, full.path))
    if usual.windowless:
        ways.append(Way("Playwright, a headless shell each", PLAYWRIGHT, usual.path))
    # What is compared stands side by side: a machine that is busy for a while slows down both.
    for at_once in AT_ONCE:
        ways.append(Way("Playwright, contexts", CONTEXTS, usual.path, at_once))
        ways.append(Way("optout", OPTOUT, usual.path, at_once))
    return ways, left_out


def faster(ground: Ground, way: Way, than: Way) -> float:
    """How many times as fast a way is as another: the median over the rounds, each by itself."""
    pairs = zip(ground.seconds[than], ground.seconds[way], strict=True)
    return statistics.median(other / own for other, own in pairs)


def table(ground: Ground, ways: list[Way], left_out: list[str]) -> None:
    first = {way.kind: way for way in reversed(ways)}
    print("| way | at once | ms per account | × Selenium | × Playwright | × contexts | peak MB |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for way in ways:
        equal = next(each for each in ways if (each.kind, each.at_once) == (CONTEXTS, way.at_once))
        against = [first.get(SELENIUM), first[PLAYWRIGHT], equal]
        ratios = [f"{faster(ground, way, than):.2f}" if than else "" for than in against]
        each = statistics.median(ground.seconds[way]) / ground.accounts * 1000
        row = [way.title, str(way.at_once), f"{each:.0f}", *ratios, f"{ground.mb[way]:.0f}"]
        print(f"| {' | '.join(row)} |")
    for why in left_out:
        print(f"| {why} |" + " |" * 6)


def missed(ground: Ground, ways: list[Way]) -> list[str]:
    """The goals that are not met."""
    ours = [way for way in ways if way.kind == OPTOUT]
    found = []
    for kind, goal in ((SELENIUM, AGAINST_SELENIUM), (PLAYWRIGHT, AGAINST_PLAYWRIGHT)):
        than = next((way for way in ways if way.kind == kind), None)
        best = max(faster(ground, way, than) for way in ours) if than else goal
        if than and best < goal:
            found.append(f"{best:.2f} of {goal} times {than.title}")
    for way in ours:
        than = next(each for each in ways if (each.kind, each.at_once) == (CONTEXTS, way.at_once))
        if (ratio := faster(ground, way, than)) < AGAINST_CONTEXTS:
            found.append(f"{ratio:.2f} of {AGAINST_CONTEXTS} times contexts, {way.at_once} at once")
    most = ground.mb[ours[-1]]
    return [*found, f"{most:.0f} of {MOST_MB} MB"] if most > MOST_MB else found


def rates(ground: Ground, ways: list[Way]) -> list[tuple[str, float, bool]]:
    """For each way what it is, how many accounts a minute it visits, and whether it is ours."""
    names = [
        f"{way.title}, {way.at_once} at once" if way.kind in (CONTEXTS, OPTOUT) else way.title
        for way in ways
    ]
    each = (60 * ground.accounts / statistics.median(ground.seconds[way]) for way in ways)
    return [(name, rate, way.kind == OPTOUT) for name, rate, way in zip(names, each, ways, strict=True)]


def speed(accounts: int, rounds: int, plot: Path | None) -> None:
    ways, left_out = asyncio.run(ways_here())
    with serve(practice_site_of(discover().flows[PLATFORM])) as server:
        ground = Ground(server, accounts)
        for number in range(rounds + 1):
            ground.round(ways, number)
    table(ground, ways, left_out)
    failures = missed(ground, ways)
    print(f"\n{rounds} rounds of {accounts} accounts. Goals missed: {'; '.join(failures) or 'none'}")
    if plot:
        plot.write_text(bars("Accounts a minute", rates(ground, ways)))
    if failures:
        raise SystemExit(1)


def memory(accounts: int) -> None:
    ways, _ = asyncio.run(ways_here())
    way = ways[-1]
    found = []
    with serve(practice_site_of(discover().flows[PLATFORM])) as server:
        for count in (accounts, TIMES * accounts):
            took, mb = Ground(server, count).turn(way, watched=True)
            print(
                f"{count} accounts, {way.at_once} at once: {took:.0f} s, at most {mb:.0f} MB", flush=True
            )
            found.append(mb)
    growth = found[1] / found[0]
    print(f"\n{growth:.2f} times the memory for {TIMES} times the accounts (goal: at most {GROWTH})")
    if growth > GROWTH:
        raise SystemExit(1)


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("accounts", nargs="?", type=int, help="default: 48; with --memory 100")
    parser.add_argument("rounds", nargs="?", type=int, default=3)
    parser.add_argument("--memory", action="store_true", help="compare the memory of two sizes")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="write the rates as an SVG picture")
    asked = parser.parse_args()
    if asked.memory:
        memory(asked.accounts or 100)
    else:
        speed(asked.accounts or 48, asked.rounds, asked.plot)


if __name__ == "__main__":
    main()
