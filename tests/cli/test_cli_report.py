"""`optout report` and `optout evidence show`: files for people, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import stat
from typing import TYPE_CHECKING

import pytest

from optout.cli.app import app
from optout.home import Home
from optout.ledger.open import open_ledger
from optout.model import Outcome
from tests.report.book import ADA, Book
from tests.report.records import bundle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import CliRunner, Result


@pytest.fixture
def book(tmp_path: Path, runner: CliRunner) -> Iterator[Book]:
    """The installation that commands find, with one account looked at and one not."""
    home = Home.at(tmp_path / "optout")
    with open_ledger(home) as ledger:
        book = Book(ledger, home)
        for login in (ADA.login, "bob@example.org"):
            book.account(login)
        seen = book.look(Outcome.ALREADY_OUT)
        assert seen.evidence
        shutil.rmtree(seen.evidence)
        bundle(seen.evidence)
        yield book


def refused(ended: Result) -> str:
    assert (ended.exit_code, ended.stdout) == (2, ""), ended.output
    return ended.stderr


def test_without_a_file_the_totals_are_printed(runner: CliRunner, book: Book) -> None:
    ended = runner.invoke(app, ["report"])
    assert ended.exit_code == 0
    assert ended.stdout.startswith("exemplar/ai-training: 2 targets\n")
    assert "1 never looked at" in ended.stdout


def test_several_files_are_written_at_once_and_only_for_this_user(
    runner: CliRunner, book: Book, tmp_path: Path
) -> None:
    files = {name: tmp_path / f"coverage.{name}" for name in ("html", "csv", "json", "xlsx")}
    words = [word for name, file in files.items() for word in (f"--{name}", str(file))]
    ended = runner.invoke(app, ["report", *words])
    assert (ended.exit_code, ended.stdout) == (0, "")
    assert {stat.S_IMODE(file.stat().st_mode) for file in files.values()} == {0o600}
    assert len(json.loads(files["json"].read_text())["targets"]) == 2


def test_a_target_narrows_it_down(runner: CliRunner, book: Book) -> None:
    ended = runner.invoke(app, ["report", "exemplar/ai-training:bob@example.org", "--csv", "-"])
    (row,) = csv.DictReader(io.StringIO(ended.stdout))
    assert row["account"] == "bob@example.org"


def test_two_formats_cannot_share_stdout(runner: CliRunner, book: Book) -> None:
    said = refused(runner.invoke(app, ["report", "--csv", "-", "--json", "-"]))
    assert "only one format can go to stdout" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere",), "there are no accounts of nowhere"),
        (("a/b/c",), "is not a target"),
        (("--practice",), "there is no visit to a practice site"),
    ],
)
def test_a_report_about_nothing_says_so_and_writes_nothing(
    words: tuple[str, ...], said: str, runner: CliRunner, book: Book, tmp_path: Path
) -> None:
    file = tmp_path / "report.json"
    assert said in refused(runner.invoke(app, ["report", *words, "--json", str(file)]))
    assert not file.exists()


def test_a_pipe_is_written_to_and_not_replaced(runner: CliRunner, book: Book, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert runner.invoke(app, ["report", "--csv", str(pipe)]).exit_code == 0
        assert os.read(reader, 20).startswith(b'"platform"')
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_the_newest_bundle_of_a_target_is_shown(runner: CliRunner, book: Book, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    ended = runner.invoke(app, ["evidence", "show", str(ADA), "--html", str(file)])
    assert ended.stdout == f"{file}\n"
    assert "exemplar/ai-training" in file.read_text()


def test_without_a_file_the_page_goes_to_the_home_and_nothing_is_opened(
    runner: CliRunner, book: Book
) -> None:
    ended = runner.invoke(app, ["evidence", "show"])
    (page,) = (book.home.data / "pages").iterdir()
    assert ended.stdout == f"{page}\n"
    assert stat.S_IMODE(page.stat().st_mode) == 0o600


def test_a_bundle_is_shown_without_any_installation(runner: CliRunner, tmp_path: Path) -> None:
    folder = bundle(tmp_path / "bundle")
    ended = runner.invoke(app, ["evidence", "show", str(folder / "record.json"), "--html", "-"])
    assert (ended.exit_code, ended.stdout.startswith("<!doctype html>")) == (0, True)
    assert not (tmp_path / "optout").exists()


def test_a_changed_bundle_is_shown_with_a_warning_and_its_exit_status(
    runner: CliRunner, tmp_path: Path
) -> None:
    folder = bundle(tmp_path / "bundle")
    (folder / "added.txt").write_text("hello")
    ended = runner.invoke(app, ["evidence", "show", str(folder), "--html", "-"])
    assert ended.exit_code == 64
    assert "do not rely on" in ended.stderr
    assert "Do not rely on this bundle" in ended.stdout


@pytest.mark.parametrize(
    ("word", "said"),
    [("nowhere", "there is no evidence of nowhere"), ("a/b/c", "is not a target")],
)
def test_what_has_no_evidence_is_named(word: str, said: str, runner: CliRunner, book: Book) -> None:
    assert said in refused(runner.invoke(app, ["evidence", "show", word, "--html", "-"]))


def test_a_folder_of_bundles_names_the_newest_of_them(
    runner: CliRunner, book: Book, tmp_path: Path
) -> None:
    said = refused(runner.invoke(app, ["evidence", "show", str(book.home.evidence), "--html", "-"]))
    assert "bundles in it: 1" in said
    assert str(book.folder(ADA)) in said
