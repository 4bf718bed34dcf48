"""`optout flow`: everything about the code that knows a platform."""

from __future__ import annotations

import click

from optout.cli.lazy import LazyGroup

_COMMANDS = {
    "new": ("flow_new", "Begin a flow: a folder that passes every check as it is."),
    "check": ("flow_check", "Look a flow over, and prove it on its own practice site."),
    "trust": ("flow_trust", "Accept somebody else's flow as it is now, after you have seen what it is."),
    "list": ("flow_list", "Every flow, whose it is, and whether its code may run."),
}


@click.group(cls=LazyGroup, table=_COMMANDS)
def flow() -> None:
    """Write a platform's flow, prove it, and say whose code may run."""
