from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NEEDED = ("dbus-run-session", "gnome-keyring-daemon")

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, NEEDED)), reason=f"needs the programs {' and '.join(NEEDED)}"
)

# The daemon stays in the foreground of its own process, so that it can be ended with the session.
SESSION = """
import subprocess, sys
daemon = subprocess.Popen(
    ["gnome-keyring-daemon", "--foreground", "--components=secrets", *sys.argv[1:]],
    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
)
try:
    if sys.argv[1:]:
        daemon.stdin.write(b"login password"); daemon.stdin.close()
    daemon.stdout.readline()  # printed once it is there
    exec(sys.stdin.read())
finally:
    daemon.terminate(); daemon.wait()
"""


@pytest.fixture
def in_session(tmp_path: Path) -> Callable[..., str]:
    """Runs a script in a desktop session of its own, with a keyring of its own."""

    def run(script: str, *daemon_arguments: str) -> str:
        runtime = tmp_path / "runtime"
        runtime.mkdir(mode=0o700, exist_ok=True)
        environ = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DBUS_", "XDG_", "PYTHON_KEYRING", "DISPLAY", "WAYLAND"))
        }
        ended = subprocess.run(
            [
                str(shutil.which("dbus-run-session")),
                "--",
                sys.executable,
                "-c",
                SESSION,
                *daemon_arguments,
            ],
            input=textwrap.dedent(script),
            env={**environ, "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(runtime)},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    return run


def test_the_real_keyring_keeps_gives_back_and_deletes(in_session: Callable[..., str]) -> None:
    said = in_session(
        """
        from optout.accounts.keyring_store import KeyringStore, Kept, secret_name
        from optout.accounts.secret import Secret
        from optout.model import Account
        name = secret_name(Account("linkedin", "ada@example.org"), Kept.PASSWORD)
        secret = Secret("pä55 wörd\\n'\\"")
        store = KeyringStore()
        print(store.check())
        store.set(name, secret)
        again = KeyringStore()
        print(again.get(name) == secret, again.delete(name), again.get(name), again.delete(name))
        """,
        "--unlock",
    )
    assert said == "usable: SecretService\nTrue True None False\n"


def test_the_real_keyring_keeps_the_installations_key(in_session: Callable[..., str]) -> None:
    said = in_session(
        """
        from optout.accounts.keys import KeySource
        one, other = KeySource(environ={}).key(), KeySource(environ={}).key()
        print(len(one), one == other)
        """,
        "--unlock",
    )
    assert said == "32 True\n"


def test_a_real_keyring_that_nobody_can_unlock_is_named(in_session: Callable[..., str]) -> None:
    said = in_session(
        """
        import time
        from optout.accounts.keyring_store import KeyringStore
        started = time.monotonic()
        print(KeyringStore().check())
        print(time.monotonic() - started < 4)
        """
    )
    assert said.startswith("not usable here because ")
    assert "--mode attended" in said
    assert said.endswith("True\n")
