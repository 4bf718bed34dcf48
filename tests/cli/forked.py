"""Commands in processes forked from a server that has imported everything: the same, sooner.

Only what importing itself does cannot be seen there; for that, start a process afresh.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import multiprocessing
import os
import pkgutil
import runpy
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

import optout

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from multiprocessing.connection import Connection

# Programs, and not modules.
_RUN = ("optout.__main__", "optout.ledger.migrations.env")
for _module in pkgutil.walk_packages(optout.__path__, "optout."):
    if _module.name not in _RUN:
        importlib.import_module(_module.name)
# Where the tests find themselves is no place for a command to look.
_OURS = ("", str(Path(__file__).parents[2]))


def run(
    words: Sequence[str], environ: Mapping[str, str], folder: Path, typed: str, limit_s: float
) -> tuple[int, str, str]:
    """Run `python -m optout` to its end, at the head of a process group of its own.

    Args:
        words: the command's own.
        environ: its whole environment.
        folder: where it is run.
        typed: what it finds on its stdin, at most what a pipe holds.
        limit_s: how long it may take, in seconds.

    Returns:
        Its exit status, and what it printed on stdout and on stderr.

    Raises:
        subprocess.TimeoutExpired: it took longer, and its group was ended.
    """
    server: Any = multiprocessing.get_context("forkserver")  # Windows has none
    server.set_forkserver_preload([__name__])
    ends = [multiprocessing.Pipe(duplex=False) for _ in range(3)]
    (stdin, keys), (out, stdout), (err, stderr) = ends
    os.write(keys.fileno(), typed.encode())
    process = server.Process(target=_command, args=(words, environ, folder, (stdin, stdout, stderr)))
    process.start()
    for end in (keys, stdin, stdout, stderr):
        end.close()
    with out, err, ThreadPoolExecutor() as pool:
        reading = [pool.submit(_read, end) for end in (out, err)]
        late = wait(reading, limit_s).not_done
        if late:
            os.killpg(process.pid, signal.SIGTERM)
        said = [each.result() for each in reading]
    process.join()
    if late:
        raise subprocess.TimeoutExpired(list(words), limit_s, "\n".join(said))
    return process.exitcode, said[0], said[1]


def _read(end: Connection) -> str:
    with open(end.fileno(), closefd=False) as pipe:
        return pipe.read()


def _command(
    words: Sequence[str], environ: Mapping[str, str], folder: Path, ends: Sequence[Connection]
) -> None:
    """Do what else happens between the start of a Python and its end."""
    assert "keyring" not in sys.modules, "it looks around as it is imported, and must do so here"
    gc.freeze()
    os.setsid()
    os.chdir(folder)
    os.environ.clear()  # and not another one, for many have it already
    os.environ.update(environ)
    for number, end in enumerate(ends):
        os.dup2(end.fileno(), number)
        end.close()
    given: dict[str, Any] = {"encoding": sys.stdout.encoding, "closefd": False}
    sys.stdin = open(0, errors=sys.stdout.errors, **given)  # noqa: SIM115 - all three stay open
    sys.stdout = open(1, "w", errors=sys.stdout.errors, **given)  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, errors="backslashreplace", **given)  # noqa: SIM115
    signal.signal(signal.SIGINT, signal.default_int_handler)
    multiprocessing.set_start_method(None, force=True)
    sys.argv = ["optout", *words]
    sys.path = [str(folder), *(each for each in sys.path if each not in _OURS)]
    try:
        runpy.run_module("optout", run_name="__main__", alter_sys=True)
    except Exception:  # noqa: BLE001 - Python would print it, whatever it is, and end
        sys.excepthook(*sys.exc_info())
        sys.exit(1)
    finally:
        atexit._run_exitfuncs()
        gc.collect()
