"""What is particular to a ledger on PostgreSQL: many writers, versions, and a database that is away."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect

from optout.errors import LedgerProblem, LedgerUnreachable
from optout.ledger.accounts import add_account, list_accounts
from optout.ledger.chain import read_chain
from optout.ledger.chain_log import entries
from optout.ledger.open import ledger_is_ours, open_ledger
from optout.ledger.schema import HEAD, metadata
from optout.ledger.shared import note_key, noted_keys, shared_salt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optout.home import Home
    from optout.ledger.ledger import Ledger
    from optout.model import Account
    from tests import postgres

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WRITER = Path(__file__).with_name("writer.py")


@pytest.fixture
def url(postgresql: postgres.Server, empty_ledger: str) -> Iterator[str]:
    """A ledger's URL."""
    name = postgresql.database(empty_ledger)
    yield postgresql.url(name).render_as_string()
    postgresql.drop(name)


@pytest.fixture
def nothing(postgresql: postgres.Server) -> Iterator[str]:
    """The URL of a database with nothing in it."""
    name = postgresql.database()
    yield postgresql.url(name).render_as_string()
    postgresql.drop(name)


def asked(ledger: Ledger, question: str) -> object:
    with ledger.read() as connection:
        return connection.exec_driver_sql(question).scalar()


def test_processes_recording_at_once_make_one_chain(url: str, home: Home) -> None:
    environ = {**os.environ, "OPTOUT_DATABASE": url}
    words = [sys.executable, str(WRITER), str(home.data)]
    writers = [
        subprocess.Popen([*words, name, "40"], stdout=subprocess.PIPE, text=True, env=environ)
        for name in ("one", "two", "three")
    ]
    said = {line for writer in writers for line in writer.communicate(timeout=60)[0].split()}
    with open_ledger(home, url) as ledger:
        chain = list(read_chain(entry.line for entry in entries(ledger)))
    assert len(chain) == 120
    assert {entry.bundle for entry in chain} == said


def test_many_processes_may_open_a_new_ledger_at_once(nothing: str, home: Home) -> None:
    script = (
        "import sys, pathlib; from optout.home import Home;"
        "from optout.ledger.open import open_ledger; sys.stdin.readline();"
        "open_ledger(Home.at(pathlib.Path(sys.argv[1])), sys.argv[2]).close()"
    )
    words = [sys.executable, "-c", script, str(home.data), nothing]
    racers = [subprocess.Popen(words, stdin=subprocess.PIPE) for _ in range(3)]
    for racer in racers:
        assert racer.stdin
        racer.stdin.close()
    assert [racer.wait(60) for racer in racers] == [0, 0, 0]
    with open_ledger(home, nothing) as ledger, ledger.read() as connection:
        assert set(metadata.tables) <= set(inspect(connection).get_table_names())


def test_what_is_read_is_of_one_moment(url: str, home: Home, ada: Account) -> None:
    with open_ledger(home, url) as ledger, ledger.read() as connection:
        count = "SELECT count(*) FROM accounts"
        before = connection.exec_driver_sql(count).scalar()
        add_account(ledger, ada, at=NOW)
        assert connection.exec_driver_sql(count).scalar() == before == 0
        assert asked(ledger, count) == 1


def test_reading_cannot_write(url: str, home: Home) -> None:
    with (
        open_ledger(home, url) as ledger,
        pytest.raises(LedgerProblem, match="read-only transaction"),
        ledger.read() as connection,
    ):
        connection.exec_driver_sql("DELETE FROM accounts")


@pytest.mark.parametrize(
    ("name", "value"),
    [("synchronous_commit", "on"), ("lock_timeout", "2500ms"), ("statement_timeout", "5min")],
)
def test_connections_are_durable_and_give_up_in_the_end(
    url: str, home: Home, name: str, value: str
) -> None:
    with open_ledger(home, url, patience=2.5) as ledger:
        assert asked(ledger, f"SHOW {name}") == value


def test_a_writer_that_stands_still_does_not_hold_up_the_others_for_ever(url: str, home: Home) -> None:
    with open_ledger(home, url) as ledger, ledger.write() as connection:
        shown = connection.exec_driver_sql("SHOW idle_in_transaction_session_timeout").scalar()
    assert shown == "1min"


def test_a_ledger_that_stays_locked_is_named(url: str, home: Home, ada: Account) -> None:
    with open_ledger(home, url, patience=0.05) as ledger, open_ledger(home, url) as other:
        with other.write() as connection:
            connection.exec_driver_sql("LOCK TABLE accounts")
            with pytest.raises(LedgerProblem, match=r"locked for longer than 0\.05 seconds"):
                add_account(ledger, ada, at=NOW)
        assert add_account(ledger, ada, at=NOW)


