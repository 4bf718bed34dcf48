"""`optout evidence show`: one bundle as a page to read, to print and to hand over."""

from __future__ import annotations

import sys
import webbrowser
from pathlib import Path

import click

from optout.campaign.targets import not_a_target, parse_target
from optout.cli.bringing import bring
from optout.cli.loop import run_async
from optout.cli.writing import write_file
from optout.errors import UsageProblem
from optout.evidence.layout import bundles_in, is_bundle
from optout.home import Home
from optout.ledger.bundles import newest_bundle
from optout.ledger.open import open_ledger
from optout.model import ExitBit
from optout.report.bundle_view import view
from optout.report.evidence_page import evidence_page
from optout.visit.finder import has_display

_FILE = click.Path(dir_okay=False, allow_dash=True)


@click.command(
    epilog="""\b
PATH is the folder of a bundle. Of a TARGET, such as linkedin:ada@example.org,
the newest bundle is shown; without either, the newest bundle of all.

\b
Examples:
  optout evidence show
  optout evidence show linkedin:ada@example.org --pdf ada.pdf"""
)
@click.argument("what", required=False, metavar="[PATH|TARGET]")
@click.option("--html", type=_FILE, metavar="FILE", help="Write the page there; - for stdout.")
@click.option("--pdf", type=_FILE, metavar="FILE", help="Print the page as PDF; - for stdout.")
@click.option(
    "--open/--no-open",
    "opens",
    default=None,
    help="Open it in your own browser. Default: where there is a screen, and no FILE is named.",
)
@click.pass_context
def show(
    ctx: click.Context, what: str | None, *, html: str | None, pdf: str | None, opens: bool | None
) -> None:
    """Show one bundle as a page for people: verdict, pictures, what was done, how to check it.

    The page holds its pictures, runs no script and fetches nothing, so it can be handed on as one
    file. It is a copy for reading; the bundle stays the evidence.
    """
    home = Home.of_user()
    folder = _find(what, home)
    shown = view(folder)
    page = evidence_page(shown)
    if html is None and pdf is None:
        html = str(home.data / "pages" / f"{folder.name}.html")
        opens = opens if opens is not None else sys.stdout.isatty() and has_display()
    written = [write_file(html, lambda out: out.write(page))] if html else []
    if pdf:
        # Imported here: the page itself needs no browser.
        from optout.report.pdf import printed  # noqa: PLC0415

        paper = run_async(printed(page, tell=lambda text: click.echo(text, err=True)))
        written.append(write_file(pdf, lambda out: out.write(paper)))
    paths = [path for path in written if path]
    for path in paths:
        click.echo(path, err=html == "-" or pdf == "-")
    if opens and paths and not webbrowser.open(paths[0].absolute().as_uri()):
        click.echo("No browser could be opened here; open the file yourself.", err=True)
    if not shown.reliable:
        click.echo(
            f"optout: do not rely on {folder}: it does not verify. Details: "
            f"optout evidence verify {folder}",
            err=True,
        )
        ctx.exit(int(ExitBit.EVIDENCE))


def _find(what: str | None, home: Home) -> Path:
    """The bundle that is meant.

    Raises:
        UsageProblem: there is none.
        LedgerProblem: the ledger cannot be read.
    """
    path = Path(what) if what else None
    if path is not None and path.exists():
        return _bundle_at(path)
    named = parse_target(what) if what else None
    if what and named is None:
        raise not_a_target(what)
    with open_ledger(home) as ledger:
        found = (
            newest_bundle(ledger, named.platform, named.setting, named.login)
            if named
            else newest_bundle(ledger)
        )
        if found is not None:
            bring(home, ledger, only=[found])
    if found is None:
        raise UsageProblem(
            f"there is no evidence of {what}" if what else "there is no evidence yet",
            expected="a target that was visited, or the folder of a bundle",
            next_step="See what was visited: optout status",
        )
    return home.evidence / found


def _bundle_at(path: Path) -> Path:
    folder = path.resolve() if path.is_dir() else path.resolve().parent
    if is_bundle(folder):
        return folder
    inside = list(bundles_in(folder)) if path.is_dir() else []
    newest = max(inside, key=lambda bundle: bundle.name, default=None)
    raise UsageProblem(
        f"{path} is not the folder of a bundle",
        found=f"bundles in it: {len(inside)}" if inside else "no bundle in it either",
        next_step=f"Name one of them, such as the newest: {newest}" if newest else "",
    )
