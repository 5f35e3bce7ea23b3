"""Voters of Zendesk's community may be told in tickets of their own; the post says it to all besides."""

import sqlalchemy as sa
from alembic import op

revision = "0026_voter_tickets"
down_revision = "0025_embeddings"
branch_labels = None
depends_on = None

MOVED = sa.text("moved_from IS NOT NULL")


def upgrade() -> None:
    op.add_column("workspaces", sa.Column("voter_tickets", sa.Boolean, nullable=False, server_default="0"))
    op.add_column("requests", sa.Column("moved_from", sa.String(120)))
    op.create_index(
        "requests_moved", "requests", ["workspace_id", "moved_from", "asked_at"],
        sqlite_where=MOVED, postgresql_where=MOVED,
    )  # fmt: skip
    op.add_column("notices", sa.Column("entry", sa.Text))
    op.create_table(
        "post_entries",
        sa.Column(
            "workspace_id", sa.BigInteger, sa.ForeignKey("workspaces.id", ondelete="CASCADE"),
            primary_key=True, nullable=False,
        ),
        sa.Column("place", sa.String(120), primary_key=True),
        sa.Column("outcome", sa.String(16), primary_key=True),
        sa.Column("notice_id", sa.BigInteger, nullable=False),
    )  # fmt: skip
