"""What machines that share a ledger know in common: whose keys sign evidence, and one salt for names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "evidence_keys",
        sa.Column("key", sa.String, nullable=False),
        sa.Column("host", sa.String, nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_evidence_keys"),
    )
    op.create_table(
        "shared_facts",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("value", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_shared_facts"),
    )
