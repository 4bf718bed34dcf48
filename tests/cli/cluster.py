"""A small cluster: a database, a store, machines with homes of their own, and a practice site."""

from __future__ import annotations

import contextlib
import datetime
import signal
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from optout_flows.linkedin.practice.site import site
from sqlalchemy import select

from optout.ledger.accounts import add_account
from optout.ledger.open import open_ledger
from optout.ledger.schema import visits
from optout.model import Account, SecretKind, SecretSource
from optout.practice.server import serve
from tests.cli.shell import PASSWORD, Ended, Shell

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from optout.ledger.ledger import Ledger
    from optout.practice.server import PracticeServer
    from tests import postgres

_LONGEST_S = 60


@dataclass
class Cluster:
    """Machines that share a ledger and a store; each is a terminal of its own."""

    folder: Path
    browsers: Path
    url: str
    server: PracticeServer
    _machines: dict[str, Shell] = field(default_factory=dict)
    _started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def store(self) -> Path:
        return self.folder / "store"

    def machine(self, name: str) -> Shell:
        """The machine of this name."""
        if name not in self._machines:
            (self.folder / name).mkdir()
            shell = Shell.at(self.folder / name, self.browsers)
            shell.environ.update(
                OPTOUT_DATABASE=self.url,
                OPTOUT_EVIDENCE_STORE=str(self.store),
                OPTOUT_KEY_COMMAND="echo a-key-of-more-than-32-random-characters",
            )
            self._machines[name] = shell
        return self._machines[name]

    def ledger(self) -> Ledger:
        return open_ledger(self.machine("chief").home, self.url)

    def add(self, count: int) -> list[Account]:
        """Accounts on the practice site and on the list, whose password a program prints."""
        file = self.folder / "password"
        file.write_text(f"{PASSWORD}\n")
        source = SecretSource(SecretKind.COMMAND, ("cat", str(file)))
        accounts = [Account("linkedin", f"person-{number}@example.org") for number in range(count)]
        with self.ledger() as ledger:
            for account in accounts:
                self.server.site.switchboard.add(account.login, PASSWORD)
                now = datetime.datetime.now(datetime.UTC)
                add_account(ledger, account, at=now, password=source)
        return accounts

    def start(self, machine: str, *words: str, under: Sequence[str] = ()) -> subprocess.Popen[str]:
        """Start a command that goes on by itself."""
        self._started.append(self.machine(machine).start(*words, under=under))
        return self._started[-1]

    def campaign(self, *words: str) -> subprocess.Popen[str]:
        """Start a run on workers over everybody."""
        return self.start(
            "chief", "run", "linkedin", "--on-workers", "--site", self.server.origin, *words
        )

    def sign_ins(self, accounts: list[Account]) -> list[int]:
        """How often each account's password was sent to the site."""
        found = [self.server.site.switchboard.find(account.login) for account in accounts]
        return [each.counters.credential_submissions for each in found if each]

    def visits(self) -> list[tuple[str, datetime.datetime, datetime.datetime | None]]:
        """Whose visits there were, from when to when, in order."""
        v = visits.c
        with self.ledger() as ledger, ledger.read() as connection:
            rows = connection.execute(select(v.login, v.started_at, v.ended_at).order_by(v.started_at))
            return [(row.login, row.started_at, row.ended_at) for row in rows]

    def until_visits(self, count: int, *, within_s: float = _LONGEST_S) -> None:
        """Wait until so many visits have begun."""
        deadline = time.monotonic() + within_s
        while (begun := len(self.visits())) < count:
            assert time.monotonic() < deadline, f"{begun} visits after {within_s} s"
            time.sleep(0.3)

    def end(self) -> None:
        """End whatever is still running, in whatever state a test has left it."""
        for process in self._started:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.communicate()


def ended(process: subprocess.Popen[str], *, within_s: float = _LONGEST_S) -> Ended:
    """What became of a command that was started."""
    out, err = process.communicate(timeout=within_s)
    assert "Traceback" not in err, err
    return Ended(process.returncode, out, err)


def told_to_end(process: subprocess.Popen[str]) -> Ended:
    """What became of a worker that was asked to end."""
    process.send_signal(signal.SIGTERM)
    return ended(process)


@contextlib.contextmanager
def cluster(
    folder: Path, browsers: Path, server: postgres.Server, *, host: str = ""
) -> Iterator[Cluster]:
    """A cluster of a test's own; nothing of it is left afterwards."""
    database = server.database()
    with serve(site()) as practice:
        url = server.url(database, host=host).render_as_string()
        made = Cluster(folder, browsers, url, practice)
        made.store.mkdir()
        try:
            yield made
        finally:
            made.end()
            server.drop(database)
