"""Which of our comments in Zendesk's community said what."""

import sqlalchemy as sa
from alembic import op

revision = "0022_community"
down_revision = "0021_imports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "community_entries",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("post", sa.String(60), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("comment", sa.String(40), nullable=False),
        sa.Column("said_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "post", "outcome", name="pk_community_entries"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_community_entries_workspace_id", ondelete="CASCADE"
        ),
    )
