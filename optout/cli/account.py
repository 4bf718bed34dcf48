"""`optout account`: whose accounts there are, who authorised what, and where secrets come from."""

from __future__ import annotations

import click

from optout.cli.lazy import LazyGroup

_COMMANDS = {
    "add": ("account_add", "Add an account, or change where its secrets come from."),
    "list": ("account_list", "List the accounts, whose they are, and where their secrets come from."),
    "remove": ("account_add", "Forget an account, its secrets and its sessions."),
    "import": ("account_import", "Take in a roster: a CSV of an organisation's accounts."),
    "mandate": (
        "account_mandate",
        "Who authorised optout to act for an account, and where to read that.",
    ),
    "secrets": ("account_secrets", "Where the passwords of a whole group come from."),
}


@click.group(cls=LazyGroup, table=_COMMANDS)
def account() -> None:
    """Add, list and remove accounts; bring an organisation's, with their mandates."""
