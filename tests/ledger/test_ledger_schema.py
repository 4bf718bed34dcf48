from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table, inspect, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from optout.errors import LedgerProblem
from optout.ledger import migrate
from optout.ledger.accounts import add_account, find_account
from optout.ledger.migrations.versions import r0005_organisations
from optout.ledger.roster_tables import seen_settings
from optout.ledger.schema import HEAD, VERSION_TABLE, metadata
from optout.ledger.visits import open_visits
from optout.model import Reading
from tests.ledger.conftest import Diary

if TYPE_CHECKING:
    from optout.home import Home
    from optout.ledger.ledger import Ledger
    from optout.model import Account


def test_head_is_the_newest_revision() -> None:
    assert ScriptDirectory.from_config(migrate.config()).get_current_head() == HEAD


def _names(connection: Connection) -> dict[str, set[str | None]]:
    """Every table with what the database calls its indexes and constraints."""
    here = inspect(connection)
    return {
        table: {
            here.get_pk_constraint(table)["name"],
            *(each["name"] for each in here.get_indexes(table)),
            *(each["name"] for each in here.get_unique_constraints(table)),
            *(each["name"] for each in here.get_foreign_keys(table)),
        }
        for table in metadata.tables
    } | {name: set() for name in here.get_table_names() if name not in metadata.tables}


def test_the_migrations_lead_to_the_declared_schema(ledger: Ledger) -> None:
    with ledger.migrate() as connection:
        made_new = _names(connection)
        metadata.drop_all(connection)
        connection.exec_driver_sql(f"DROP TABLE {VERSION_TABLE}")
        migrate.upgrade(connection)
        migrated = _names(connection)
    assert made_new == migrated
    with ledger.read() as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_every_table_can_be_made_on_postgresql(table: Table) -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    assert "TABLE" in str(CreateTable(table).compile(dialect=dialect))
    for index in table.indexes:
        assert "INDEX" in str(CreateIndex(index).compile(dialect=dialect))


def test_a_migration_that_rebuilds_a_table_keeps_the_rows_that_refer_to_it(
    sqlite: Ledger, home: Home
) -> None:
    visit_id = Diary(sqlite, home).visit()
    with sqlite.migrate() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("runs", recreate="always") as runs:
            runs.alter_column("command", nullable=True)
    assert [visit.id for visit in open_visits(sqlite)] == [visit_id]


def test_foreign_keys_are_enforced_again_after_a_migration(sqlite: Ledger) -> None:
    with sqlite.migrate():
        pass
    with sqlite.read() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_migration_that_fails_half_way_leaves_nothing_behind(ledger: Ledger) -> None:
    def half_a_migration() -> None:
        with ledger.migrate() as connection:
            connection.exec_driver_sql("CREATE TABLE half_done (x INTEGER)")
            raise InterruptedError

    with pytest.raises(InterruptedError):
        half_a_migration()
    with ledger.read() as connection:
        assert not inspect(connection).has_table("half_done")


def test_a_moment_comes_back_in_utc(ledger: Ledger, ada: Account) -> None:
    there = timezone(timedelta(hours=5, minutes=30))
    add_account(ledger, ada, at=datetime(2026, 3, 1, 2, 30, tzinfo=there))
    listed = find_account(ledger, ada)
    assert listed is not None
    assert listed.added_at.isoformat() == "2026-02-28T21:00:00+00:00"


def test_a_time_without_a_zone_is_refused(ledger: Ledger, ada: Account) -> None:
    naive = datetime(2026, 3, 1, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(LedgerProblem, match="without a time zone"):
        add_account(ledger, ada, at=naive)


def test_a_word_this_program_does_not_know_is_named(ledger: Ledger, diary: Diary) -> None:
    diary.visit()
    with ledger.write() as connection:
        connection.exec_driver_sql("UPDATE visits SET mode = 'telepathic'")
    with pytest.raises(LedgerProblem, match=r"found telepathic.*upgrade optout"):
        open_visits(ledger)


def test_an_older_ledger_keeps_its_accounts_as_their_owners_and_knows_what_was_seen(
    ledger: Ledger, diary: Diary, ada: Account
) -> None:
    add_account(ledger, ada, at=datetime(2026, 3, 1, tzinfo=UTC))
    diary.record(Reading.OUT)
    diary.record(Reading.OUT, practice=True)
    with ledger.migrate() as connection:
        for statement in (
            *("DROP TABLE mandates", "DROP TABLE waivers", "DROP TABLE group_secrets"),
            *("DROP TABLE seen_settings", "DROP INDEX ix_accounts_team_platform_login"),
            *(f"ALTER TABLE accounts DROP COLUMN {name}" for name in ("name", "team", "own")),
        ):
            connection.exec_driver_sql(statement)
        with Operations.context(MigrationContext.configure(connection)):
            r0005_organisations.upgrade()
    listed = find_account(ledger, ada)
    assert listed is not None
    assert (listed.own, listed.group, listed.name) == (True, "", "")
    with ledger.read() as connection:
        assert list(connection.execute(select(seen_settings))) == [("exemplar", "ai-training")]
