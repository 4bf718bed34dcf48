"""What the check says about a flow before any browser starts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from optout.authors.lint import KEYS, advice_on, before_running, wrong_with
from optout.authors.scaffold import begin
from optout.authors.suite import rows_of
from optout.errors import UsageProblem
from optout.flow.discovery import discover, flow_in
from optout.flow.folder import FlowFolder
from optout.page_scripts import script
from optout.practice.load import practice_site_of

EXPECTED = 'from optout.practice.expectations import DISAGREE\nEXPECTED = {"plainly": DISAGREE}'
OURS = [flow for flow in discover() if flow.name != "linkedin"]


@pytest.fixture
def aurora(tmp_path: Path) -> Path:
    """A flow as `optout flow new` writes it."""
    begin("aurora", tmp_path, ())
    return tmp_path / "aurora"


def change(folder: Path, old: str, new: str, file: str = "flow.py") -> FlowFolder:
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new))
    return FlowFolder.at(folder)


def wrong(found: FlowFolder) -> list[str]:
    return before_running(found) or wrong_with(flow_in(found), found)


def test_the_beginning_is_sound_and_says_that_it_is_made_up(aurora: Path) -> None:
    found = FlowFolder.at(aurora)
    assert wrong(found) == []
    assert advice_on(flow_in(found), found) == [
        "https://aurora.example is made up: put the platform's own facts in the place of these"
    ]


@pytest.mark.parametrize("flow", OURS, ids=lambda flow: flow.name)
def test_our_own_flows_are_sound(flow: object) -> None:
    folder = Path(__file__).parents[2] / "flows" / type(flow).__module__.split(".")[1]
    found = FlowFolder.at(folder)
    assert before_running(found) == []
    assert wrong_with(flow, found) == []  # type: ignore[arg-type]


WRONG = {
    "an import": (
        "import annotations\n",
        "import annotations\nimport os\n",
        "line 4: imports os",
    ),
    "no Python": ("class Aurora(Flow):", "class Aurora(Flow", "is no Python"),
    "an origin that is computed": ('"https://aurora.example"', '"https://" + "x.example"', "write out"),
    "the contract": ('version = "2026', 'version = "today 2026', "must be an ISO date"),
    "another folder": ('name = "aurora"', 'name = "borealis"', "the folder is called aurora"),
    "a practice site elsewhere": ('".practice.site:site"', '"acme.site:site"', "a module beside it"),
    "one anchor": ('section=Labels("Your texts"),', "", "at least two of labels, keys and section"),
    "an empty label": ('"Use my texts for training"', '" "', "a label has no words"),
    "no language": ('Wording("en"', 'Wording("English"', "'English' is no language tag"),
    "no dates": ('seen="2024-03/2025-01"', 'seen="last year"', "must be dates"),
    "a destructive label": ('"Use my texts for training"', '"Delete my texts"', "is never pressed"),
    "a key nobody sees": ("on_means=", 'keys=(("class", "x"),), on_means=', "the attribute class"),
    "one word for both": (
        "on_means=",
        'in_words=Labels("On"), out_words=Labels("on"), on_means=',
        "“on” cannot stand for both",
    ),
    "the future": ('last_verified="2026', 'last_verified="2999', "is in the future"),
    "another place": ('("/settings/privacy",)', '("/a", "/b")', "the condition first-place-gone"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_is_said(aurora: Path, kind: str) -> None:
    old, new, sentence = WRONG[kind]
    said = wrong(change(aurora, old, new))
    assert any(sentence in each for each in said), said


def test_a_flow_that_is_far_too_long_is_no_fact_sheet(aurora: Path) -> None:
    with (aurora / "flow.py").open("a") as file:
        file.write("#\n" * 400)
    assert any("nobody reads it as a fact sheet" in each for each in wrong(FlowFolder.at(aurora)))


def test_a_practice_site_without_its_facts_is_named(aurora: Path) -> None:
    found = change(aurora, "PLATFORM", "FACTS", "practice/site.py")
    assert any("a PLATFORM in its module" in each for each in wrong(found))


def test_a_practice_site_that_raises_is_named(aurora: Path) -> None:
    found = change(aurora, "PLATFORM = ", "1 / 0\nPLATFORM = ", "practice/site.py")
    assert wrong(found) == ["the practice site cannot be made: ZeroDivisionError: division by zero"]


def test_where_it_differs_from_most_is_told(aurora: Path) -> None:
    found = change(aurora, "\n\ndef site(", f"{EXPECTED}\n\ndef site(", "practice/site.py")
    assert "practice: plainly ends otherwise than in most flows" in advice_on(flow_in(found), found)


def test_the_keys_are_those_that_a_visit_looks_at() -> None:
    assert f"const KEYS = {list(KEYS)}" in script("survey")


def test_only_what_is_asked_for_is_visited(aurora: Path) -> None:
    site = practice_site_of(flow_in(FlowFolder.at(aurora)))
    rows = rows_of(site, ("plain", "save-403"))
    assert [str(row) for row in rows] == ["plain", "plain (check)", "save-403"]
    with pytest.raises(UsageProblem, match="no condition 'nonsense'"):
        rows_of(site, ("nonsense",))


@pytest.mark.parametrize("name", ["Aurora", "aurora_mail", "-x", "1984", "a" * 41, "au--rora", "../x"])
def test_a_name_that_cannot_be_one_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageProblem, match="cannot be the name"):
        begin(name, tmp_path, ())
    assert list(tmp_path.iterdir()) == []


def test_a_beginning_replaces_nothing(aurora: Path) -> None:
    with pytest.raises(UsageProblem, match="there already"):
        begin("aurora", aurora.parent, ())
    with pytest.raises(UsageProblem, match="there is a flow for aurora already"):
        begin("aurora", aurora.parent / "elsewhere", ("aurora",))
    shutil.rmtree(aurora)


def test_a_name_of_two_words_is_a_class_of_two(tmp_path: Path) -> None:
    files = begin("aurora-mail", tmp_path, ())
    assert files[0] == tmp_path / "aurora_mail" / "flow.py"
    found = FlowFolder.at(tmp_path / "aurora_mail")
    assert type(flow_in(found)).__name__ == "AuroraMail"
    assert wrong(found) == []
