"""Schedules, their runs, and the messages about them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    _schedules()
    _notifications()


def _schedules() -> None:
    op.create_table(
        "schedules",
        sa.Column("host", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("system", sa.String, nullable=False),
        sa.Column("every", sa.String, nullable=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("installed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("host", "name", name="pk_schedules"),
    )
    op.create_table(
        "scheduled_runs",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("host", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("exit_status", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_scheduled_runs"),
    )
    op.create_index("ix_scheduled_runs_host", "scheduled_runs", ["host"])


def _notifications() -> None:
    op.create_table(
        "notify_channels",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("service", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("command", sa.JSON),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_notify_channels"),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("run", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("run", name="uq_messages_run"),
    )
    op.create_table(
        "deliveries",
        sa.Column("message", sa.Integer, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("tried_at", MOMENT),
        sa.Column("delivered_at", MOMENT),
        sa.Column("problem", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("message", "channel", name="pk_deliveries"),
        sa.ForeignKeyConstraint(["message"], ["messages.id"], name="fk_deliveries_message_messages"),
    )
