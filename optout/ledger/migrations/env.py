"""How Alembic runs our revisions: on the connection and in the transaction it is given."""

from __future__ import annotations

from alembic import context

from optout.ledger.schema import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    # SQLite cannot alter most things in place: tables are copied instead.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
