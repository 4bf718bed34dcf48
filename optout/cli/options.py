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
def surroundings(demo: Home | None = None) -> Iterator[Surroundings]:
    """The installation's stores, open for one command.

    Args:
        demo: folders of its own for the demo, with a ledger of its own wherever the user's is.

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
    url = URL.create("sqlite", database=str(demo.ledger)).render_as_string() if demo else None
    with open_ledger(home, url) as ledger:
        yield Surroundings.of(home, ledger)
