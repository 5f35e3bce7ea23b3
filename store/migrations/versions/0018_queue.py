"""What people do with a message before it leaves: its moment, their own words; and who paused all of them."""

import sqlalchemy as sa
from alembic import op

revision = "0018_queue"
down_revision = "0017_likenesses"
branch_labels = None
depends_on = None

NOT_OVER = "state IN ('held', 'awaiting_approval', 'queued', 'blocked', 'sending', 'unknown')"


def upgrade() -> None:
    for column in (
        sa.Column("not_before", sa.BigInteger),
        sa.Column("edited_by", sa.String(200)),
        sa.Column("drafted_digest", sa.String(16)),
        sa.Column("drafted_text", sa.Text),
        sa.Column("words_before", sa.Text),
    ):
        op.add_column("notices", column)
    op.drop_index("notices_not_over", "notices")  # now in the order in which the queue is read
    there = sa.text(NOT_OVER)
    columns = ["workspace_id", "state", "id"]
    op.create_index("notices_not_over", "notices", columns, sqlite_where=there, postgresql_where=there)
    op.add_column("workspaces", sa.Column("paused_by", sa.Text, nullable=False, server_default=""))
    op.add_column("workspaces", sa.Column("paused_at", sa.BigInteger))
