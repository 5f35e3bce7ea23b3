"""When what somebody was told had happened: taken back twice, it is two things to say."""

import sqlalchemy as sa
from alembic import op

revision = "0028_when_it_happened"
down_revision = "0027_past_places"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("told", sa.Column("happened_at", sa.BigInteger))
    op.drop_index("told_by_item", "told")
    op.create_index("told_by_item", "told", ["workspace_id", "item_id", "happened", "own", "happened_at"])
