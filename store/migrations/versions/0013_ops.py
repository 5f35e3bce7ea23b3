"""The pace of each account, what was counted, and when notices were sent."""

import sqlalchemy as sa
from alembic import op

revision = "0013_ops"
down_revision = "0012_restored"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paces",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("system", sa.String(20), nullable=False),
        sa.Column("ceiling", sa.Float, nullable=False),
        sa.Column("free_at", sa.BigInteger, nullable=False),
        sa.Column("lowered_to", sa.Float),
        sa.Column("lowered_at", sa.BigInteger),
        sa.Column("hold_until", sa.BigInteger),
        sa.PrimaryKeyConstraint("workspace_id", "system", name="pk_paces"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_paces_workspace_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "tallies",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("labels", sa.String(120), nullable=False),
        sa.Column("number", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("name", "labels", name="pk_tallies"),
    )
    there = sa.text("sent_at IS NOT NULL")
    op.create_index(
        "notices_by_sent", "notices", ["workspace_id", "sent_at"], sqlite_where=there, postgresql_where=there
    )
