"""`optout flow check`: is this flow right, as far as its own practice site can tell?"""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from optout.authors.lint import advice_on, before_running, wrong_with
from optout.authors.suite import Answer, conform, rows_of
from optout.cli.accepting import ask, shown
from optout.cli.loop import run_async
from optout.cli.options import json_option
from optout.errors import UsageProblem
from optout.flow.discovery import flow_in, ours_at
from optout.flow.folder import FlowFolder
from optout.flow.trust import TrustBook
from optout.home import Home
from optout.model import ExitBit
from optout.practice.load import practice_site_of
from optout.report.machine import as_json as to_json

if TYPE_CHECKING:
    from optout.flow import Flow
    from optout.practice.expectations import Expected


@dataclass
class _Report:
    """What the check has found so far.

    Attributes:
        problems: what is wrong, one sentence each.
        advice: what could be better.
        visits: how many there are to make.
        answers: those that were made.
    """

    problems: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)
    visits: int = 0
    answers: list[Answer] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong, and every visit went as it must."""
        made = len(self.answers) == self.visits and all(each.as_expected for each in self.answers)
        return made and not self.problems


@click.command(
    epilog="""\b
Examples:
  optout flow check aurora
  optout flow check aurora --condition plain --condition save-403
  optout flow check my-flows/aurora --yes --json"""
)
@click.argument("path", type=click.Path(path_type=Path, file_okay=False))
@click.option("--yes", is_flag=True, help="Run its code without being asked; what runs is shown.")
@click.option(
    "--condition",
    "conditions",
    multiple=True,
    metavar="NAME",
    help="Only this condition of the practice site; `plain` is the one without any.",
)
@json_option
@click.pass_context
def check(
    ctx: click.Context, *, path: Path, yes: bool, conditions: tuple[str, ...], as_json: bool
) -> None:
    """Look a flow over, and prove it on its own practice site.

    PATH is the flow's folder. First its facts and its source are read: anchors, labels, polarity,
    sources, dates, length, and whether it does more than state facts. Then a browser visits its practice
    site under every condition, and what the visits say is compared with what they must say.

    Exit status: 0 when all of it is right, 1 when something is not.
    """
    found = FlowFolder.at(path) if path.is_dir() else _no_flow(path)
    report = _Report(before_running(found))
    # What a flow prints must not end up in the data on stdout.
    with contextlib.redirect_stdout(sys.stderr):
        flow = None if report.problems else _allowed(found, yes=yes, report=report)
        if flow:
            report.problems += wrong_with(flow, found)
            report.advice += advice_on(flow, found) if not report.problems else []
    if not as_json:
        _tell_facts(report)
    if flow and not report.problems:
        _prove(flow, report, conditions, as_json=as_json)
    if as_json:
        click.echo(to_json(_as_object(found, report)))
    elif flow and report.problems:
        click.echo("The practice site is visited once this is right.", err=True)
    ctx.exit(int(ExitBit.OK if report.passed else ExitBit.UNFORESEEN))


def _no_flow(path: Path) -> FlowFolder:
    raise UsageProblem(
        f"{path} is no folder",
        expected="a flow's folder, with flow.py in it",
        next_step="Begin one: optout flow new",
    )


def _allowed(found: FlowFolder, *, yes: bool, report: _Report) -> Flow | None:
    """The flow, if its code is ours or may run for this check."""
    if ours := ours_at(found.folder):
        return ours
    entry = TrustBook.of(Home.of_user()).entry(found)
    if entry is None or entry.digest != found.digest:
        click.echo(shown(found, entry), err=True)
        if not ask("Run its code for this check?", yes=yes, instead="--yes"):
            report.problems.append("its code may not run, so nothing more is known")
            return None
    try:
        return flow_in(found)
    # Its author is told whatever it raises, which may be anything at all.
    except (Exception, SystemExit) as error:  # noqa: BLE001
        report.problems.append(f"it cannot be loaded: {type(error).__name__}: {error}")
        return None


def _tell_facts(report: _Report) -> None:
    for problem in report.problems:
        click.echo(f"✗ {problem}")
    for each in report.advice:
        click.echo(f"– {each}")
    if not report.problems:
        click.echo("✓ facts and source")


def _prove(flow: Flow, report: _Report, conditions: tuple[str, ...], *, as_json: bool) -> None:
    rows = rows_of(practice_site_of(flow), conditions)
    report.visits = len(rows)
    folder = Path(tempfile.mkdtemp(prefix="optout-flow-check-"))

    def on_answer(answer: Answer) -> None:
        report.answers.append(answer)
        if not as_json:
            _tell(answer, f"[{len(report.answers)}/{len(rows)}] ")

    try:
        run_async(conform(flow, rows, folder=folder, tell=_say, on_answer=on_answer))
    finally:
        # Pictures are for finding out what went wrong.
        if report.passed:
            shutil.rmtree(folder)
    good = sum(answer.as_expected for answer in report.answers)
    _say(f"{good} of {len(rows)} visits said what they must.")


def _tell(answer: Answer, counted: str) -> None:
    watched = counted if sys.stdout.isatty() else ""
    if answer.as_expected:
        click.echo(f"{watched}✓ {answer.row}: {_words(answer.found)}")
        return
    click.echo(f"{watched}✗ {answer.row}")
    expected, was = _facts(answer.expected), _facts(answer.found)
    for what in expected:
        if expected[what] != was[what]:
            click.echo(f"    {what}: expected {_value(expected[what])}, found {_value(was[what])}")
    click.echo(f"    it said: {answer.reason or 'nothing more'}")
    if answer.evidence:
        click.echo(f"    pictures: {answer.evidence}")


def _say(message: str) -> None:
    click.echo(message, err=True)


def _words(found: Expected) -> str:
    return f"{found.outcome}{f' ({found.why})' if found.why else ''}"


def _value(value: object) -> str:
    shown_as = ", ".join(value) if isinstance(value, list) else str("" if value is None else value)
    return shown_as or "none"


def _facts(expected: Expected) -> dict[str, Any]:
    facts = asdict(expected) | {"pictures": sorted(expected.pictures), "exit": int(expected.exit)}
    del facts["check"]
    return facts


def _as_object(found: FlowFolder, report: _Report) -> dict[str, Any]:
    return {
        "flow": str(found.folder),
        "sha256": found.digest,
        "passed": report.passed,
        "problems": report.problems,
        "advice": report.advice,
        "visits": [
            {
                "condition": answer.row.condition or "plain",
                "mode": answer.row.mode,
                "as_expected": answer.as_expected,
                "expected": _facts(answer.expected),
                "found": _facts(answer.found),
                "reason": answer.reason,
                "evidence": str(answer.evidence) if answer.evidence else None,
            }
            for answer in report.answers
        ],
    }
