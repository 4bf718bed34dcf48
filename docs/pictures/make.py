"""Make the README's pictures from what the demo leaves behind: `make picture`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    """Run the demo in a home of its own and take its two pictures."""
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-m", "optout", "demo", "--json"],
            env={**os.environ, "OPTOUT_HOME": home},
            stdout=subprocess.PIPE,
            check=True,
        )
        bundle = Path(json.loads(done.stdout)[0]["evidence"])
        for name in ("before.png", "after.png"):
            shutil.copyfile(bundle / name, HERE / name)


if __name__ == "__main__":
    main()
