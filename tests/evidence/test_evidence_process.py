"""The story in a bundle: true for each outcome, short, and deaf to what pages and people put into it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optout.accounts.pseudonyms import Pseudonyms
from optout.evidence.process import code, process_of, said
from optout.evidence.record import Record
from optout.evidence.step import Connection, Step
from optout.evidence.texts import texts_of
from optout.evidence.versions import source_digest
from optout.flow import Flow
from optout.model import Account, Mode, Observation, Outcome, Reading, Target, Why
from tests.workshop.flow import AUTO, Workshop

AT = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
IN, OUT = (
    Observation(reading, label="Use it", path="/settings") for reading in (Reading.IN, Reading.OUT)
)
TLS = {"protocol": "TLS 1.3", "subject": "workshop.example", "issuer": "Some CA"}
ARRIVED = Connection(AT, "Sun, 22 Nov 2026 07:30:00 GMT", "workshop.example", "192.0.2.7:443", TLS)
HOSTILE = (
    *("..", "../../x", "a/b", "CON", "nul.txt", "a\0b", "x" * 300, "-rf", "\u202egro.elpmaxe"),
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[click](javascript:alert(1))"),
    *(
        "=1+1",
        "@SUM(1)",
        "{{ 7*7 }}",
        "{% raw %}",
        "`x`",
        "a | b",
        "# not a heading",
        "a\n\n# nor this",
        "half \ud83d",
    ),
)


def step(observation: Observation, picture: str, **facts: Any) -> Step:
    return Step(observation, AT, ARRIVED, seen_as="Ada Example", picture=picture, **facts)


def record(login: str = "ada.lovelace@example.org", **facts: Any) -> Record:
    """What a visit to the workshop found: nothing special unless told."""
    given: dict[str, Any] = {
        "target": Target(Account("workshop", login), "auto"),
        "flow": Workshop(),
        "setting": AUTO,
        "pseudonyms": Pseudonyms(b"k" * 32),
        "visit": "v1",
        "origin": "https://workshop.example",
        "practice": False,
        "mode": Mode.AUTOMATIC,
        "method": "tool",
        "outcome": Outcome.OPTED_OUT,
        "why": Why.NONE,
        "reason": "",
        "before": (step(IN, "before.png"),),
        "after": (step(OUT, "after.png"),),
        "pinned": "Ada Example",
        "writes": (("PUT", "/api/auto", 200),),
        "browser": "chromium 1",
        "started": AT,
        "ended": AT + timedelta(seconds=2),
        "elapsed_s": 2.0,
    }
    return Record(**{**given, **facts})


def story(**facts: Any) -> str:
    return process_of(record(**facts)).decode()


def test_a_change_is_told_with_who_made_it_what_was_sent_and_how_it_was_proven() -> None:
    text = story()
    assert "The setting was in. It was switched, and after a fresh load it was out." in text
    assert "The program operated the setting. The page sent `PUT /api/auto` (200)." in text
    assert "a GET of its own in a browser page of its own" in text
    assert "Nothing was changed" not in text


def test_a_visit_that_changed_nothing_says_so() -> None:
    text = story(outcome=Outcome.ALREADY_OUT, method="none", before=(step(OUT, "before.png"),), after=())
    assert "- Nothing was changed." in text
    assert "operated the setting." not in text


def test_what_could_not_be_pressed_is_not_told_as_operated() -> None:
    text = story(outcome=Outcome.STILL_IN, why=Why.COVERED, after=(), writes=())
    assert "The program was to operate the setting." in text


@pytest.mark.parametrize("outcome", [each for each in Outcome if each is not Outcome.CLAIMED])
@pytest.mark.parametrize("mode", [each for each in Mode if each is not Mode.BY_HAND])
def test_every_outcome_in_every_mode_has_its_sentences(outcome: Outcome, mode: Mode) -> None:
    assert "## Result\n\n" in story(outcome=outcome, mode=mode)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({}, "the same as at the account's first visit"),
        ({"pinned": ""}, "noted for later visits"),
        ({"why": Why.OTHER_PERSON}, "The page named somebody else"),
        ({"before": (), "after": ()}, "ended before it was known who is signed in"),
    ],
)
def test_it_says_how_it_was_known_who_is_signed_in(facts: dict[str, Any], sentence: str) -> None:
    assert sentence in story(**facts)


def test_where_no_page_names_anybody_the_persons_word_is_told_as_such() -> None:
    nameless = type("Nameless", (Workshop,), {"identity": ()})()
    assert "the person who was there vouched for it" in story(flow=nameless)


def test_practice_is_told_before_everything_else() -> None:
    assert story(practice=True).splitlines()[2].startswith("**Practice.**")


def test_a_mandate_stands_there_only_where_there_is_one() -> None:
    assert "mandate" not in record().as_json()
    assert record(mandate="letter of 3 May").as_json()["mandate"] == "letter of 3 May"
    assert "letter of 3 May" in story(mandate="letter of 3 May")


def test_the_connection_is_on_record_with_server_certificate_and_both_clocks() -> None:
    connection = record().as_json()["after"][0]["connection"]
    assert connection == {
        "arrived_at": "2026-11-22T07:30:00.000+00:00",
        "server_date": "Sun, 22 Nov 2026 07:30:00 GMT",
        "clock_ahead_s": 0,
        "server": "192.0.2.7:443",
        "tls": TLS,
    }


@pytest.mark.parametrize("date", ["", "yesterday", "Sun, 99 Nov 2026", "Sun, 22 Nov 2026 07:30:00"])
def test_a_server_that_names_no_time_leaves_the_difference_unsaid(date: str) -> None:
    assert "clock_ahead_s" not in Connection(AT, date).as_json()


def test_clocks_that_differ_by_minutes_are_noted() -> None:
    late = replace(ARRIVED, at=AT + timedelta(minutes=5))
    noted = record(after=(replace(step(OUT, "after.png"), connection=late),)).as_json()["notes"]
    assert noted == ["this computer's clock and the server's differ by 300 s"]
    assert record().as_json()["notes"] == []


def test_masks_are_on_record_with_how_many_elements_each_matched() -> None:
    assert record(masks={".photo": 2}).as_json()["masks"] == [{"rule": ".photo", "matched": 2}]


def test_a_picture_of_the_whole_page_is_told_as_such() -> None:
    assert "its heading and the line that names the account." in story()
    assert "photographed as a whole, because that was asked for" in story(whole_page=True)


def test_a_flow_without_a_file_has_no_digest() -> None:
    made = type("Made", (Workshop,), {"__module__": "builtins"})()
    assert isinstance(made, Flow)
    assert source_digest(made) == ""


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_and_page_texts_are_only_texts(text: str) -> None:
    strange = Observation(Reading.OUT, label=text, detail=text, path=f"/{text}", candidates=(text,))
    made = record(
        login=text,
        mandate=text,
        reason=text,
        notes=(text,),
        after=(replace(step(strange, "after.png"), seen_as=text),),
        writes=(("PUT", f"/{text}", 200),),
    )
    files = texts_of(made)
    assert json.loads(files["record.json"])["after"][0]["reading"] == "out"
    lines = files["PROCESS.md"].decode().splitlines()
    assert [line for line in lines if line.startswith("#")] == [
        line for line in story().splitlines() if line.startswith("#")
    ]
    # What is neither escaped nor within code is no markup.
    bare = [re.sub(r"`[^`]*`|\\.", "", line) for line in lines]
    assert not [line for line in bare if re.search(r"[<\[]|javascript:.*\)\]", line)]


@settings(max_examples=60)
@given(text=st.text(max_size=60))
def test_any_text_stays_in_its_line_and_its_cell(text: str) -> None:
    for made in (said(text), code(text)):
        assert made.isprintable()
        assert not re.search(r"(?<!\\)(\\\\)*\|", made)
    assert code(text).count("`") == 2
    assert not re.search(r"(?<!\\)(?:\\\\)*[<\[*_`]", said(text))
