"""The command line: parse, call one function, print, exit."""

from __future__ import annotations

import io
import sys


def main() -> None:
    """The `optout` command."""
    from optout.cli.app import app  # noqa: PLC0415 - so that importing a subcommand stays cheap

    # A terminal that has no ✓ shows its number instead of ending the program.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    app.main(prog_name="optout")
