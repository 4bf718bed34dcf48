"""The log of all evidence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "evidence_log",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("bundle", sa.String, nullable=False),
        sa.Column("line", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_evidence_log"),
    )
    op.create_index("ix_evidence_log_bundle", "evidence_log", ["bundle"])
