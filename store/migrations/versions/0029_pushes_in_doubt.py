"""Which try at writing demand was the last to end well: one before it may still be on its way."""

import sqlalchemy as sa
from alembic import op

revision = "0029_pushes_in_doubt"
down_revision = "0028_when_it_happened"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pushes", sa.Column("settled_fence", sa.BigInteger, nullable=False, server_default="0"))
    op.execute("UPDATE pushes SET settled_fence = fence")
