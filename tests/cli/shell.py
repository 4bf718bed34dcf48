"""A person's terminal: commands as processes of their own, in a home of their own."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optout.flow.folder import FlowFolder
from optout.flow.trust import TrustBook
from optout.home import Home
from optout.ledger.accounts import add_account
from optout.ledger.open import open_ledger
from optout.model import Account, SecretKind, SecretSource
from tests.cli import forked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from optout.ledger.ledger import Ledger
    from optout.practice.server import PracticeServer
    from optout.practice.switchboard import PracticeAccount

_LIMIT_S = 60
PASSWORD = "Correct-horse 7 battery"
# What the outside world might say about displays, keyrings, browsers and this program.
_FOREIGN = ("OPTOUT_", "DBUS_", "XDG_", "DISPLAY", "WAYLAND", "PYTHON_KEYRING", "DEBUG", "PWDEBUG")
# What Python and libraries look at once: as they start, or are imported.
_AT_START = ("PYTHON", "DEBUG", "PWDEBUG", "LD_", "LANG", "LC_", "TZ")


def _read_at_start(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if name.startswith(_AT_START)}


@dataclass(frozen=True)
class Ended:
    """A command that has ended.

    Attributes:
        status: its exit status.
        out: what it printed on stdout.
        err: what it printed on stderr.
    """

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Its stdout, which must be JSON and nothing else."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Shell:
    """Where commands are run.

    Attributes:
        folder: everything of this test; the installation is in `home` in it.
        environ: the environment of every command.
        limit_s: how long a command may take, in seconds.
    """

    folder: Path
    environ: dict[str, str]
    limit_s: float = _LIMIT_S

    @classmethod
    def at(cls, folder: Path, browsers: Path) -> Shell:
        """A terminal with nothing but the system's programs, a home, and Playwright's browsers."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
        (folder / "home").mkdir()
        own = {
            "HOME": str(folder / "home"),
            "OPTOUT_HOME": str(folder / "home" / "optout"),
            "PLAYWRIGHT_BROWSERS_PATH": str(browsers),
            "COLUMNS": "100",
        }
        return cls(folder, clean | own)

    @property
    def home(self) -> Home:
        """The installation's folders."""
        return Home.at(self.folder / "home" / "optout")

    def accept(self, flows: Path) -> None:
        """Accept whatever is in a folder of flows, as its user."""
        book = TrustBook.of(self.home)
        for file in flows.glob("*/flow.py"):
            with contextlib.suppress(SyntaxError):  # what is no Python cannot be accepted
                book.accept(FlowFolder.at(file.parent), datetime.datetime.now(datetime.UTC))

    def ledger(self) -> Ledger:
        """The installation's ledger."""
        return open_ledger(self.home)

    def optout(
        self,
        *words: str,
        under: Sequence[str] = (),
        typed: str = "",
        **environ: str,
    ) -> Ended:
        """Run `python -m optout` to its end; a traceback on stderr fails the test.

        Args:
            words: the command's own.
            under: a program, with its arguments, that runs it.
            typed: what it finds on its stdin.
            environ: further variables of its environment.
        """
        whole = self.environ | environ
        try:
            if under or sys.platform == "win32" or _read_at_start(whole) != _read_at_start(os.environ):
                ended = self._afresh(*words, under=under, typed=typed, **environ)
            else:
                ended = Ended(*forked.run(words, whole, self.folder, typed, self.limit_s))
        except subprocess.TimeoutExpired as late:
            raise AssertionError(f"after {self.limit_s} s it had said: {late.output}") from None
        assert "--debug" in words or "Traceback" not in ended.err, ended.err
        return ended

    def _afresh(self, *words: str, under: Sequence[str], typed: str, **environ: str) -> Ended:
        running = self.start(*words, under=under, stdin=subprocess.PIPE, **environ)
        try:
            out, err = running.communicate(typed, timeout=self.limit_s)
        except subprocess.TimeoutExpired as late:
            os.killpg(running.pid, signal.SIGTERM)
            late.output = "\n".join(running.communicate())
            raise
        return Ended(running.returncode, out, err)

    def start(
        self,
        *words: str,
        under: Sequence[str] = (),
        stdin: int = subprocess.DEVNULL,
        **environ: str,
    ) -> subprocess.Popen[str]:
        """Start `python -m optout` at the head of a process group of its own."""
        return subprocess.Popen(
            [*under, sys.executable, "-m", "optout", *words],
            env=self.environ | environ,
            cwd=self.folder,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # A shell's background jobs ignore Ctrl-C, and would hand that down.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        )

    def processes(self) -> dict[int, str]:
        """What any command here has started and still runs: command lines by process id."""
        mark = f"OPTOUT_HOME={self.environ['OPTOUT_HOME']}\0".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                line = (folder / "cmdline").read_text().replace("\0", " ")
                if line and mark in (folder / "environ").read_bytes():
                    found[int(folder.name)] = line
            except OSError:
                continue  # it has ended meanwhile
        return found


@dataclass(frozen=True)
class Desk:
    """A terminal, a practice site, and accounts that both know."""

    shell: Shell
    server: PracticeServer

    @property
    def site(self) -> tuple[str, str]:
        """The option that sends a visit to the practice site."""
        return ("--site", self.server.origin)

    def add(self, login: str, *conditions: str, listed: bool = True, **facts: Any) -> PracticeAccount:
        """An account on the practice site whose password a program prints.

        Args:
            login: its login.
            conditions: how the site behaves for it.
            listed: whether it is in optout's list, too.
            facts: more about the account on the site.
        """
        account = self.server.site.switchboard.add(login, PASSWORD, conditions=conditions, **facts)
        if listed:
            self.list(login)
        return account

    def list(self, login: str, *, platform: str = "linkedin", password: bool = True) -> Account:
        """Put an account on optout's list."""
        file = self.shell.folder / "password"
        file.write_text(f"{PASSWORD}\n")
        source = SecretSource(SecretKind.COMMAND, ("cat", str(file))) if password else None
        account = Account(platform, login)
        with self.shell.ledger() as ledger:
            add_account(ledger, account, at=datetime.datetime.now(datetime.UTC), password=source)
        return account
