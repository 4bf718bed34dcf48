"""Bad files: each is named, with the field, what it must be, and what is there instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from optout.catalogue.entry import Confidence, Kind
from optout.catalogue.load import load_catalogue, load_entry
from optout.errors import CatalogueBroken
from optout.model import Reading

if TYPE_CHECKING:
    from pathlib import Path

SOUND = """
title = "Exemplar"
who = "members"

[[settings]]
name = "ai-training"
title = "Use of my examples"
kind = "letter"
default = "in"
retroactive = false
plans = ["Enterprise: excluded"]
sources = ["https://example.org/help"]
confidence = "medium-high"
last_verified = "2026-10"

[settings.letter]
to = "privacy@example.org"
subject = "Opt-out of {space}"
body = "I am {login}."
needs = [{ name = "space", what = "your space", example = "acme" }]
"""
# What is changed in the sound file, and what the error then says: field, expected, found.
BAD = {
    "no title": ('title = "Exemplar"', "", ("title", "a text", "nothing")),
    "no settings": (SOUND[SOUND.index("[[") :], "", ("settings", "at least one", "nothing")),
    "no source": ('sources = ["https://example.org/help"]', "", ("settings[0].sources", "a list")),
    "empty sources": ('["https://example.org/help"]', "[]", ("settings[0].sources", "a list", "[]")),
    "empty source": ('"https://example.org/help"', '" "', ("settings[0].sources[0]", "a text", "' '")),
    "kind": ('"letter"', '"post"', ("settings[0].kind", "browser, form, letter, guide, none", "'post'")),
    "kind of another": ('kind = "letter"', 'kind = "form"', ("settings[0].letter", "is letter", "form")),
    "unknown field": ("retroactive", "retroactiv", ("settings[0].retroactiv", "retroactive")),
    "strange field": ("plans", "xyz", ("settings[0].xyz", "one of name, title", "nobody knows")),
    "text for yes": ("= false", '= "no"', ("settings[0].retroactive", "true or false", "'no'")),
    "number for text": ('"Exemplar"', "7", ("title", "a text", "7")),
    "text for list": ('["Enterprise: excluded"]', '"x"', ("settings[0].plans", "a list", "'x'")),
    "default": ('default = "in"', 'default = "managed"', ("settings[0].default", "in or out")),
    "no reading": ('default = "in"', 'default = "yes"', ("settings[0].default", "'yes'")),
    "sureness": ('"medium-high"', '"sure"', ("settings[0].confidence", "high, medium-high", "'sure'")),
    "date": ('"2026-10"', '"October"', ("settings[0].last_verified", "2026-10-02", "October")),
    "month": ('"2026-10"', '"2026-13"', ("settings[0].last_verified", "2026-13")),
    "name": ('"ai-training"', '"AI training"', ("settings[0].name", "target", "AI training")),
    "address": ("privacy@example.org", "privacy", ("settings[0].letter.to", "e-mail", "privacy")),
    "placeholder": ("{login}", "{password}", ("settings[0].letter.body", "login, space", "password")),
    "brace": ("{login}", "{login", ("settings[0].letter.body", "braces")),
    "no placeholder": ("{space}", "it", ("settings[0].letter.needs", "ask for", "space")),
    "two lines": ("Opt-out of", "Opt-out\\nof", ("settings[0].letter.subject", "one line")),
    "no need's text": (', example = "acme"', "", ("settings[0].letter.needs[0].example", "a text")),
    "no address": (
        'kind = "letter"',
        'url = "http://example.org"\nkind = "letter"',
        ("settings[0].url", "an https address", "http://example.org"),
    ),
    "same name": (
        "[settings.letter]",
        'instead = "x"\n[settings.letter]',
        ("settings[0].instead", "is none", "letter"),
    ),
    "a guide to nowhere": (
        SOUND[SOUND.index("kind") :],
        'kind = "guide"\nsources = ["x"]',
        ("settings[0].path", "to guide by"),
    ),
    "twice": (
        "[[settings]]",
        '[[settings]]\nname = "ai-training"\ntitle = "x"\nkind = "form"\nsources = ["x"]\n[[settings]]',
        ("settings[0].name", "no other setting", "ai-training"),
    ),
    "no TOML": ("[[settings]]", "[[settings]", ("it is not TOML", "line ")),
}


def write(folder: Path, text: str, name: str = "exemplar") -> Path:
    (folder / f"{name}.toml").write_text(text, "utf-8")
    return folder


def refused(folder: Path) -> CatalogueBroken:
    with pytest.raises(CatalogueBroken) as caught:
        load_catalogue(folder)
    return caught.value


def test_a_sound_file_is_read_as_it_is_written(tmp_path: Path) -> None:
    entry = load_entry("exemplar", write(tmp_path, SOUND))
    assert entry
    (setting,) = entry.settings
    assert (setting.kind, setting.confidence) == (Kind.LETTER, Confidence.MEDIUM_HIGH)
    assert (setting.default, setting.retroactive) == (Reading.IN, False)
    assert setting.letter
    assert [need.example for need in setting.letter.needs] == ["acme"]


def test_what_a_file_does_not_say_is_not_known(tmp_path: Path) -> None:
    entry = load_entry("exemplar", write(tmp_path, SOUND))
    assert entry
    (setting,) = entry.settings
    assert (setting.on_means, setting.url, setting.since, entry.terms) == (None, "", "", "")


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_field_is_named_with_what_it_must_be(tmp_path: Path, bad: str) -> None:
    old, new, said = BAD[bad]
    assert SOUND.count(old) >= 1
    error = refused(write(tmp_path, SOUND.replace(old, new, 1)))
    for part in ("exemplar.toml", *said):
        assert part in str(error), str(error)


def test_a_bad_file_name_is_named(tmp_path: Path) -> None:
    assert "Exemplar" in str(refused(write(tmp_path, SOUND, "Exemplar")))


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "exemplar.toml").write_bytes(b'title = "\xff"')
    assert "exemplar.toml: it is not TOML" in str(refused(tmp_path))


def test_beside_a_flow_there_is_room_for_what_it_does_not_say_only(tmp_path: Path) -> None:
    write(tmp_path, '[beside.ai-training]\ntitle = "x"')
    assert "beside.ai-training.title" in str(refused(tmp_path))


@pytest.mark.parametrize("name", ["", "..", "../catalogue/slack", "/etc/passwd", "slack.toml", "\0"])
def test_a_name_that_was_typed_never_becomes_a_path(name: str) -> None:
    assert load_entry(name) is None
