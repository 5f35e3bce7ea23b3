"""Since when a person wants a part; and a vote counts once on an item, on however many ways it came."""

import sqlalchemy as sa
from alembic import op

revision = "0009_late"
down_revision = "0008_rules"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("choices", sa.Column("joined", sa.Text, server_default="{}", nullable=False))
    op.execute(
        "UPDATE demands SET votes = (SELECT COUNT(DISTINCT asks.request_id) FROM passes "
        "JOIN asks ON asks.id = passes.ask_id WHERE passes.workspace_id = demands.workspace_id "
        "AND passes.item_id = demands.item_id AND NOT passes.own AND passes.vote AND passes.weight > 0) "
        "WHERE votes > 1"
    )