def test_connections_that_the_server_dropped_are_made_anew(
    url: str, home: Home, ada: Account, postgresql: postgres.Server
) -> None:
    with open_ledger(home, url) as ledger:
        add_account(ledger, ada, at=NOW)
        postgresql.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'optout'"
        )
        assert [listed.account for listed in list_accounts(ledger)] == [ada]


def test_a_connection_that_is_busy_when_the_ledger_is_closed_goes_when_that_is_done(
    url: str, home: Home
) -> None:
    ledger = open_ledger(home, url)
    with ledger.read() as connection:
        driver = connection.connection.driver_connection
        ledger.close()
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    assert driver is not None
    assert driver.closed


def test_a_connection_that_breaks_in_the_middle_is_told_from_a_refusal(url: str, home: Home) -> None:
    with open_ledger(home, url) as ledger:
        with pytest.raises(LedgerUnreachable, match="does not answer"), ledger.read() as connection:
            connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
        assert list_accounts(ledger) == []


def test_a_database_that_is_away_is_named_without_a_password(home: Home) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        given = f"postgresql://ada:hunter2@127.0.0.1:{port}/optout"
        with pytest.raises(LedgerUnreachable, match=r"does not answer.*See that PostgreSQL") as caught:
            open_ledger(home, given)
    assert "hunter2" not in str(caught.value)
    assert f"postgresql://127.0.0.1:{port}/optout" in str(caught.value)


def test_a_database_that_does_not_exist_is_named(postgresql: postgres.Server, home: Home) -> None:
    with pytest.raises(LedgerProblem, match=r"there is no database .*createdb") as caught:
        open_ledger(home, postgresql.url("nowhere").render_as_string())
    assert not isinstance(caught.value, LedgerUnreachable)


def test_a_newer_ledger_is_refused_and_left_alone(url: str, home: Home) -> None:
    with open_ledger(home, url) as ledger, ledger.write() as connection:
        connection.exec_driver_sql("UPDATE optout_version SET version_num = '9999'")
    with pytest.raises(LedgerProblem, match=r"written by a newer optout.*9999.*Upgrade optout"):
        open_ledger(home, url)


def test_whoever_may_not_migrate_refuses_an_older_ledger(url: str, home: Home) -> None:
    with open_ledger(home, url) as ledger, ledger.write() as connection:
        connection.exec_driver_sql("UPDATE optout_version SET version_num = '0001'")
    with pytest.raises(LedgerProblem, match=rf"older optout.*{HEAD}.*0001.*same version everywhere"):
        open_ledger(home, url, may_migrate=False)


def test_a_ledger_that_was_migrated_meanwhile_is_noticed(url: str, home: Home) -> None:
    with open_ledger(home, url) as ledger:
        ledger_is_ours(ledger)
        with ledger.write() as connection:
            connection.exec_driver_sql("UPDATE optout_version SET version_num = '9999'")
        with pytest.raises(LedgerProblem, match="written by a newer optout"):
            ledger_is_ours(ledger)


def test_another_programs_tables_may_stand_beside_ours(nothing: str, home: Home) -> None:
    with open_ledger(home, nothing) as ledger, ledger.write() as connection:
        connection.exec_driver_sql("CREATE TABLE invoices (x INTEGER)")
    open_ledger(home, nothing).close()


def test_another_programs_table_of_our_name_is_refused(
    nothing: str, home: Home, postgresql: postgres.Server
) -> None:
    with open_ledger(home, nothing) as ledger, ledger.write() as connection:
        connection.exec_driver_sql("DROP TABLE optout_version")
    with pytest.raises(LedgerProblem, match="another program's tables"):
        open_ledger(home, nothing)


def test_all_machines_call_an_account_the_same_in_evidence(url: str, home: Home) -> None:
    mine, theirs = b"\x01" * 32, b"\x02" * 32
    with open_ledger(home, url) as one, open_ledger(home, url) as two:
        assert shared_salt(one, mine) == mine
        assert shared_salt(two, theirs) == mine


def test_a_ledger_that_nobody_shares_has_no_salt_in_it(sqlite: Ledger) -> None:
    assert shared_salt(sqlite, b"\x01" * 32) == b"\x01" * 32
    assert asked(sqlite, "SELECT count(*) FROM shared_facts") == 0


def test_a_key_that_signs_is_noted_once(url: str, home: Home) -> None:
    with open_ledger(home, url) as ledger:
        assert [note_key(ledger, "ssh-ed25519 AAAA", at=NOW) for _ in range(2)] == [True, False]
        assert noted_keys(ledger) == ["ssh-ed25519 AAAA"]


def test_workers_that_note_their_key_at_the_same_moment_note_it_once(url: str, home: Home) -> None:
    with open_ledger(home, url) as ledger, ThreadPoolExecutor(4) as at_once:
        for number in range(20):
            key = f"ssh-ed25519 AAAA{number}"
            noted = [at_once.submit(note_key, ledger, key, at=NOW) for _ in range(4)]
            assert sorted(each.result() for each in noted) == [False, False, False, True]
