"""The catalogue as it is: every file sound, sourced, and apart from what flows say."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from optout.campaign.platforms import repeated
from optout.catalogue.entry import Kind
from optout.catalogue.load import catalogue_folder, catalogue_names, load_catalogue, load_entry
from optout.flow.discovery import discover

ROOT = Path(__file__).parents[2]
CATALOGUE = load_catalogue()
LETTERS = [
    f"{name}/{setting.name}"
    for name, entry in CATALOGUE.items()
    for setting in entry.settings
    if setting.letter
]


def test_the_catalogue_is_installed_with_every_file_that_is_here() -> None:
    here = sorted(file.stem for file in (ROOT / "catalogue").iterdir())
    assert list(catalogue_names()) == here
    assert {file.suffix for file in catalogue_folder().iterdir()} == {".toml"}


def test_at_least_sixty_platforms_have_a_source_each() -> None:
    sourced = [
        name
        for name, entry in CATALOGUE.items()
        if entry.settings and all(setting.sources for setting in entry.settings)
    ]
    assert len({*sourced, *discover().flows}) >= 60


def test_every_kind_of_setting_occurs() -> None:
    found = {setting.kind for entry in CATALOGUE.values() for setting in entry.settings}
    assert found == set(Kind)


def test_what_a_flow_says_is_not_said_again() -> None:
    twice = {
        f"catalogue/{name}.toml": said
        for name, flow in discover().flows.items()
        if (entry := load_entry(name)) and (said := repeated(entry, flow))
    }
    assert twice == {}, "take this out, or move what the flow does not say to [beside.NAME]"


def test_what_stands_beside_a_flow_has_that_flow() -> None:
    beside = {name for name, entry in CATALOGUE.items() if entry.beside}
    assert beside <= discover().flows.keys()


@pytest.mark.parametrize("place", LETTERS)
def test_a_letter_names_the_account_and_asks_for_an_answer(place: str) -> None:
    name, _, setting = place.partition("/")
    found = CATALOGUE[name].setting(setting)
    assert found
    assert found.letter
    assert "{login}" in found.letter.body
    assert "confirm to me" in found.letter.body


def test_the_page_of_platforms_says_what_the_data_say() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "platforms" / "make.py"))["page"]()
    written = (ROOT / "docs" / "platforms.md").read_text("utf-8")
    assert written == made, "make it anew: python docs/platforms/make.py"
