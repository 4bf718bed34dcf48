"""Options and openings that several commands share."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from optout.errors import UsageProblem
from optout.home import Home

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from optout.campaign.surroundings import Surroundings
    from optout.flow.discovery import Flows
    from optout.ledger.ledger import Ledger

_Command = TypeVar("_Command", bound="Callable[..., object]")


def read_file(path: Path) -> bytes:
    """What is in a file that somebody named.

    Raises:
        UsageProblem: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageProblem(
            f"{path} cannot be read",
            found=error.strerror or type(error).__name__,
            next_step="Name a file that is there and that you may read.",
        ) from None


def json_option(command: _Command) -> _Command:
    """`--json`: data for machines on stdout."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")(command)


def site_option(command: _Command) -> _Command:
    """`--site`: a practice site instead of the platform."""
    text = "Visit a practice site at this loopback address instead of the platform."
    return click.option("--site", metavar="URL", help=text)(command)


def group_option(command: _Command) -> _Command:
    """`--group`: only the accounts of one group."""
    text = "Only the accounts of this group (see: optout account import)."
    return click.option("--group", metavar="GROUP", help=text)(command)


def known_group(ledger: Ledger, group: str | None) -> None:
    """Refuse a group that no account belongs to.

    Raises:
        UsageProblem: there is none of this name; names the nearest.
    """
    from optout.campaign.platforms import did_you_mean  # noqa: PLC0415 - see installed_flows
    from optout.ledger.accounts import list_groups  # noqa: PLC0415

    if group is None:
        return
    groups = list_groups(ledger)
    if group not in groups:
        raise UsageProblem(
            f"no account belongs to the group {group[:80]!a}",
            expected=f"one of {', '.join(groups[:20])}" if groups else "",
            next_step=did_you_mean(group, groups)
            or "Groups come with a roster: optout account import --help",
        )


def installed_flows(ctx: click.Context) -> Flows:
    """Every flow that is found; broken ones are named on stderr."""
    from optout.flow.discovery import discover  # noqa: PLC0415 - commands that need no flow start faster
    from optout.flow.trust import TrustBook  # noqa: PLC0415 - as above

    folder = (ctx.find_root().obj or {}).get("flows")
    # What a flow prints while it is imported must not end up in the data on stdout.
    with contextlib.redirect_stdout(sys.stderr):
        flows = discover(Path(folder) if folder else None, TrustBook.of(Home.of_user()))
    for broken in flows.broken:
        said = f"optout: the flow {broken.where} is left out: {broken.reason}. {broken.next_step}"
        click.echo(said, err=True)
    return flows


@contextlib.contextmanager
def surroundings(
    demo: Home | None = None, *, database: str | None = None, may_migrate: bool = True
) -> Iterator[Surroundings]:
    """The installation's stores, open for one command.

    Args:
        demo: folders of its own for the demo, with a ledger of its own wherever the user's is.
        database: where the ledger is; None leaves it to the environment.
        may_migrate: whether an older ledger may be brought to this program's schema.

    Raises:
        LedgerProblem: the ledger cannot be opened.
    """
    from sqlalchemy import URL  # noqa: PLC0415 - as above

    from optout.accounts import redact  # noqa: PLC0415
    from optout.campaign.surroundings import Surroundings  # noqa: PLC0415
    from optout.ledger.open import open_ledger  # noqa: PLC0415

    redact.install()
    home = demo or Home.of_user()
    # Made by SQLAlchemy, because the folder's name may hold what has a meaning in a URL.
    url = URL.create("sqlite", database=str(demo.ledger)).render_as_string() if demo else database
    with open_ledger(home, url, may_migrate=may_migrate) as ledger:
        yield Surroundings.of(home, ledger)
