"""Every flow under every condition of its practice site: one table, one test per row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from optout.authors.suite import circumstances, needs_no_fence, rows_of, serving
from optout.flow.discovery import discover
from optout.practice.expectations import found, table_of
from optout.practice.load import practice_site_of
from tests.flows.together import rows
from tests.visit.rehearsal import Rehearsal

if TYPE_CHECKING:
    from pathlib import Path

    from optout.practice.expectations import Expected, Mode
    from optout.visit.browser import OpenBrowser
    from tests.flows.together import Together

# LinkedIn has a table of its own: its practice site is older than the kit, and knows more.
FLOWS = {flow.name: flow for flow in discover() if flow.name != "linkedin"}
TABLES = {name: table_of(flow) for name, flow in FLOWS.items()}


Key = tuple[str, str, str]
KEYS: list[Key] = [
    (flow.name, row.condition, row.mode)
    for flow in FLOWS.values()
    for row in rows_of(practice_site_of(flow))
]


def _everyday(keys: list[Key]) -> list[Key]:
    """Every condition in every mode at one flow, taking turns; `make thorough` meets all with all."""
    whose: dict[tuple[str, str], list[Key]] = {}
    for key in keys:
        whose.setdefault(key[1:], []).append(key)
    return [met[turn % len(met)] for turn, met in enumerate(whose.values())]


EVERYDAY = _everyday(KEYS)


@pytest.mark.parametrize(
    ("name", "row", "mode"),
    [
        *rows("flows", EVERYDAY),
        *rows("flows", [key for key in KEYS if key not in EVERYDAY], thorough=True),
    ],
)
async def test_a_visit_says_what_is_there(  # noqa: PLR0917 - pytest's own
    name: str,
    row: str,
    mode: Mode,
    together: Together,
    fenced_browser: OpenBrowser,
    free_browser: OpenBrowser,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> None:
    async def visit(name: str, row: str, mode: str) -> tuple[Expected, str]:
        browser = free_browser if needs_no_fence(FLOWS[name]) else fenced_browser
        return await _visited(browser, tmp_path_factory.mktemp("visit"), name, row, mode)

    said, told = await together.answer(request, visit)
    assert said == TABLES[name][row].by(mode), told


async def _visited(
    browser: OpenBrowser, folder: Path, name: str, row: str, mode: str
) -> tuple[Expected, str]:
    flow = FLOWS[name]
    async with serving(practice_site_of(flow, slow_seconds=1.0)) as server:
        rehearsal = Rehearsal(server, browser, folder, made_up=flow)
        account = rehearsal.add(*filter(None, [row]))
        facts = circumstances(flow, row, server, account, browser)
        result = await rehearsal.visit(account, may_change=mode == "run", **facts)
    return found(result, account.counters), f"{result.reason} | {result.notes} | {result.evidence}"


@pytest.mark.parametrize("name", FLOWS)
def test_every_condition_has_its_expectation(name: str) -> None:
    known = {condition.name for condition in practice_site_of(FLOWS[name]).conditions}
    assert known <= set(TABLES[name])
