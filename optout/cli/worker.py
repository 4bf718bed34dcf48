"""`optout worker`: visiting what runs on other machines hand out."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import time
from typing import TYPE_CHECKING

import click

from optout.cli.audience import Style, Terminal
from optout.cli.loop import run_async
from optout.cli.on_workers import not_installed
from optout.cli.options import installed_flows, surroundings
from optout.errors import LedgerUnreachable, UsageProblem
from optout.evidence.store import EvidenceStore
from optout.home import Home
from optout.ledger.open import open_ledger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optout.campaign.cluster.worker import Worker
    from optout.campaign.surroundings import Surroundings
    from optout.flow import Flow

_LOOK_AGAIN_S = 5.0


@click.command(
    epilog="""\b
Examples:
  optout worker --database postgresql://optout@db.example.org/optout
  optout worker --at-once 4 --evidence /mnt/evidence

\b
A whole set-up, in five commands: docs/cluster.md"""
)
@click.option(
    "--database",
    metavar="URL",
    help="The ledger that all machines share, on PostgreSQL. Default: OPTOUT_DATABASE.",
)
@click.option(
    "--evidence",
    metavar="WHERE",
    help="Where all machines store evidence: a folder or an fsspec URL. Default: OPTOUT_EVIDENCE_STORE.",
)
@click.option(
    "--at-once",
    type=click.IntRange(1, 32),
    default=2,
    metavar="N",
    help="Visit so many accounts of a platform at the same time; its own limits still hold.",
)
@click.pass_context
def worker(ctx: click.Context, *, database: str | None, evidence: str | None, at_once: int) -> None:
    """Visit what `optout run --on-workers` hands out, until it is told to end.

    Ctrl-C, or SIGTERM, lets it end the visits that are open; a second one interrupts them. Whatever
    happens to it, other workers take over what is left.
    """
    _quiet(ctx)
    flows = installed_flows(ctx).flows
    _wait_for_database(database)
    with surroundings(database=database, may_migrate=False) as around:
        if evidence:
            around.recording.store = EvidenceStore.at(evidence)
        made = _made(around, at_once, flows)
        run_async(_until_told(made))


def _wait_for_database(database: str | None) -> None:
    """Begin once the database answers: a worker may well be started before it, as machines boot."""
    told = False
    while True:
        try:
            with open_ledger(Home.of_user(), database, may_migrate=False):
                return
        except LedgerUnreachable as away:
            if not told:
                click.echo(f"{away} Waiting for it.", err=True)
            told = True
            time.sleep(_LOOK_AGAIN_S)


def _made(around: Surroundings, at_once: int, flows: Mapping[str, Flow]) -> Worker:
    if around.ledger.is_sqlite:
        raise UsageProblem(
            "a worker needs the ledger that the other machines use",
            expected="--database postgresql://user@host/name",
            found=f"the file {around.ledger.place}",
            next_step="How to set one up: docs/cluster.md",
        )
    try:
        from optout.campaign.cluster.worker import Worker  # noqa: PLC0415 - needs an extra
    except ImportError as error:
        raise not_installed(error) from None
    audience = Terminal(0, Style.TEXT)
    audience.tell(f"At work for {around.ledger.place}, {at_once} visits at once to each platform.")
    if around.recording.store is None:
        audience.tell(
            "Evidence stays on this machine. To have all of it in one place, name one: --evidence"
        )
    return Worker(around, flows, audience, at_once)


async def _until_told(worker: Worker) -> None:
    loop = asyncio.get_running_loop()

    def end() -> None:
        if worker.ending.is_set():
            worker.hurry()
            return
        worker.ending.set()
        worker.audience.tell("Ending, once the open visits are. Once more to interrupt them.")

    if sys.platform != "win32":
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, end)
    await worker.work()
    worker.audience.tell("Ended. What is left is left to the other workers.")


def _quiet(ctx: click.Context) -> None:
    """Leave it to us to say what is wrong with the database; with `--debug` all is said."""
    if not ctx.find_root().params.get("debug"):
        for name in ("procrastinate", "psycopg"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
