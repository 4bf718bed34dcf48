"""Real schedulers for tests, each in namespaces of its own: nothing of this machine's is touched."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.shell import Ended

if TYPE_CHECKING:
    from tests.cli.shell import Shell

# Runs one command after the other while a daemon runs, and prints how each ended.
_SESSION = """
import json, os, pathlib, subprocess, sys, time
daemon, ready, commands = json.load(sys.stdin)
cgroups = pathlib.Path("/sys/fs/cgroup")
before = {*cgroups.glob("*"), *cgroups.glob("systemd/*")}
started = subprocess.Popen(daemon, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    until = time.monotonic() + 10
    while subprocess.run(ready, capture_output=True).returncode and time.monotonic() < until:
        time.sleep(0.05)
    ended = []
    for words in commands:
        done = subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        ended.append([done.returncode, done.stdout, done.stderr])
finally:
    started.terminate(); started.wait()
    for left in {*cgroups.glob("*"), *cgroups.glob("systemd/*")} - before:
        subprocess.run(["rmdir", left], capture_output=True)
print(json.dumps(ended))
"""
_SYSTEMD = "/lib/systemd/systemd"
_PRIVATE_RUN = "mount -t tmpfs none /run && "
_SYSTEMD_MOUNTS = _PRIVATE_RUN + "mkdir -p /run/systemd/system /run/user/self && "
_CRON_MOUNTS = (
    _PRIVATE_RUN + "mount -t tmpfs none /dev/shm && mount -t tmpfs none /var/spool/cron && "
    "mkdir -m 1730 /var/spool/cron/crontabs && chgrp crontab /var/spool/cron/crontabs && "
)


def optout(*words: str) -> list[str]:
    return [sys.executable, "-m", "optout", *words]


def with_user_systemd(shell: Shell, *commands: list[str]) -> list[Ended]:
    """Run commands one after the other while a systemd of this user runs."""
    _need("systemctl", _SYSTEMD)
    environ = {"XDG_RUNTIME_DIR": "/run/user/self"}
    ready = ["systemctl", "--user", "is-system-running"]
    return _session(
        shell,
        _SYSTEMD_MOUNTS,
        daemon=[_SYSTEMD, "--user"],
        ready=ready,
        commands=commands,
        environ=environ,
    )


def with_cron(shell: Shell, *commands: list[str]) -> list[Ended]:
    """Run commands one after the other while cron runs, to which an hour takes six seconds.

    Only cron itself is told so: what it starts has the real time again.
    """
    _need("cron", "crontab", "faketime", "pgrep")
    if os.geteuid():
        pytest.skip("cron runs as root only")
    daemon = ["faketime", "-f", "@2026-11-22 08:30:00 x600", "cron", "-f"]
    return _session(
        shell, _CRON_MOUNTS, daemon=daemon, ready=["pgrep", "-x", "cron"], commands=commands, environ={}
    )


def _need(*programs: str) -> None:
    if missing := [program for program in programs if not shutil.which(program)]:
        pytest.skip(f"needs {', '.join(missing)}")


def _session(
    shell: Shell,
    mounts: str,
    *,
    daemon: list[str],
    ready: list[str],
    commands: tuple[list[str], ...],
    environ: dict[str, str],
) -> list[Ended]:
    own_user = ["--map-root-user"] if os.geteuid() else []
    under = ["unshare", *own_user, "--mount", "--pid", "--fork", "--mount-proc"]
    if subprocess.run([*under, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody have mounts and processes of their own")
    done = subprocess.run(
        [*under, "sh", "-c", f'{mounts} exec "$@"', "sh", sys.executable, "-c", _SESSION],
        env=shell.environ | environ,
        cwd=shell.folder,
        input=json.dumps([daemon, ready, commands]),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [Ended(*each) for each in json.loads(done.stdout.splitlines()[-1])]
