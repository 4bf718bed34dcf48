"""`optout evidence`: everything about the proof, once it is there."""

from __future__ import annotations

import click

from optout.cli.lazy import LazyGroup

_COMMANDS = {
    "verify": ("evidence_verify", "Check that evidence is as it was made, offline."),
    "show": ("evidence_show", "Show one bundle as a page for people."),
    "key": ("evidence_key", "The key that evidence is signed with."),
    "checkpoint": ("evidence_checkpoint", "Sign where the log stands, and hand that to somebody else."),
    "export": ("evidence_archive", "Put evidence into one file that verifies as it is."),
    "import": ("evidence_archive", "Take in what was exported elsewhere, and verify it."),
    "purge": ("evidence_purge", "Remove old bundles; signed tombstones keep the log whole."),
}


@click.group(cls=LazyGroup, table=_COMMANDS)
def evidence() -> None:
    """Verify, show, hand over and keep the proof."""
