"""Flows and the catalogue as one list: what is known, what optout does there, and finding it."""

from __future__ import annotations

import pytest

from optout.campaign.platforms import (
    Way,
    all_platforms,
    find_platform,
    known_platform,
    repeated,
    search,
)
from optout.catalogue.entry import Beside, Confidence, Entry, Kind, Setting
from optout.errors import UsageProblem
from optout.flow.discovery import Flows, discover
from tests.workshop.flow import Workshop

FLOWS = discover()
NONE = Flows({})
KNOWN = all_platforms(FLOWS)


def found(*words: str) -> set[str]:
    return {platform.name for platform in search(KNOWN.values(), words)}


def test_every_flow_and_every_file_is_one_platform() -> None:
    assert FLOWS.flows.keys() < KNOWN.keys()
    assert {"slack", "cursor", "zoom"} < KNOWN.keys()


def test_a_flow_says_its_own_settings_and_the_catalogue_adds_to_them() -> None:
    linkedin = KNOWN["linkedin"]
    flow = FLOWS.flows["linkedin"]
    first = linkedin.settings[0]
    assert (linkedin.title, linkedin.terms) == (flow.title, flow.terms)
    assert (first.title, first.sources) == (flow.settings[0].title, flow.settings[0].sources)
    assert first.url == f"{flow.origin}{flow.settings[0].places[0]}"
    assert first.confidence is Confidence.HIGH  # from the catalogue
    assert linkedin.setting("objection")


@pytest.mark.parametrize(
    ("target", "way"),
    [
        ("linkedin/ai-training", Way.WITH_YOU),
        ("linkedin/objection", Way.WITH_YOU),
        ("linkedin/cookies", Way.STEPS),
        ("slack/global-models", Way.LETTER),
        ("cursor/privacy-mode", Way.STEPS),
        ("quora/ai-training", Way.STEPS),
        ("zoom/ai-training", Way.NOTHING),
    ],
)
def test_what_optout_does_about_a_setting_is_told_from_who_knows_it(target: str, way: Way) -> None:
    platform, _, name = target.partition("/")
    setting = KNOWN[platform].setting(name)
    assert setting
    assert KNOWN[platform].way(setting) is way


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("slack",), {"slack"}),
        (("GLOBAL", "Models"), {"slack", "salesforce"}),
        (("writes", "letter", "voice"), {"elevenlabs"}),
        (("desktop", "writes the letter"), set()),
        (("Améliorer le modèle",), {"chatgpt"}),
        (("AMÉLIORER",), {"chatgpt"}),
        (("no-such-word",), set()),
    ],
)
def test_every_word_must_be_said_somewhere(words: tuple[str, ...], names: set[str]) -> None:
    assert found(*words) == names


def test_without_words_everything_is_found() -> None:
    assert found() == KNOWN.keys()


def test_a_platform_without_flow_is_known_by_its_file() -> None:
    slack = known_platform(NONE, "slack")
    assert slack
    assert (slack.flow, slack.title) == (None, "Slack")


def test_an_unknown_platform_is_met_with_the_nearest_of_all() -> None:
    with pytest.raises(UsageProblem, match="Did you mean slack") as caught:
        find_platform(FLOWS, "slak")
    assert caught.value.what == 'there is no platform "slak"'


def test_what_a_file_repeats_of_a_flow_is_found() -> None:
    again = Setting(name="switch", title="x", kind=Kind.BROWSER, sources=("x",))
    own = next(setting.name for setting in Workshop.settings)
    entry = Entry(
        title="Workshop",
        settings=(again, Setting(name=own, title="x", kind=Kind.BROWSER, sources=("x",))),
        beside={own: Beside(), "gone": Beside()},
    )
    said = repeated(entry, Workshop())
    assert {"title", own, "beside.gone"} <= set(said)
    assert f"beside.{own}" not in said
