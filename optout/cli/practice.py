"""`optout practice`: a practice site to try things on."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from optout.accounts.logins import parse_login
from optout.campaign.targets import find_flow
from optout.cli.options import installed_flows, json_option
from optout.practice.load import practice_site_of
from optout.practice.server import serve
from optout.report.machine import as_json as to_json

if TYPE_CHECKING:
    from optout.practice.site import PracticeSite

_PASSWORD = "practice"  # noqa: S105 - the password of a practice account, printed below


@click.command(
    epilog="""\b
Examples:
  optout practice linkedin
  optout practice linkedin --port 8000 --account ada@example.org=form-react,slow
  optout practice linkedin --conditions"""
)
@click.argument("platform")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default="any free one",
    help="The port to listen on.",
)
@click.option(
    "--account",
    "accounts",
    multiple=True,
    metavar="LOGIN[=CONDITION,…]",
    help="An account on the site, and how the site behaves for it.",
)
@click.option("--conditions", is_flag=True, help="List the conditions and end.")
@json_option
@click.pass_context
def practice(
    ctx: click.Context,
    platform: str,
    *,
    port: int,
    accounts: tuple[str, ...],
    conditions: bool,
    as_json: bool,
) -> None:
    """Serve a platform's practice site on this machine, until Ctrl-C.

    It has the platform's structure and behaviour and none of its looks, and listens on loopback only.
    """
    site = practice_site_of(find_flow(installed_flows(ctx), platform))
    if conditions:
        known = [asdict(condition) for condition in site.conditions]
        click.echo(to_json(known) if as_json else _in_groups(site))
        return
    for text in accounts or ("ada@example.org",):
        login, _, named = text.partition("=")
        names = filter(None, map(str.strip, named.split(",")))
        site.switchboard.add(parse_login(login), _PASSWORD, conditions=names)
    with serve(site, port=port) as server:
        origin = {"origin": server.origin, "password": _PASSWORD}
        click.echo(to_json(origin) if as_json else server.origin)
        click.echo(f'The password of every account is "{_PASSWORD}". Ctrl-C ends it.', err=True)
        click.echo(f"Visit it with: optout run --site {server.origin}", err=True)
        # Ctrl-C is how this is meant to end, so it is no failure.
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


def _in_groups(site: PracticeSite) -> str:
    lines = []
    for group, conditions in site.groups():
        lines += [f"{group}:", *(f"  {each.name}: {each.sentence}" for each in conditions)]
    return "\n".join(lines)
