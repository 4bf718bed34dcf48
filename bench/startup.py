"""How long `optout --help` takes beside importing click, and what `optout status` imports.

Run: `python bench/startup.py [ROUNDS]`. Both commands take turns, each in a process of its own.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

OPTOUT = Path(sys.executable).with_name("optout")
UNWANTED = ("playwright", "PIL", "starlette", "sqlalchemy.dialects.postgresql", "sqlalchemy.orm")
WATCH = """
import sys
sys.argv = ["optout", "status"]
from optout.cli import main
try:
    main()
except SystemExit:
    pass
print(" ".join(name for name in {unwanted!r} if name in sys.modules), file=sys.stderr)
"""


def milliseconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return (time.perf_counter() - began) * 1000


def imported_by_status() -> str:
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-c", WATCH.format(unwanted=UNWANTED)],
            env={**os.environ, "OPTOUT_HOME": home},
            capture_output=True,
            text=True,
            check=True,
        )
    return done.stderr.splitlines()[-1].strip()


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    commands = {
        "import click": [sys.executable, "-c", "import click"],
        "optout --help": [str(OPTOUT), "--help"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            times[name].append(milliseconds(command))
    medians = {name: statistics.median(values) for name, values in times.items()}
    print("| command | median ms |")
    print("| --- | --- |")
    for name, median in medians.items():
        print(f"| `{name}` | {median:.0f} |")
    ratio = medians["optout --help"] / medians["import click"]
    print(f"\n{rounds} rounds; ratio {ratio:.2f}")
    print(f"unwanted modules that `optout status` imports: {imported_by_status() or 'none'}")


if __name__ == "__main__":
    main()
