from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from optout.errors import LedgerProblem
from optout.ledger.accounts import add_account, list_accounts
from optout.ledger.open import open_ledger
from optout.ledger.schema import HEAD

if TYPE_CHECKING:
    from pathlib import Path

    from optout.home import Home
    from optout.ledger.ledger import Ledger
    from optout.model import Account

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def pragma(ledger: Ledger, name: str) -> object:
    with ledger.read() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


@pytest.mark.parametrize(
    ("name", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 30_000)],
)
def test_a_ledger_is_durable_consistent_and_patient(sqlite: Ledger, name: str, value: object) -> None:
    assert pragma(sqlite, name) == value


def test_a_new_ledger_has_the_newest_schema(ledger: Ledger) -> None:
    with ledger.read() as connection:
        assert connection.exec_driver_sql("SELECT * FROM optout_version").scalar() == HEAD


def test_the_folder_is_private(sqlite: Ledger, home: Home) -> None:
    assert mode(home.ledger.parent) == 0o700


def test_the_ledger_and_its_side_files_are_private(sqlite: Ledger, home: Home, ada: Account) -> None:
    add_account(sqlite, ada, at=NOW)
    modes = {path.name.removeprefix(home.ledger.name): mode(path) for path in home.data.iterdir()}
    assert modes == {"": 0o600, "-wal": 0o600, "-shm": 0o600}


def test_a_ledger_that_others_can_read_is_closed_to_them(home: Home) -> None:
    open_ledger(home).close()
    home.ledger.chmod(0o644)
    open_ledger(home).close()
    assert mode(home.ledger) == 0o600


def test_opening_again_keeps_what_is_there(home: Home, ada: Account) -> None:
    with open_ledger(home) as ledger:
        add_account(ledger, ada, at=NOW)
    with open_ledger(home) as ledger:
        assert [listed.account for listed in list_accounts(ledger)] == [ada]


def test_the_environment_names_another_ledger(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPTOUT_DATABASE", f"sqlite:///{tmp_path}/elsewhere/mine.db")
    open_ledger(home).close()
    assert (tmp_path / "elsewhere" / "mine.db").exists()
    assert not home.ledger.exists()


def test_asking_for_the_status_loads_no_browser_no_migrations_and_no_other_database(
    home: Home,
) -> None:
    open_ledger(home).close()
    script = (
        "import sys, pathlib; from optout.home import Home;"
        "from optout.ledger.open import open_ledger; from optout.ledger.status import status;"
        "ledger = open_ledger(Home.at(pathlib.Path(sys.argv[1]))); status(ledger); ledger.close();"
        "heavy = ('playwright', 'alembic', 'sqlalchemy.orm', 'sqlalchemy.dialects.postgresql');"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(home.data)], check=True, capture_output=True, text=True
    )
    assert done.stdout == "[]\n"


def test_a_file_that_is_no_database_is_refused_and_left_alone(home: Home) -> None:
    home.data.mkdir()
    content = b"my shopping list\n" * 100
    home.ledger.write_bytes(content)
    with pytest.raises(LedgerProblem, match="is not a database"):
        open_ledger(home)
    assert {path.name: path.read_bytes() for path in home.data.iterdir()} == {home.ledger.name: content}


def test_a_damaged_ledger_is_refused_and_left_alone(home: Home) -> None:
    open_ledger(home).close()
    content = bytearray(home.ledger.read_bytes())
    content[100:4096] = b"\xff" * 3996
    home.ledger.write_bytes(content)
    with pytest.raises(LedgerProblem, match="is damaged"):
        open_ledger(home)
    assert home.ledger.read_bytes() == content


def test_a_newer_ledger_is_refused_and_left_alone(home: Home) -> None:
    open_ledger(home).close()
    with closing(sqlite3.connect(home.ledger)) as newer, newer:
        newer.execute("UPDATE optout_version SET version_num = '9999'")
    content = home.ledger.read_bytes()
    with pytest.raises(LedgerProblem, match=r"written by a newer optout.*9999.*Upgrade optout"):
        open_ledger(home)
    assert {path.name: path.read_bytes() for path in home.data.iterdir()} == {home.ledger.name: content}


