"""Whether Zendesk keeps an agent from some of the tickets; NULL for those who were not asked of yet."""

import sqlalchemy as sa
from alembic import op

revision = "0030_agents_restricted"
down_revision = "0029_pushes_in_doubt"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("vendor_users", sa.Column("sees_every_ticket", sa.Boolean))
