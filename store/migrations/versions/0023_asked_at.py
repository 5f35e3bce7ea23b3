"""The board begins with what was asked for lately; two columns go that nobody ever read."""

from alembic import op

revision = "0023_asked_at"
down_revision = "0022_community"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("passes_by_time", "passes", ["workspace_id", "asked_at", "item_id"])
    op.drop_column("jira_acts", "undone_by")
    op.drop_column("forge_installations", "environment")