def test_another_programs_database_is_refused_and_left_alone(home: Home) -> None:
    home.data.mkdir()
    with closing(sqlite3.connect(home.ledger)) as other, other:
        other.execute("CREATE TABLE cookies (name)")
    content = home.ledger.read_bytes()
    with pytest.raises(LedgerProblem, match=r"another program's tables.*cookies"):
        open_ledger(home)
    assert home.ledger.read_bytes() == content


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="file modes are a POSIX matter")
def test_a_ledger_of_another_user_is_named(home: Home) -> None:
    open_ledger(home).close()
    home.data.chmod(0o000)
    # A superuser may read everything, so the process becomes somebody else before it opens.
    script = (
        "import os, sys, pathlib, sqlite3, sqlalchemy.dialects.sqlite\n"
        "from optout.home import Home;"
        "from optout.ledger.open import open_ledger; from optout.errors import LedgerProblem\n"
        "if os.geteuid() == 0: os.seteuid(65534)\n"
        "try: open_ledger(Home.at(pathlib.Path(sys.argv[1])))\n"
        "except LedgerProblem as problem: print(problem)"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", script, str(home.data)],
            check=True,
            capture_output=True,
            text=True,
        )
    finally:
        home.data.chmod(0o700)
    assert f"{home.ledger} cannot be opened or written by this user" in done.stdout


def test_a_folder_in_place_of_the_ledger_is_named(home: Home) -> None:
    home.ledger.mkdir(parents=True)
    with pytest.raises(LedgerProblem, match="cannot be opened or written"):
        open_ledger(home)


def test_a_ledger_that_stays_locked_is_named(home: Home, ada: Account) -> None:
    with open_ledger(home, patience=0.05) as ledger, closing(sqlite3.connect(home.ledger)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerProblem, match=r"locked for longer than 0\.05 seconds"):
            add_account(ledger, ada, at=NOW)


def test_a_full_disk_is_named_and_what_was_there_is_kept(sqlite: Ledger, ada: Account) -> None:
    add_account(sqlite, ada, at=NOW)
    pragma(sqlite, "max_page_count=1")  # SQLite takes the present size as the limit
    big = type(ada)("exemplar", "x" * 100_000)
    with pytest.raises(LedgerProblem, match="is full"):
        add_account(sqlite, big, at=NOW)
    assert [listed.account for listed in list_accounts(sqlite)] == [ada]


@pytest.mark.parametrize(
    "url",
    [
        "hunter2",
        "postgresql://ada:hunter2@db.example:port/optout",
        "mysql://ada:hunter2@db.example/optout",
        "nosuch://ada:hunter2@db.example/optout",
        "sqlite+aiosqlite:////tmp/hunter2.db",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_a_url_that_no_ledger_can_live_at_is_refused_without_repeating_it(home: Home, url: str) -> None:
    with pytest.raises(LedgerProblem, match="OPTOUT_DATABASE") as caught:
        open_ledger(home, url)
    assert "hunter2" not in str(caught.value)


def test_a_missing_driver_is_named_with_the_package_to_install(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(LedgerProblem, match=r"optout\[cluster\]") as caught:
        open_ledger(home, "postgresql://ada:hunter2@db.example/optout")
    assert "hunter2" not in str(caught.value)


def test_a_ledger_without_a_log_ahead_opens_while_another_program_reads_it(home: Home) -> None:
    open_ledger(home).close()
    with closing(sqlite3.connect(home.ledger)) as reader:
        reader.execute("PRAGMA journal_mode=DELETE")
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM optout_version").fetchall()
        with open_ledger(home, patience=0.05) as ledger:
            assert pragma(ledger, "journal_mode") == "delete"
    with open_ledger(home) as ledger:
        assert pragma(ledger, "journal_mode") == "wal"


def test_many_processes_may_open_new_ledgers_at_once(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib, optout.ledger.migrate; from optout.home import Home;"
        "from optout.ledger.open import open_ledger; sys.stdin.readline();"
        "[open_ledger(Home.at(pathlib.Path(sys.argv[1], str(n)))).close() for n in range(10)]"
    )
    racers = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdin=subprocess.PIPE)
        for _ in range(4)
    ]
    for racer in racers:
        assert racer.stdin
        racer.stdin.close()
    assert [racer.wait(60) for racer in racers] == [0, 0, 0, 0]
