from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

import pytest

from optout.accounts.command import parse_command, run_secret_command
from optout.errors import SecretUnavailable, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def python(script: str) -> tuple[str, ...]:
    return (sys.executable, "-c", script)


def test_a_command_is_split_like_a_shell_would() -> None:
    words = parse_command("op read 'op://Private/Linked In/password' --no-newline")
    assert words == ("op", "read", "op://Private/Linked In/password", "--no-newline")


@pytest.mark.parametrize("text", ["", "   ", "''", "pass 'show", "pass show\\", "pass\0show"])
def test_what_is_not_a_command_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(UsageProblem) as refusal:
        parse_command(text)
    assert "show" not in refusal.value.reason.replace("pass show work/linkedin", "")


def test_the_first_line_is_the_secret_and_notes_below_it_are_not() -> None:
    secret = run_secret_command(python("print(' pass word \\nurl: x\\n' * 9)"))
    assert secret.reveal() == " pass word "


@pytest.mark.parametrize("end", ["", "\\n", "\\r\\n"])
def test_a_secret_has_no_line_end(end: str) -> None:
    script = f"import sys; sys.stdout.buffer.write(b'pw-at-end{end}')"
    assert run_secret_command(python(script)).reveal() == "pw-at-end"


def test_nothing_is_given_to_a_shell() -> None:
    script = "import sys; print(sys.argv[1])"
    assert run_secret_command((*python(script), "$HOME; `id`")).reveal() == "$HOME; `id`"


def test_a_program_that_asks_a_question_gets_no_answer() -> None:
    script = "import sys; print(repr(sys.stdin.read()))"
    assert run_secret_command(python(script)).reveal() == "''"


@pytest.mark.parametrize(
    ("argv", "found"),
    [
        (("no-such-program-here", "vault-item"), "it was not found"),
        (("/", "vault-item"), "it could not be started"),
        (("/bin/echo", "vault-item\0"), "it could not be started"),
        ((*python("import sys; sys.exit('vault-item')"), "vault-item"), "it ended with status 1"),
        ((*python("print('half a secret'); exit(3)"), "vault-item"), "it ended with status 3"),
        ((*python("pass"), "vault-item"), "it printed nothing"),
        ((*python("print()\nprint('late')"), "vault-item"), "it printed nothing"),
        ((*python("print('x' * 9000)"), "vault-item"), "longer than 8192 bytes"),
        (
            (*python("import sys; sys.stdout.buffer.write(b'\\xff')"), "vault-item"),
            "not UTF-8",
        ),
    ],
)
def test_a_failure_names_the_program_and_the_cause_only(argv: tuple[str, ...], found: str) -> None:
    with pytest.raises(SecretUnavailable) as failure:
        run_secret_command(argv)
    told = str(failure.value)
    assert found in told
    assert argv[0] in told
    assert "vault-item" not in told
    assert "half a secret" not in told
    assert failure.value.__cause__ is None


def test_what_the_program_says_on_its_error_stream_is_not_shown(
    capfd: pytest.CaptureFixture[str],
) -> None:
    run_secret_command(python("import sys; print('pw', flush=True); sys.stderr.write('SEED')"))
    assert capfd.readouterr() == ("", "")


def test_a_program_that_takes_too_long_is_given_up() -> None:
    started = time.monotonic()
    with pytest.raises(SecretUnavailable, match=r"it took longer than 0\.3 s"):
        run_secret_command(python("import time; time.sleep(60)"), limit_s=0.3)
    assert time.monotonic() - started < 3


def test_a_program_that_never_stops_printing_is_given_up() -> None:
    with pytest.raises(SecretUnavailable, match="it took longer than"):
        run_secret_command(python("while True: print('y' * 9999)"), limit_s=0.3)


def ended(process: int) -> bool:
    """Whether a process is gone, or only waits for its parent to notice."""
    try:
        with open(f"/proc/{process}/stat", encoding="ascii") as stat:  # noqa: PTH123
            return stat.read().rsplit(")", 1)[1].split()[0] in "ZX"
    except FileNotFoundError:
        return True


def soon(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 5
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="reads /proc")  # noqa: PTH110
def test_what_a_program_started_is_killed_with_it(tmp_path: Path) -> None:
    note = tmp_path / "child"
    script = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open({str(note)!r}, "w").write(str(child.pid))
time.sleep(60)
"""
    with pytest.raises(SecretUnavailable, match="it took longer than"):
        run_secret_command(python(script), limit_s=1)
    child = int(note.read_text())
    assert soon(lambda: ended(child))
