"""The first tables: accounts, identities, runs, visits, outcomes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Written out rather than taken from the schema: a revision must not change when the schema does.
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    _accounts_and_identities()
    _runs_and_visits()
    _outcomes()


def _accounts_and_identities() -> None:
    op.create_table(
        "accounts",
        sa.Column("platform", sa.String, nullable=False),
        sa.Column("login", sa.String, nullable=False),
        sa.Column("password_source", sa.String, nullable=False),
        sa.Column("password_command", sa.JSON),
        sa.Column("totp_source", sa.String, nullable=False),
        sa.Column("totp_command", sa.JSON),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("platform", "login", name="pk_accounts"),
    )
    op.create_table(
        "identities",
        sa.Column("platform", sa.String, nullable=False),
        sa.Column("login", sa.String, nullable=False),
        sa.Column("origin", sa.String, nullable=False),
        sa.Column("who", sa.String, nullable=False),
        sa.Column("pinned_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("platform", "login", "origin", name="pk_identities"),
    )


def _runs_and_visits() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("command", sa.String, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("tool_version", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_table(
        "visits",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("run_id", sa.String, nullable=False),
        sa.Column("platform", sa.String, nullable=False),
        sa.Column("login", sa.String, nullable=False),
        sa.Column("origin", sa.String, nullable=False),
        sa.Column("practice", sa.Boolean, nullable=False),
        sa.Column("mode", sa.String, nullable=False),
        sa.Column("flow_version", sa.String, nullable=False),
        sa.Column("browser", sa.String, nullable=False),
        sa.Column("host", sa.String, nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_visits"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_visits_run_id_runs"),
    )
    op.create_index("ix_visits_run_id", "visits", ["run_id"])
    op.create_index("ix_visits_platform_login_origin", "visits", ["platform", "login", "origin"])


def _outcomes() -> None:
    op.create_table(
        "outcomes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("visit_id", sa.String, nullable=False),
        sa.Column("setting", sa.String, nullable=False),
        sa.Column("reading", sa.String, nullable=False),
        sa.Column("locked", sa.String),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("why", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("next_step", sa.String, nullable=False),
        sa.Column("evidence", sa.String),
        sa.Column("evidence_digest", sa.String, nullable=False),
        sa.Column("notes", sa.JSON, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outcomes"),
        sa.UniqueConstraint("visit_id", "setting", name="uq_outcomes_visit_id_setting"),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name="fk_outcomes_visit_id_visits"),
    )
    op.create_index("ix_outcomes_setting", "outcomes", ["setting"])
