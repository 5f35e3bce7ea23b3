"""Of a link back to a ticket it is known whether Jira has said that it is there.

Of those that are noted already nobody knows: each is made once more, which changes nothing where it is there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024_links_made"
down_revision = "0023_asked_at"
branch_labels = None
depends_on = None


def upgrade() -> None:
    there = sa.inspect(op.get_bind()).get_columns("remote_links")
    if any(column["name"] == "made" for column in there):
        return  # for some hours 0016 made the column itself
    op.add_column("remote_links", sa.Column("made", sa.Boolean, nullable=False, server_default="0"))
