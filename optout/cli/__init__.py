"""The command line: parse, call one function, print, exit."""

from __future__ import annotations


def main() -> None:
    """The `optout` command."""
    from optout.cli.app import app  # noqa: PLC0415 - so that importing a subcommand stays cheap

    app.main(prog_name="optout")
