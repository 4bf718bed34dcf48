"""`optout evidence export` and `optout evidence import`."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from optout.accounts import redact
from optout.accounts.keyring_store import KeyringStore
from optout.accounts.keys import KeySource
from optout.cli.bringing import bring
from optout.errors import EvidenceInvalid, UsageProblem
from optout.evidence.archive import pack, take_in
from optout.evidence.layout import Layout, bundles_in
from optout.evidence.own_key import OwnKeys
from optout.evidence.verify import verify
from optout.evidence.witnesses import Brought
from optout.home import Home


@click.command(
    epilog="""\b
Examples:
  optout evidence export evidence.zip
  optout evidence export ada.zip FOLDER"""
)
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
def export(file: Path, paths: tuple[Path, ...]) -> None:
    """Put evidence into one file that verifies as it is.

    PATH is a bundle or a folder of bundles of this computer; without it, all. The log, the
    checkpoints and the public keys go along; no secret, and no name in clear, does.
    """
    bring(Home.of_user())
    layout = Layout(Home.of_user().data)
    chosen = _chosen(layout, paths) if paths else None
    key = None
    if chosen is not None:
        # Signed, so that nobody can leave out one of these on their way.
        redact.install()
        keyring = KeyringStore()
        key = OwnKeys.of(layout.keys, keyring, KeySource(keyring)).usable()
    at = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    count = pack(layout, chosen, file.absolute(), at, key)
    click.echo(f"{file}: {count:,} {'bundle' if count == 1 else 'bundles'}")
    click.echo(f"Check it with: optout evidence verify {file}", err=True)


def _chosen(layout: Layout, paths: tuple[Path, ...]) -> list[Path]:
    chosen: dict[Path, None] = {}
    for path in paths:
        here = path.resolve()
        inside = here.is_dir() and here.is_relative_to(layout.evidence.resolve())
        found = list(bundles_in(here)) if inside else []
        if not found:
            raise UsageProblem(
                f"{path} holds no evidence of this computer",
                expected=f"a folder within {layout.evidence}",
                next_step="See where evidence is: optout status",
            )
        chosen |= dict.fromkeys(
            layout.evidence / each.relative_to(layout.evidence.resolve()) for each in found
        )
    return list(chosen)


@click.command(
    name="import",
    epilog="""\b
Examples:
  optout evidence import evidence.zip
  optout evidence import evidence.zip --to audit/2026""",
)
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--to",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where to put it; must not be there yet. Default: imported/FILE in the data folder.",
)
def import_(file: Path, to: Path | None) -> None:
    """Take in what was exported elsewhere, and verify it.

    It is kept apart from this computer's own evidence. What does not verify is not kept.
    """
    if not file.is_file():
        raise UsageProblem(f"{file} is not there", next_step="Name a file that was exported.")
    folder = (to or Home.of_user().data / "imported" / file.stem).absolute()
    take_in(file, folder, check=_check)
    click.echo(folder)
    click.echo(
        f"It verifies. Whose key it is, and whether the log is whole: optout evidence verify {folder} "
        "--pub KEY --checkpoint FILE",
        err=True,
    )


def _check(folder: Path) -> None:
    bad = [each for each in verify(folder, Brought()) if not each.valid]
    if bad:
        wrong = next(finding for finding in bad[0].findings if finding.state in ("failed", "impossible"))
        raise EvidenceInvalid(
            "what was exported does not verify",
            step="import",
            found=f"{wrong.question}: {wrong.said}",
            next_step="Nothing of it was kept. Look at all of it: optout evidence verify FILE",
        )
