"""`optout letter`: the e-mail that asks to be opted out, for the person to send."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from optout.campaign.platforms import Way
from optout.catalogue.letters import write_letter
from optout.cli.meant import METAVAR, meant_by
from optout.cli.options import json_option
from optout.errors import UsageProblem
from optout.home import write_private
from optout.report.machine import as_json as to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optout.catalogue.letters import Draft
    from optout.cli.meant import Meant


@click.command(
    epilog="""\b
Examples:
  optout letter slack --fill workspace=https://acme.slack.com
  optout letter slack:ada@example.org --eml opt-out.eml"""
)
@click.argument("target", metavar=METAVAR)
@click.option(
    "--fill",
    "fills",
    multiple=True,
    metavar="NAME=TEXT",
    help="What only you know and the letter needs.",
)
@click.option(
    "--eml",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Also write it to a file that mail programs open as a draft.",
)
@json_option
@click.pass_context
def letter(
    ctx: click.Context, target: str, *, fills: tuple[str, ...], eml: Path | None, as_json: bool
) -> None:
    """Write the e-mail that asks to be opted out.

    You read it and send it, from the address of your account. optout sends nothing.
    """
    meant = meant_by(ctx, target, want=Way.LETTER)
    if meant.setting.letter is None:
        raise UsageProblem(
            f"{meant.platform.title} takes no letter for this",
            next_step=f"See what it takes: optout guide {meant.target}",
        )
    draft = write_letter(meant.setting.letter, meant.login, dict(map(_filled, fills)))
    if eml:
        _write_new(eml, draft.eml)
    if as_json:
        click.echo(to_json(_as_object(meant, draft)))
    else:
        click.echo(f"To: {draft.to}\nSubject: {draft.subject}\n\n{draft.body}\n{draft.mailto}")
    for line in _notes(meant, draft, eml):
        click.echo(line, err=True)


def _filled(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageProblem(f'"{text[:80]}" fills nothing in', expected="NAME=TEXT")
    return name, value


def _write_new(file: Path, content: bytes) -> None:
    if file.exists():
        raise UsageProblem(
            f"{file} is there already", next_step="Name another file, or move that one away."
        )
    write_private(file, content)


def _notes(meant: Meant, draft: Draft, eml: Path | None) -> Iterator[str]:
    if not draft.to:
        yield f"Its address is not known: look for support on {meant.platform.title}'s pages."
    for need in draft.missing:
        how = (
            f"optout letter {meant.target}"
            if need.name == "login"
            else f"--fill {need.name}={need.example}"
        )
        yield f"Still to be filled in: {need.what}. By hand, or: {how}"
    yield from (f"Mind: {warning}" for warning in meant.setting.warnings)
    if eml:
        yield f"Written to {eml}."
    yield f"optout sends nothing. When you have sent it: optout record {meant.target} --sent"


def _as_object(meant: Meant, draft: Draft) -> dict[str, object]:
    return {
        "platform": meant.platform.name,
        "setting": meant.setting.name,
        "to": draft.to or None,
        "subject": draft.subject,
        "body": draft.body,
        "mailto": draft.mailto,
        "missing": [need.name for need in draft.missing],
    }
