"""A ledger of its own for every test of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from optout.home import Home
from optout.ledger.open import open_ledger
from tests.report.book import Book

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Book]:
    monkeypatch.delenv("OPTOUT_DATABASE", raising=False)
    home = Home.at(tmp_path / "home")
    with open_ledger(home) as ledger:
        yield Book(ledger, home)
