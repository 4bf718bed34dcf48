"""What strangers wrote never becomes a formula, and never hides."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optout.report.cells import guarded, visible

# The last row is what a well-known library for this lets through.
FORMULAS = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "|calc", "%0A", "=cmd|' /C calc'!A0"),
    *("＝1+1", "＋1", "－1", "＠A", "﹦1", "−1", "\u200b=1", "\ufeff=1", "\xa0=1"),
    *("\t=1+1", "\r=1+1", "\n=1", " =1+1", ";=1+1", "\0=1", '"=1', "a;=1", 'a; "=1'),
]
SIGNS = "=+-@|%＝＋－＠｜％"
# What may stand in front of a sign without taking its meaning away.
BEFORE = st.text('a;" \t\r\n\0\xa0\u200b\ufeff', max_size=5)


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_told_apart_by_an_apostrophe(text: str) -> None:
    assert all(not begins_formula(part) for part in guarded(text).split(";"))


@pytest.mark.parametrize("text", ["ada@example.org", "2026-11-22", "a=b; c", "Grüße, 東京 ✓", "", ";"])
def test_a_plain_text_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text


@pytest.mark.parametrize("text", ["\tname", "\rname", "\nname", "\0name"])
def test_a_text_that_begins_with_a_control_character_is_guarded_whatever_follows(text: str) -> None:
    assert guarded(text).startswith("'")


@given(BEFORE, st.sampled_from(SIGNS), st.text(max_size=8))
@settings(max_examples=150, deadline=None)
def test_no_cell_begins_a_formula_whichever_sign_divides_cells(
    before: str, sign: str, text: str
) -> None:
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL).writerow([guarded(f"{before}{sign}{text}"), "next"])
    for divider in ",;":
        for row in csv.reader(io.StringIO(file.getvalue(), newline=""), delimiter=divider):
            assert not any(begins_formula(cell) for cell in row), (divider, row)


@given(st.text(max_size=30))
@settings(max_examples=150, deadline=None)
def test_every_sign_of_a_text_is_shown_or_stood_in_for(text: str) -> None:
    shown = visible(text)
    assert len(shown) == len(text)
    assert {unicodedata.category(sign) for sign in shown}.isdisjoint({"Cc", "Cs", "Zl", "Zp"})
    shown.encode()


def test_a_mark_that_turns_the_direction_of_writing_is_shown() -> None:
    assert visible("ada\u202egro.elpmaxe@") == "ada\ufffdgro.elpmaxe@"


def begins_formula(cell: str) -> bool:
    """Whether a spreadsheet could take a cell for a formula, told in another way than the guard's."""
    left = cell.strip().strip('\ufeff\u200b \xa0"␀␉␊␍').strip()
    return unicodedata.normalize("NFKC", left[:1]).startswith(tuple("=+-@|%\u2212\t\r\n\0"))
