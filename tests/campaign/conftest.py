"""An installation of its own for every test."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest

from optout.campaign.surroundings import Surroundings
from optout.home import Home
from optout.ledger.accounts import add_account
from optout.ledger.open import open_ledger
from optout.model import Account

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ADA = Account("workshop", "ada@example.org")


@pytest.fixture
def around(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Surroundings]:
    """Its stores, with a key for sessions and without a keyring; Ada is listed without a password."""
    monkeypatch.setenv("OPTOUT_KEY_COMMAND", "echo a-key-of-more-than-32-random-characters")
    monkeypatch.delenv("OPTOUT_DATABASE", raising=False)
    home = Home.at(tmp_path / "optout")
    with open_ledger(home) as ledger:
        add_account(ledger, ADA, at=datetime.datetime.now(datetime.UTC))
        yield Surroundings.of(home, ledger)
