"""Showing somebody else's code to the user, and asking whether it may run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from optout.errors import FlowBroken, UsageProblem
from optout.flow.folder import PRACTICE
from optout.flow.trust import spelled_out

if TYPE_CHECKING:
    from optout.flow.folder import FlowFolder
    from optout.flow.trust import Accepted


def shown(found: FlowFolder, before: Accepted | None) -> str:
    """What there is to know about a flow before any of it runs.

    Args:
        found: the flow.
        before: what was accepted at this place, or None.

    Raises:
        FlowBroken: its source does not say enough, or is no Python.
    """
    try:
        says, beyond = found.states(), found.goes_beyond()
    except SyntaxError as error:
        raise FlowBroken(f"{error.filename} in {found.where} is no Python: {error.msg}") from None
    if not says.name or not says.origin:
        raise FlowBroken(
            f"the flow in {found.where} cannot be shown before it runs",
            expected='its name and origin written out in its class, as in origin = "https://…"',
            next_step="Ask its author to write them out.",
        )
    lines = [
        f"{spelled_out(says.name)}, from {found.where}",
        f"  signs in and clicks at  {spelled_out(says.origin)}",
        f"  may also load from      {', '.join(map(spelled_out, says.hosts)) or 'nowhere else'}",
        f"  {len(found.files)} files, SHA-256  {found.digest}",
    ]
    if before and before.digest == found.digest:
        lines.append(f"  accepted on {before.at[:10]}, and not changed since")
    elif before:
        lines.append(f"  changed since {before.at[:10]}: {', '.join(before.changed(found))}")
        old = (before.origin, *before.hosts)
        lines += [
            f"  new: {spelled_out(host)}" for host in (says.origin, *says.hosts) if host not in old
        ]
    lines += [f"  more than facts: {spelled_out(what)}" for what in beyond]
    if any(name.startswith(PRACTICE) for name in found.files):
        lines.append("  its practice site is a program; it runs for `practice` and `flow check` only")
    return "\n".join(lines)


def ask(question: str, *, yes: bool, instead: str) -> bool:
    """Ask the person at the terminal.

    Args:
        question: to be answered with yes or no.
        yes: whether they have said so already.
        instead: the option that says so.

    Raises:
        UsageProblem: nobody is there to ask.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        raise UsageProblem("nobody is at the terminal to be asked", next_step=f"Say so with {instead}")
    return click.confirm(question, err=True)
