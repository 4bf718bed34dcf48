"""Reports over many targets: totals add up, and every format says the same."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import shutil
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optout.ledger.coverage import histories, practice_histories
from optout.model import Account, Outcome, Reading, Why
from optout.report import as_html, as_xlsx
from optout.report.coverage import Report, Summary, gathered
from optout.report.formats import FORMATS
from optout.report.lines import COLUMNS, Line
from optout.report.standing import Standing
from optout.report.words import REASONS, STANDINGS
from tests.report.book import START, Book
from tests.report.test_report_cells import FORMULAS, begins_formula

if TYPE_CHECKING:
    from collections.abc import Iterator

USUAL = {"exemplar": "ai-training"}


@contextlib.contextmanager
def reported(book: Book, *, practice: bool = False) -> Iterator[Report]:
    found = practice_histories(book.ledger) if practice else histories(book.ledger, usual=USUAL)
    with gathered(found, book.home.evidence, made_at=START, practice=practice) as report:
        yield report


def lines(book: Book, *, practice: bool = False) -> list[Line]:
    with reported(book, practice=practice) as report:
        return list(report.lines())


def written(report: Report, name: str) -> bytes:
    out = io.BytesIO()
    FORMATS[name](report, out)
    return out.getvalue()


def sheets(workbook: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    return {sheet.title: [tuple(row) for row in sheet.values] for sheet in book.worksheets}


def test_every_listed_account_is_counted_looked_at_or_not(book: Book) -> None:
    for login in ("ada@example.org", "bob@example.org"):
        book.account(login)
    book.look(Outcome.OPTED_OUT)
    assert [(line.account, line.standing) for line in lines(book)] == [
        ("ada@example.org", Standing.PROVEN_OUT),
        ("bob@example.org", Standing.NEVER_LOOKED),
    ]


def test_another_setting_that_was_looked_at_has_all_accounts_as_its_population(book: Book) -> None:
    for login in ("ada@example.org", "bob@example.org"):
        book.account(login)
    book.look(Outcome.OPTED_OUT, setting="ads")
    with reported(book) as report:
        settings_ = {key: counts.total() for key, counts in report.summary.settings.items()}
    assert settings_ == {("exemplar", "ads"): 2, ("exemplar", "ai-training"): 2}


def test_a_platform_nobody_knows_settings_of_is_counted_all_the_same(book: Book) -> None:
    book.account("ada", platform="elsewhere")
    assert [(line.platform, line.setting) for line in lines(book)] == [("elsewhere", "")]


def test_an_account_taken_off_the_list_is_no_part_of_the_population(book: Book) -> None:
    book.look(Outcome.OPTED_OUT, account=Account("exemplar", "gone@example.org"))
    assert lines(book) == []


def test_a_proof_is_named_with_its_date_its_bundle_and_its_digest(book: Book) -> None:
    book.account("ada@example.org")
    result = book.look(Outcome.OPTED_OUT)
    (line,) = lines(book)
    assert result.evidence is not None
    assert (line.proven, line.proof_digest) == (result.at.isoformat(), result.evidence_digest)
    assert book.home.evidence / line.proof_bundle == result.evidence


def test_a_bundle_that_is_gone_proves_nothing_any_more(book: Book) -> None:
    book.account("ada@example.org")
    result = book.look(Outcome.OPTED_OUT)
    assert result.evidence is not None
    shutil.rmtree(result.evidence)
    (line,) = lines(book)
    assert (line.standing, line.evidence) == (Standing.NO_EVIDENCE, "missing")
    assert "optout check exemplar/ai-training:ada@example.org" in line.next


def test_a_bundle_with_another_manifest_than_was_recorded_proves_nothing(book: Book) -> None:
    book.account("ada@example.org")
    result = book.look(Outcome.OPTED_OUT)
    assert result.evidence is not None
    (result.evidence / "manifest.sha256").write_text("another\n")
    (line,) = lines(book)
    assert (line.standing, line.evidence) == (Standing.NO_EVIDENCE, "changed")


def test_a_reason_stands_in_plain_words_beside_its_code_and_what_to_do(book: Book) -> None:
    book.account("ada@example.org")
    book.look(Outcome.NEEDS_PERSON, why=Why.CAPTCHA, reason="sign-in: …", next_step="Continue with: …")
    (line,) = lines(book)
    assert (line.why, line.reason) == ("captcha", REASONS[Why.CAPTCHA])
    assert (line.details, line.next) == ("sign-in: …", "Continue with: …")


def test_practice_visits_never_count_for_the_platform(book: Book) -> None:
    book.account("ada@example.org")
    book.look(Outcome.OPTED_OUT, practice=True)
    assert [line.standing for line in lines(book)] == [Standing.NEVER_LOOKED]
    assert [(line.standing, line.practice) for line in lines(book, practice=True)] == [
        (Standing.PROVEN_OUT, "PRACTICE")
    ]


def test_a_login_that_a_shell_would_run_is_quoted_in_what_to_do(book: Book) -> None:
    book.account("$(reboot)@example.org")
    (line,) = lines(book)
    assert line.next == "Look at it with: optout check 'exemplar:$(reboot)@example.org'"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b"]),
            st.sampled_from(["x", "y"]),
            st.sampled_from(Standing),
            st.sampled_from(["", "sales", "press"]),
        )
    )
)
@settings(max_examples=100, deadline=None)
def test_totals_add_up_however_they_are_cut(rows: list[tuple[str, str, Standing, str]]) -> None:
    summary = Summary()
    for platform, setting, standing, group in rows:
        summary.add(Line(platform, setting, account="a", group=group, standing=standing, in_words=""))
    if any(row[3] for row in rows):
        assert sum(counts.total() for *_, counts in summary.by_group) == len(rows)
    assert summary.population == len(rows) == summary.totals.total() == summary.reasons.total()
    assert sum(counts.total() for counts in summary.settings.values()) == len(rows)
    for standing in Standing:
        assert summary.totals[standing] == sum(row[2] is standing for row in rows)


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"), st.sampled_from(["ai-training", "ads"]), st.sampled_from(Outcome)
        ),
        max_size=8,
    )
)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_totals_add_up_to_the_list_of_accounts_whatever_was_seen(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, Outcome]]
) -> None:
    from optout.home import Home  # noqa: PLC0415
    from optout.ledger.open import open_ledger  # noqa: PLC0415

    home = Home.at(tmp_path_factory.mktemp("home"))
    with open_ledger(home, f"sqlite:///{home.ledger}") as ledger:
        book = Book(ledger, home)
        for login in "abc":
            book.account(login)
        for login, setting, outcome in rows:
            book.look(outcome, account=Account("exemplar", login), setting=setting)
        with reported(book) as report:
            looked_at = {setting for _, setting, _ in rows} | {"ai-training"}
            assert report.summary.population == 3 * len(looked_at) == sum(1 for _ in report.lines())


@pytest.fixture
def hostile(book: Book) -> Book:
    """A ledger in which every text that a stranger can choose is a formula."""
    for text in FORMULAS:
        account = book.account(text)
        book.look(Outcome.STILL_IN, account=account, why=Why.COVERED, reason=text, next_step=text)
    return book


def test_csv_holds_every_line_and_no_formula(hostile: Book) -> None:
    with reported(hostile) as report:
        text = written(report, "csv").decode()
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    assert head == list(COLUMNS)
    assert len(rows) == len(FORMULAS)
    assert not [cell for row in rows for cell in row if begins_formula(cell)]
    assert {tuple(map(len, map(str, row[:2]))) for row in rows} == {
        (len("exemplar"), len("ai-training"))
    }


def test_every_cell_of_a_workbook_is_a_text_and_no_formula(hostile: Book) -> None:
    with reported(hostile) as report:
        book = openpyxl.load_workbook(io.BytesIO(written(report, "xlsx")))
    cells = [cell for row in book["Targets"].iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell.value for cell in cells if begins_formula(str(cell.value))]
    assert book["Targets"].max_row == len(FORMULAS) + 1


def test_all_formats_say_the_same(book: Book) -> None:
    for login in ("ada@example.org", "grüße@example.org"):
        book.account(login)
    book.look(Outcome.OPTED_OUT)
    with reported(book) as report:
        said = [line._asdict() for line in report.lines()]
        table = csv.DictReader(io.StringIO(written(report, "csv").decode(), newline=""))
        data = json.loads(written(report, "json"))
        workbook = sheets(written(report, "xlsx"))
    assert list(table) == said
    assert data["targets"] == said
    _, *rows = workbook["Targets"]
    assert [[cell or "" for cell in row] for row in rows] == [list(line.values()) for line in said]


def test_the_totals_of_json_and_workbook_add_up_to_the_lines(book: Book) -> None:
    for login in ("ada@example.org", "bob@example.org", "eve@example.org"):
        book.account(login)
    book.look(Outcome.OPTED_OUT)
    with reported(book) as report:
        data, workbook = json.loads(written(report, "json")), sheets(written(report, "xlsx"))
    assert data["population"] == sum(data["totals"].values()) == len(data["targets"]) == 3
    head, exemplar, total = workbook["Coverage"][1:4]
    assert head[3:] == (STANDINGS[Standing.PROVEN_OUT], STANDINGS[Standing.NEVER_LOOKED])
    assert exemplar[2:] == total[2:] == (3, 1, 2)


def test_every_format_names_the_limits(book: Book) -> None:
    book.account("ada@example.org")
    with reported(book) as report:
        workbook = sheets(written(report, "xlsx"))
        page, data = written(report, "html").decode(), json.loads(written(report, "json"))
    limits = [str(row[0]) for row in workbook["What it does not prove"]]
    assert limits == data["does_not_prove"]
    assert all(limit in page for limit in limits)
    assert any("not retroactive" in limit for limit in limits)


def test_a_practice_report_says_so_in_every_format(book: Book) -> None:
    book.look(Outcome.OPTED_OUT, practice=True)
    with reported(book, practice=True) as report:
        texts = [written(report, name).decode() for name in ("html", "csv")]
        data, workbook = json.loads(written(report, "json")), sheets(written(report, "xlsx"))
    assert all("PRACTICE" in text for text in texts)
    assert data["practice"] is True
    assert "PRACTICE" in str(workbook["Coverage"][0][0])


def test_a_text_too_long_for_a_cell_is_cut_and_says_so(book: Book) -> None:
    book.account("ada@example.org")
    book.look(Outcome.FAILED, reason="x" * 40_000)
    with reported(book) as report:
        _, row = sheets(written(report, "xlsx"))["Targets"]
    cell = row[list(COLUMNS).index("details")]
    assert (len(cell), cell[-1]) == (32_767, "…")


def test_the_columns_are_the_fields_of_a_line() -> None:
    assert list(COLUMNS) == list(Line._fields)


def test_what_was_read_is_said_with_what_it_is_locked_to(book: Book) -> None:
    book.account("ada@example.org")
    book.look(Outcome.MANAGED, locked=Reading.OUT)
    (line,) = lines(book)
    assert (line.standing, line.reading) == (Standing.PROVEN_OUT, "locked by an organisation, out")


def test_a_sheet_that_is_full_goes_on_in_another(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(as_xlsx, "_MOST_ROWS", 3)
    for login in ("ada", "bob", "eve"):
        book.account(login)
    with reported(book) as report:
        workbook = sheets(written(report, "xlsx"))
    assert [len(workbook[name]) for name in ("Targets", "Targets 2")] == [3, 2]


def test_a_page_that_leaves_lines_out_says_how_many_there_are(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(as_html, "_MOST_LISTED", 1)
    for login in ("ada", "bob"):
        book.account(login)
    with reported(book) as report:
        page = written(report, "html").decode()
    assert "The first 1 of 2 are listed here." in page
    assert ("<bdi>ada</bdi>" in page, "<bdi>bob</bdi>" in page) == (True, False)
