"""What every flow keeps to, ours and anybody's: found, sound, confined, and with a practice site."""

from __future__ import annotations

import ast
import importlib.resources
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from optout.flow.confinement import transgressions
from optout.flow.contract import problems
from optout.flow.discovery import discover
from optout.practice.kit.conditions import missing_conditions
from optout.practice.load import practice_site_of
from optout.practice.server import serve
from optout.practice.switchboard import Switchboard

if TYPE_CHECKING:
    from playwright.async_api import Page

    from optout.flow import Flow

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(file.parent for file in (ROOT / "flows").glob("*/flow.py"))
SOURCES = [file for folder in FOLDERS for file in sorted(folder.glob("*.py"))]
FLOWS = list(discover())
EACH = pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)


def test_every_folder_is_a_flow_of_that_name_and_nothing_is_broken() -> None:
    found = discover()
    assert {folder.name.replace("_", "-") for folder in FOLDERS} <= set(found.flows)
    assert found.broken == ()


@EACH
def test_a_flow_keeps_the_contract(flow: Flow) -> None:
    assert problems(flow) == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_a_flow_does_nothing_but_state_facts(source: Path) -> None:
    assert transgressions(source.read_text(), source.parent.name) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("import os", "imports os"),
        ("import json, socket", "imports socket"),
        ("import urllib.request", "imports urllib.request"),
        ("from playwright.async_api import Page", "imports from playwright.async_api"),
        ("from optout.accounts.secret import Secret", "imports from optout.accounts.secret"),
        ("from optout.visit.tab import Tab", "imports from optout.visit.tab"),
        ("from .. import other", "imports from .."),
        ("from ..other.flow import Other", "imports from ..other.flow"),
        ("from optout_flows.other.flow import Other", "imports from optout_flows.other.flow"),
        ("from .practice.site import site", "imports from .practice.site"),
        ("from optout_flows.exemplar.practice import site", "imports from optout_flows.exemplar"),
        ("open('x', 'w')", "names open"),
        ("f = open", "names open"),
        ("eval('1')", "names eval"),
        ("__import__('os')", "names __import__"),
        ("getattr(x, 'y')", "names getattr"),
        ("().__class__.__base__", "reaches for __class__"),
        ("class A:\n  def b(self):\n    import subprocess", "imports subprocess"),
    ],
)
def test_what_a_flow_may_not_do_is_found(line: str, found: str) -> None:
    assert any(found in each for each in transgressions(line, "exemplar"))


def test_what_a_flow_needs_is_not_forbidden() -> None:
    lines = (
        "import re\nfrom json import loads\nfrom optout.flow import Flow\nfrom .labels import ON\n"
        "from optout_flows.exemplar.scenes import SCENES"
    )
    assert transgressions(lines, "exemplar") == []


def test_nothing_in_the_product_imports_a_flow() -> None:
    package = importlib.resources.files("optout")
    importing = [
        f"{file}: {name}"
        for file in sorted(Path(str(package)).rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text()))
        for name in _imported(node)
        if name.startswith("optout_flows")
    ]
    assert importing == []


@EACH
def test_its_practice_site_knows_every_condition_that_its_facts_ask_for(flow: Flow) -> None:
    site = practice_site_of(flow)
    assert site.platform == flow.name
    assert missing_conditions(flow, site) == []


@pytest.mark.parametrize("forgotten", ["save-500", "credentials-refused", "key-renamed"])
def test_a_condition_that_was_forgotten_is_found(forgotten: str) -> None:
    flow = discover().flows["linkedin"]
    site = practice_site_of(flow)
    left = tuple(known for known in site.conditions if known.name != forgotten)
    site = replace(site, switchboard=Switchboard(left))
    assert missing_conditions(flow, site) == [forgotten]


@EACH
async def test_the_practice_site_has_the_form_the_flow_fills(flow: Flow, page: Page) -> None:
    form = flow.sign_in
    shown = [form.user] if form.proceed else [form.user, form.password]
    with serve(practice_site_of(flow)) as server:
        await page.goto(f"{server.origin}{form.path}")
        assert await page.locator("h1").first.is_visible()
        for selectors in filter(None, shown):
            assert await page.locator(", ".join(selectors)).first.is_visible()


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
