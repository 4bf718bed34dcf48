"""`optout evidence verify`: needs no ledger, no keyring, no network and no browser."""

from __future__ import annotations

import shutil
import tempfile
import textwrap
import zipfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from optout.cli.app import complain
from optout.cli.bringing import bring
from optout.cli.options import json_option, read_file
from optout.errors import OptoutError
from optout.evidence.archive import unpack
from optout.evidence.finding import Question, State
from optout.evidence.signing_key import PublicKey
from optout.evidence.verify import verify as verify_path
from optout.evidence.witnesses import Brought
from optout.home import Home
from optout.model import ExitBit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optout.evidence.finding import Finding, Verification

_SIGNS = {State.OK: "✓", State.FAILED: "✗", State.NOT_SHOWN: "–", State.IMPOSSIBLE: "?"}
_MANY = 20
_WIDEST = max(map(len, Question))


@click.command(
    epilog="""\b
Examples:
  optout evidence verify
  optout evidence verify evidence.zip --pub evidence.pub --checkpoint 12.json
  optout evidence verify FOLDER --tsa-ca authority.pem --json

\b
Exit status: 0 all valid; 64 something does not verify; 1 something could not be checked."""
)
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option(
    "--pub",
    "keys",
    multiple=True,
    metavar="KEY",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A public key you trust, as OpenSSH line or PEM. Evidence signed by others is not valid.",
)
@click.option(
    "--checkpoint",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A checkpoint that was handed to you; its .sig lies beside it.",
)
@click.option(
    "--tsa-ca",
    "authority",
    metavar="PEM",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Root certificates of the time stamping authority.",
)
@click.option(
    "--all", "in_full", is_flag=True, help=f"Show valid bundles too where there are more than {_MANY}."
)
@json_option
@click.pass_context
def verify(
    ctx: click.Context,
    *,
    paths: tuple[Path, ...],
    keys: tuple[Path, ...],
    checkpoint: Path | None,
    authority: Path | None,
    in_full: bool,
    as_json: bool,
) -> None:
    """Check that evidence is as it was made, offline.

    PATH is a bundle, a folder of bundles, or an exported file; without it, all evidence of this
    computer. How to check without optout: docs/verifying-evidence.md
    """
    brought = Brought(
        keys=tuple(PublicKey.read(read_file(key)) for key in keys),
        checkpoint=checkpoint,
        authority=read_file(authority) if authority else b"",
    )
    if not paths:
        bring(Home.of_user())
    bits = ExitBit.OK
    found: list[Verification] = []
    for path in paths or (Home.of_user().data,):
        try:
            with _unpacked(path) as folder:
                found += (_shown(each, folder, path) for each in verify_path(folder, brought))
        except OptoutError as error:
            bits |= complain(ctx, error)
    for each in found:
        bits |= each.exit_bits
    if as_json:
        _print_json(found)
    elif found:
        _print(found, in_full=in_full)
    ctx.exit(int(bits))


def _shown(found: Verification, folder: Path, path: Path) -> Verification:
    """What came in a file is known by that file, and not by where it was unpacked."""
    if path.is_dir():
        return found
    return replace(found, path=str(path / Path(found.path).relative_to(folder)))


@contextmanager
def _unpacked(path: Path) -> Iterator[Path]:
    """The folder itself, or what is in an exported file, for as long as it is looked at."""
    if path.is_dir():
        yield path.absolute()
    elif zipfile.is_zipfile(path):
        with tempfile.TemporaryDirectory(prefix="optout-") as folder:
            unpack(path, Path(folder))
            yield Path(folder)
    else:
        raise OptoutError(
            f"{path} cannot be verified",
            step="verify",
            expected="a folder with evidence, or a file that was exported",
            found="something else" if path.exists() else "nothing",
            next_step="See what there is with: optout status",
        )


def _print_json(found: Sequence[Verification]) -> None:
    from optout.report.machine import as_json  # noqa: PLC0415 - only here

    objects = [
        {
            "path": each.path,
            "valid": each.valid,
            "findings": [
                {"question": finding.question, "state": finding.state, "said": finding.said}
                for finding in each.findings
            ],
            "does_not_prove": list(each.does_not_prove),
        }
        for each in found
    ]
    click.echo(as_json(objects))


def _print(found: Sequence[Verification], *, in_full: bool) -> None:
    width = min(shutil.get_terminal_size((100, 24)).columns, 110)
    brief = len(found) > _MANY and not in_full
    for each in found:
        if not (brief and each.valid and each.about_bundle):
            click.echo(_plain(each.path))
            for finding in each.findings:
                click.echo(_line(finding, width))
            click.echo()
    limits = dict.fromkeys(limit for each in found for limit in each.does_not_prove)
    if limits:
        click.echo("What none of this proves:")
        for limit in limits:
            click.echo(
                textwrap.fill(_plain(limit), width, initial_indent="  – ", subsequent_indent="    ")
            )
    click.echo(_verdict(found))


def _verdict(found: Sequence[Verification]) -> str:
    """The gist in a line."""
    bundles = [each for each in found if each.about_bundle]
    bad = sum(not each.valid for each in bundles)
    many = f"{len(bundles):,} {'bundle' if len(bundles) == 1 else 'bundles'}"
    if bad:
        return f"✗ NOT VALID: {bad:,} of {many}"
    if not all(each.valid for each in found):
        return f"✗ NOT VALID: {many}, but what lies around them does not verify"
    return f"✓ VALID: {many}"


def _plain(text: str) -> str:
    """A text in which nothing is a command to the terminal: names of files come from anybody."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def _line(finding: Finding, width: int) -> str:
    start = f"  {_SIGNS[finding.state]} {finding.question:{_WIDEST}}  "
    return textwrap.fill(
        _plain(finding.said),
        width,
        initial_indent=start,
        subsequent_indent=" " * len(start),
        break_long_words=False,
        break_on_hyphens=False,
    )
