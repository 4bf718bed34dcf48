"""docs/server.md, held to its word as far as a machine without systemd as its first process allows."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.shell import PASSWORD
from tests.watch.receivers import web_hook

if TYPE_CHECKING:
    from tests.cli.shell import Desk

PAGE = (Path(__file__).parents[2] / "docs" / "server.md").read_text()
UNITS = dict(re.findall(r"```ini\n# /etc/systemd/system/(\S+)\n(.*?)```", PAGE, re.DOTALL))

pytestmark = pytest.mark.skipif(
    not (shutil.which("systemd-analyze") and shutil.which("systemd-creds")),
    reason="needs systemd-analyze and systemd-creds",
)


def service() -> dict[str, list[str]]:
    """The service's settings; systemd allows a name several times."""
    settings: dict[str, list[str]] = {}
    for line in UNITS["optout.service"].partition("[Service]\n")[2].splitlines():
        name, _, value = line.partition("=")
        settings.setdefault(name, []).append(value)
    return settings


def test_systemd_takes_the_units_of_the_page(tmp_path: Path) -> None:
    for name, text in UNITS.items():
        there = text.replace("/opt/optout/bin/python", str(shutil.which("true")))
        (tmp_path / name).write_text(there)
    done = subprocess.run(
        [str(shutil.which("systemd-analyze")), "verify", *(str(tmp_path / name) for name in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert set(UNITS) == {"optout.service", "optout.timer"}


def test_every_secret_that_a_line_asks_for_is_one_that_the_service_is_given() -> None:
    given = {value.partition(":")[0] for value in service()["LoadCredentialEncrypted"]}
    assert set(re.findall(r"systemd-creds cat ([a-z-]+)", PAGE)) == given
    assert set(re.findall(r"--name=([a-z-]+)", PAGE)) == given


def test_a_run_with_nothing_but_the_services_credentials_signs_in_looks_and_tells(desk: Desk) -> None:
    """systemd decrypts them into a folder that the service alone can read: so does this."""
    desk.server.site.switchboard.add("ada@example.org", PASSWORD, conditions=("already-out",))
    folder = desk.shell.folder / "credentials"
    folder.mkdir(mode=0o700)
    with web_hook() as hook:
        secrets = {"optout-key": "k" * 44, "linkedin-ada": PASSWORD, "optout-tell": hook.url}
        for name, secret in secrets.items():
            (folder / name).write_text(secret)
            (folder / name).chmod(0o400)
        (key,) = (line for line in service()["Environment"] if "OPTOUT_KEY_COMMAND" in line)
        name, _, command = shlex.split(key)[0].partition("=")
        environ = {"CREDENTIALS_DIRECTORY": str(folder), name: command}
        for words in re.findall(r"^    as-optout optout (.*)$", PAGE, re.MULTILINE):
            assert desk.shell.optout(*shlex.split(words)).status == 0, words
        ran = desk.shell.optout("schedule", "run", *desk.site, **environ)
        told = desk.shell.optout("notify", "test", "team", **environ)
    assert (ran.status, ran.out, ran.err) == (0, "", "")
    assert (told.status, len(hook.posts)) == (0, 1)
    assert len(list(desk.shell.home.sessions.rglob("*.session"))) == 1
