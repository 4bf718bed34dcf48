"""The options of every command that visits."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import click

from optout.cli.options import group_option, json_option, site_option
from optout.model import Mode

if TYPE_CHECKING:
    from collections.abc import Callable

_Command = TypeVar("_Command", bound="Callable[..., object]")

_PACE = (
    click.option(
        "--parallel",
        type=click.IntRange(1, 32),
        default=1,
        metavar="N",
        help="Visit so many accounts at the same time; a platform's own limits still hold. Accounts "
        "that need a person are left to `optout attend`.",
    ),
    click.option(
        "--gap",
        "gap_s",
        type=click.FloatRange(0, 3600),
        default=0.0,
        metavar="SECONDS",
        help="Leave at least so long between two visits to a platform; never less than it asks for.",
    ),
    click.option(
        "--per-hour",
        type=click.IntRange(1),
        metavar="N",
        help="Begin at most so many visits to a platform in an hour; never more than it allows.",
    ),
)

OUTPUT = (
    json_option,
    click.option(
        "--json-lines",
        is_flag=True,
        help="Print a line of JSON for each target as soon as its result stands.",
    ),
)


def visit_options(command: _Command) -> _Command:
    """Targets, how they are visited, how fast, and how that is printed."""
    decorators = (
        click.argument("targets", nargs=-1, metavar="[TARGET]..."),
        click.option(
            "--mode",
            type=click.Choice([mode.value for mode in Mode if mode is not Mode.BY_HAND]),
            help="Who signs in and who clicks. Default: automatic where a session or a password is kept "
            "and the platform's flow allows that, else what the flow advises.",
        ),
        click.option("--headed/--headless", default=None, help="With a window, or without."),
        site_option,
        click.option(
            "--allow-host",
            "allow_hosts",
            multiple=True,
            metavar="HOST",
            help="A further host that pages may load from in automatic mode. No secret is typed there.",
        ),
        click.option(
            "--despite-quarantine",
            is_flag=True,
            help="Visit every account, although the flow has failed on several in a row.",
        ),
        click.option(
            "--whole-page",
            is_flag=True,
            help="Keep pictures of the whole pages too. They show whatever else stands there.",
        ),
        click.option(
            "--debug-trace",
            is_flag=True,
            help="Record each visit for finding mistakes. The recording holds the account's session; it "
            "stays out of evidence and is deleted after 7 days.",
        ),
        group_option,
        *_PACE,
        *OUTPUT,
        click.pass_context,
    )
    for decorator in reversed(decorators):
        command = decorator(command)
    return command
