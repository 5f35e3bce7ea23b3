"""The language of an agent's profile in Zendesk, and that of internal notes."""

import sqlalchemy as sa
from alembic import op

revision = "0020_agents_language"
down_revision = "0019_not_this"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("vendor_users", sa.Column("locale", sa.Text, nullable=False, server_default=""))
    op.add_column("workspaces", sa.Column("notes_in", sa.Text, nullable=False, server_default="en"))
