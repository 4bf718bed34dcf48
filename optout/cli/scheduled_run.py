"""A scheduled run: nobody watches, so it says nothing unless there is something to say."""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from optout.accounts.keyring_store import NotUsable
from optout.accounts.keys import COMMAND
from optout.campaign.plan import Wishes, plan
from optout.campaign.platforms import known_platform
from optout.campaign.run import Run
from optout.cli.app import complain
from optout.cli.going import exit_status
from optout.cli.loop import run_async
from optout.cli.options import installed_flows
from optout.errors import OptoutError
from optout.ledger.accounts import find_account, list_accounts
from optout.model import ExitBit, Mode, Outcome, SecretKind
from optout.report.drift import drift_text
from optout.report.plain import result_text
from optout.watch.digest import digest
from optout.watch.notify.message import News
from optout.watch.rounds import due_now
from optout.watch.schedule.entry import entry_name
from optout.watch.schedule.running import begin, end

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optout.campaign.surroundings import Surroundings
    from optout.campaign.targets import Job
    from optout.flow.discovery import Flows
    from optout.model import Result
    from optout.visit.browser import OpenBrowser
    from optout.watch.digest import Digest
    from optout.watch.schedule.running import Begun


@dataclass
class Nobody:
    """Stands where a person would watch; keeps what was said for the case that it matters.

    Attributes:
        said: the sentences so far.
    """

    said: list[str] = field(default_factory=list)

    def tell(self, message: str) -> None:
        """Keep one sentence."""
        self.said.append(message)

    def begins(self, job: Job) -> None:
        """A visit begins."""

    def uses(self, browser: OpenBrowser) -> None:
        """A browser was chosen."""

    def established(self, result: Result) -> None:
        """A result stands; the run has it, too."""


def run_scheduled(
    ctx: click.Context, around: Surroundings, *, catch_up: bool, site: str | None
) -> ExitBit:
    """Check what is due, tell of what is found, and record that it happened.

    Returns:
        The exit status: the bits of what was looked at; whoever could not be told changes nothing.

    Raises:
        LedgerProblem: the ledger refused.
    """
    begun = begin(around.ledger, entry_name(around.home), _now(), catch_up=catch_up)
    if begun is None:
        return ExitBit.OK
    wishes = Wishes(command="schedule", may_change=False, mode=Mode.AUTOMATIC, site=site)
    nobody = Nobody()
    run = Run(wishes, around, nobody)
    bits, troubles = _visit(ctx, run, installed_flows(ctx))
    found = digest(around.ledger, run.results)
    bits |= exit_status(run.results) | found.exit_bit
    news = _news(begun, run, found, troubles)
    if news:
        _print(news, found, run, nobody.said)
    for problem in end(around.ledger, around.keyring, begun, news=news, exit_status=int(bits), now=_now):
        click.echo(f"optout: {problem}", err=True)
    return bits


def _visit(ctx: click.Context, run: Run, flows: Flows) -> tuple[ExitBit, tuple[str, ...]]:
    """Visit what is due.

    Returns:
        The bits of what stood in its way, and a sentence without names for each.
    """
    ledger = run.around.ledger
    accounts = [listed.account for listed in list_accounts(ledger)]
    bits, troubles = ExitBit.OK, []
    strangers = [each for each in accounts if known_platform(flows, each.platform) is None]
    if strangers:
        bits |= ExitBit.UNFORESEEN
        troubles.append(f"Left out, because no flow for their platform was found: {len(strangers)}.")
    try:
        jobs = due_now(ledger, flows, _now(), site=run.wishes.site).jobs if accounts else ()
        if locked := _locked_keyring(run, jobs):
            bits |= ExitBit.NEEDS_PERSON
            troubles.append(locked)
        if jobs:
            run_async(run.over(jobs))
    except (OptoutError, OSError) as error:
        # Said here in full; a message that leaves the machine gets no more than the fact.
        bits |= complain(ctx, error)
        troubles.append("The run ended before everything was looked at.")
    if failed := sum(result.outcome is Outcome.FAILED for result in run.results):
        troubles.append(f"Ended in a way that nobody foresaw, or could not be kept: {failed}.")
    return bits, tuple(troubles)


def _locked_keyring(run: Run, jobs: Sequence[Job]) -> str:
    """Says that the keyring is needed and cannot be opened; empty where that is not so."""
    around = run.around
    if not any(_needs_keyring(run, job) for job in jobs):
        return ""
    usable = around.keyring.check()
    if not isinstance(usable, NotUsable):
        return ""
    return (
        f"The keyring could not be used: {usable.reason}. What is kept with its help was not available. "
        "Unlock it by signing in to the desktop; without a desktop see docs/server.md."
    )


def _needs_keyring(run: Run, job: Job) -> bool:
    listed = find_account(run.around.ledger, job.account)
    if listed and SecretKind.KEYRING in (listed.password.kind, listed.totp.kind):
        return True
    return not os.environ.get(COMMAND) and plan(job, run.wishes, run.around).kept is not None


def _news(begun: Begun, run: Run, found: Digest, troubles: tuple[str, ...]) -> News:
    return News(
        run=run.id or begun.label,
        at=begun.at,
        looked=found.looked,
        counts=found.counts,
        missed=begun.missed,
        cut_short=begun.cut_short,
        troubles=troubles,
        practice=any(result.practice for result in run.results),
    )


def _print(news: News, found: Digest, run: Run, said: Sequence[str]) -> None:
    """What a person reads in cron's mail or in the journal of their own machine: names, too."""
    click.echo(f"{news.title}\n\n{news.text}")
    for sentence in said:
        click.echo(sentence, err=True)
    for drift in found.alarms:
        click.echo(f"\n{drift_text(drift, run.around.home.evidence)}")
    told = {drift.found.target for drift in found.alarms}
    for result in run.results:
        if result.target not in told and result.exit_bit is not ExitBit.OK:
            click.echo(f"\n{result_text(result)}")


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
