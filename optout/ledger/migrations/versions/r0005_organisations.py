"""Names, groups and owners of accounts; mandates, waivers, the secrets of groups."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns and create the tables."""
    op.add_column("accounts", sa.Column("name", sa.String, nullable=False, server_default=""))
    op.add_column("accounts", sa.Column("team", sa.String, nullable=False, server_default=""))
    # Whoever is listed by now was added by hand.
    op.add_column("accounts", sa.Column("own", sa.Boolean, nullable=False, server_default=sa.true()))
    key = ["team", "platform", "login"]
    op.create_index("ix_accounts_team_platform_login", "accounts", key)
    _mandates_and_waivers()
    op.create_table(
        "group_secrets",
        sa.Column("platform", sa.String, nullable=False),
        sa.Column("team", sa.String, nullable=False),
        sa.Column("password_command", sa.JSON),
        sa.Column("totp_command", sa.JSON),
        sa.PrimaryKeyConstraint("platform", "team", name="pk_group_secrets"),
    )
    op.create_table(
        "seen_settings",
        sa.Column("platform", sa.String, nullable=False),
        sa.Column("setting", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("platform", "setting", name="pk_seen_settings"),
    )
    op.execute(
        "INSERT INTO seen_settings SELECT DISTINCT visits.platform, outcomes.setting "
        "FROM outcomes JOIN visits ON visits.id = outcomes.visit_id WHERE NOT visits.practice"
    )


def _mandates_and_waivers() -> None:
    op.create_table(
        "mandates",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("platform", sa.String, nullable=False),
        sa.Column("login", sa.String, nullable=False),
        sa.Column("authorised_by", sa.String, nullable=False),
        sa.Column("given_on", sa.Date, nullable=False),
        sa.Column("written_down", sa.String, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_mandates"),
    )
    op.create_index("ix_mandates_platform_login", "mandates", ["platform", "login"])
    op.create_table(
        "waivers",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("platform", sa.String, nullable=False),
        sa.Column("login", sa.String, nullable=False),
        sa.Column("setting", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_waivers"),
    )
    op.create_index("ix_waivers_platform_login", "waivers", ["platform", "login"])
