"""Tasks, paces and workers; what a run was asked for, and who made a visit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns and create the tables."""
    op.add_column("runs", sa.Column("wishes", sa.JSON))
    op.add_column("visits", sa.Column("worker", sa.String, nullable=False, server_default=""))
    _tasks()
    op.create_table(
        "paces",
        sa.Column("origin", sa.String, nullable=False),
        sa.Column("next_at", MOMENT),
        sa.Column("hour_began_at", MOMENT),
        sa.Column("in_hour", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("origin", name="pk_paces"),
    )
    op.create_table(
        "workers",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("run_id", sa.String),
        sa.Column("host", sa.String, nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("alive_until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workers"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_workers_run_id_runs"),
    )
    op.create_index("ix_workers_run_id", "workers", ["run_id"])


def _tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("run_id", sa.String, nullable=False),
        sa.Column("platform", sa.String, nullable=False),
        sa.Column("login", sa.String, nullable=False),
        sa.Column("origin", sa.String, nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("lease_until", MOMENT),
        sa.Column("not_before", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_tasks_run_id_runs"),
        sa.UniqueConstraint("run_id", "platform", "login", name="uq_tasks_run_id_platform_login"),
    )
    op.create_index("ix_tasks_next", "tasks", ["run_id", "state", "origin", "attempts", "place"])
    op.create_index("ix_tasks_now", "tasks", ["state", "origin", "platform", "login"])
