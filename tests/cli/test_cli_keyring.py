"""Passwords in a real keyring: asked for, used by a visit, and gone with the account."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.shell import PASSWORD, Ended

if TYPE_CHECKING:
    from tests.cli.shell import Desk, Shell

NEEDED = ("dbus-run-session", "gnome-keyring-daemon")
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ADD = ("account", "add", "linkedin", "ada@example.org")
# What the keyring has of this account.
KEPT = """
import keyring
for kept in ("password", "totp-seed"):
    print(keyring.get_password(f"optout:linkedin:ada@example.org:{kept}", "optout"))
"""

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, NEEDED)), reason=f"needs the programs {' and '.join(NEEDED)}"
)

# Runs one command after the other in a desktop session with an unlocked keyring.
SESSION = """
import json, subprocess, sys
daemon = subprocess.Popen(
    ["gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock"],
    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
)
try:
    daemon.stdin.write(b"login password"); daemon.stdin.close()
    daemon.stdout.readline()  # printed once it is there
    ended = []
    for words, typed in json.load(sys.stdin):
        done = subprocess.run(
            [sys.executable, *words], input=typed, capture_output=True, text=True
        )
        ended.append([done.returncode, done.stdout, done.stderr])
finally:
    daemon.terminate(); daemon.wait()
print(json.dumps(ended))
"""


def in_session(shell: Shell, *commands: tuple[tuple[str, ...], str]) -> list[Ended]:
    """Run Python with these words, one after the other, each with what is typed into it."""
    runtime = shell.folder / "runtime"
    runtime.mkdir(mode=0o700)
    done = subprocess.run(
        [str(shutil.which("dbus-run-session")), "--", sys.executable, "-c", SESSION],
        env=shell.environ | {"XDG_RUNTIME_DIR": str(runtime)},
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return [Ended(*each) for each in json.loads(done.stdout.splitlines()[-1])]


def optout(*words: str, typed: str = "") -> tuple[tuple[str, ...], str]:
    return ("-m", "optout", *words), typed


def test_a_password_and_a_seed_are_asked_for_kept_used_and_removed(desk: Desk) -> None:
    desk.add("ada@example.org", "challenge-authenticator", totp=SEED, listed=False)
    added, ran, removed, kept = in_session(
        desk.shell,
        optout(*ADD, "--password", "--totp", typed=f"{PASSWORD}\n{SEED}\n"),
        optout("run", *desk.site, "--json"),
        optout("account", "remove", "linkedin", "ada@example.org"),
        (("-c", KEPT), ""),
    )
    assert added.status == 0, added
    assert "two factors into one" in added.err
    assert ran.data[0]["outcome"] == "opted-out", ran
    assert (removed.status, kept.out) == (0, "None\nNone\n")
    assert not [secret for secret in (PASSWORD, SEED) if secret in f"{added}{ran}{removed}"]


def test_of_two_secrets_none_is_kept_where_one_is_wrong(shell: Shell) -> None:
    refused, listed, kept = in_session(
        shell,
        optout(*ADD, "--password", "--totp", typed=f"{PASSWORD}\nnot-a-seed-1\n"),
        optout("account", "list", "--json"),
        (("-c", KEPT), ""),
    )
    assert (refused.status, listed.data, kept.out) == (2, [], "None\nNone\n")
    assert "it is not written in base32" in refused.err


def test_a_password_that_is_not_looked_for_any_more_is_taken_out(shell: Shell) -> None:
    _, changed, kept = in_session(
        shell,
        optout(*ADD, "--password", typed=f"{PASSWORD}\n"),
        optout(*ADD, "--password-command", "cat file"),
        (("-c", KEPT), ""),
    )
    assert (changed.out, kept.out) == ("Changed linkedin:ada@example.org.\n", "None\nNone\n")
