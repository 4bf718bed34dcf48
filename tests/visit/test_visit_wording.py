"""Labels compared as people read them, not byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from optout.flow import Labels, Wording
from optout.flow.wording import plain

TITLE = Wording("fr", "Données pour l'amélioration de l'IA générative")


@pytest.mark.parametrize(
    "shown",
    [
        "Données pour l'amélioration de l'IA générative",
        "Données pour l\u2019amélioration de l\u2019IA générative",
        "Données pour l\u02bcamélioration de l\u02bcIA générative",
        "Donne\u0301es pour l'ame\u0301lioration de l'IA ge\u0301ne\u0301rative",
        "  Données\u00a0pour l'amélioration\n de\tl'IA\u202fgénérative ",
        "DONNÉES POUR L'AMÉLIORATION DE L'IA GÉNÉRATIVE",
        "Don\u00adnées pour l'amélio\u00adration de l'IA générative",
        "\u200eDonnées pour l'amélioration de l'IA générative\u200f\ufeff",
        "Données\u200b pour l'amélioration de l'IA générative",
    ],
)
def test_what_only_typography_sets_apart_is_one_label(shown: str) -> None:
    assert TITLE.matches(shown)


@pytest.mark.parametrize(
    "shown",
    [
        "",
        "Donnees pour l'amelioration de l'IA generative",
        "Données pour l'amélioration de l'IA",
        "Données pour l'amélioration de l'IA générative Activé",
        "Ne pas utiliser : Données pour l'amélioration de l'IA générative",
    ],
)
def test_what_people_see_as_different_is_different(shown: str) -> None:
    assert not TITLE.matches(shown)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("KI\u2011Modelle", "KI-Modelle"),
        ("KI\u2013Modelle", "KI-Modelle"),
        ("\u00abIA\u00bb", '"IA"'),
        ("\u201eKI\u201c", '"KI"'),
        ("STRASSE", "straße"),
        ("\ufb01ne", "fine"),
    ],
)
def test_other_marks_that_are_alike(one: str, other: str) -> None:
    assert plain(one) == plain(other)


@given(some.text())
def test_plain_text_is_plain_already(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("part", "shown", "matches"),
    [
        ("whole", "one two", True),
        ("whole", "one two three", False),
        ("start", "One two three", True),
        ("start", "zero one two", False),
        ("end", "zero one two", True),
        ("end", "one two three", False),
        ("within", "zero one two three", True),
        ("within", "one, two", False),
    ],
)
def test_a_wording_may_be_part_of_what_is_shown(part: str, shown: str, matches: bool) -> None:
    wording = Wording("en", "one two", part=part)  # type: ignore[arg-type]
    assert wording.matches(shown) is matches


def test_labels_give_the_wording_that_fits_whatever_its_language() -> None:
    labels = Labels(Wording("en", "On"), Wording("de", "Ein"))
    assert labels.match("EIN") == Wording("de", "Ein")
    assert labels.match("Aus") is None


@pytest.mark.parametrize(
    ("language", "knows"),
    [
        *(("pt-BR", True), ("pt", True), ("PT-br", True), ("pt-PT", True)),
        *(("en", True), ("en-GB", True), ("de", False), ("p", False), ("", False), ("-", False)),
    ],
)
def test_a_language_is_known_by_its_main_part(language: str, knows: bool) -> None:
    assert Labels(Wording("pt-BR", "Sim"), Wording("en", "Yes")).knows(language) is knows


def test_no_labels_know_no_language() -> None:
    assert not Labels()
    assert not Labels().knows("en")


@given(some.text(alphabet=some.characters(max_codepoint=127)))
def test_text_of_plain_letters_is_compared_as_all_text_is(text: str) -> None:
    assert plain(text) == plain(f"{text}\u200b")
