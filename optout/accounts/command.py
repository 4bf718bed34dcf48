"""Secrets that a program of the user's choice prints: `pass show …`, `op read …`."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from typing import IO, TYPE_CHECKING

from optout.accounts.background import in_background
from optout.accounts.secret import Secret
from optout.errors import SecretUnavailable, UsageProblem
from optout.model import Why

if TYPE_CHECKING:
    from collections.abc import Sequence

LIMIT_S = 20.0
"""Seconds a program may take, which is time enough to unlock a password manager's agent."""

_LONGEST_LINE = 8192
_CHUNK = 65536


def parse_command(text: str) -> tuple[str, ...]:
    """The words of a command line, split as a POSIX shell would but never given to one.

    Raises:
        UsageProblem: it is empty, holds a NUL, or a quote in it is not closed. The text is not
            repeated, for it may hold a key.
    """
    try:
        words = tuple(shlex.split(text))
    except ValueError:
        raise _unusable("a quote or backslash at its end that leaves it open") from None
    if "\0" in text:
        raise _unusable("a NUL character")
    if not words or not words[0]:
        raise _unusable("no program")
    return words


def _unusable(found: str) -> UsageProblem:
    return UsageProblem(
        "the command that prints a secret cannot be used",
        expected="a program and its arguments, such as: pass show work/linkedin",
        found=found,
    )


def run_secret_command(argv: Sequence[str], *, limit_s: float = LIMIT_S) -> Secret:
    """Run a program and take the first line it prints as the secret.

    There is no shell, nothing to read on its input, and what it says on its error stream goes
    nowhere. Later lines are ignored: password managers print notes below the password.

    Args:
        argv: the program and its arguments.
        limit_s: seconds after which it and everything it started are killed.

    Raises:
        SecretUnavailable: it was not found, failed, took too long or printed nothing usable.
    """
    process = _start(argv)
    stdout = process.stdout
    assert stdout is not None  # noqa: S101 - asked for in _start, which mypy cannot know
    reading = in_background(lambda: _first_line(stdout))
    finished = False
    try:
        line = reading.result(limit_s)
        status = process.wait(limit_s)
        finished = True
    except (TimeoutError, subprocess.TimeoutExpired):
        raise _failed(argv, f"it took longer than {limit_s:g} s") from None
    finally:
        if not finished:  # on Ctrl-C too
            _kill_group(process)
    if status:
        raise _failed(argv, f"it ended with status {status}")
    return _secret_in(line, argv)


def _start(argv: Sequence[str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # its own process group, to be killed as one
        )
    except FileNotFoundError:
        raise _failed(argv, "it was not found") from None
    except (OSError, ValueError) as error:
        found = getattr(error, "strerror", None) or "its arguments are not usable"
        raise _failed(argv, f"it could not be started: {found}") from None


def _first_line(stdout: IO[bytes]) -> bytes:
    """Read to the end, so that the program is not stopped by a full pipe, but keep one line."""
    with stdout:
        line = stdout.readline(_LONGEST_LINE + 1)
        while stdout.read(_CHUNK):
            pass
    return line


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except ProcessLookupError:
        pass
    except PermissionError:
        # It runs as another user, so it cannot be ended and must not be waited for.
        process.poll()
        return
    process.wait()


def _secret_in(line: bytes, argv: Sequence[str]) -> Secret:
    if len(line) > _LONGEST_LINE:
        raise _failed(argv, f"its first line is longer than {_LONGEST_LINE} bytes")
    try:
        text = line.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise _failed(argv, "it printed something that is not UTF-8 text") from None
    if not text:
        raise _failed(argv, "it printed nothing")
    return Secret(text)


def _failed(argv: Sequence[str], found: str) -> SecretUnavailable:
    """Names the program only: its arguments may say what and where the secret is."""
    return SecretUnavailable(
        f"the program {argv[0]!r} gave no secret",
        expected="the secret on the first line it prints",
        found=found,
        next_step="Run it by hand to see what it says.",
        why=Why.NO_CREDENTIALS,
    )
