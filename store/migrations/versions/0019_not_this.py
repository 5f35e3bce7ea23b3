"""Which items a request is not about, as agents said of what was suggested."""

import sqlalchemy as sa
from alembic import op

revision = "0019_not_this"
down_revision = "0018_queue"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rejections",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("item_id", sa.String(40), nullable=False),
        sa.Column("request_id", sa.BigInteger, nullable=False),
        sa.Column("rejected_by", sa.String(200), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "item_id", "request_id", name="pk_rejections"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_rejections_workspace_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "request_id"],
            ["requests.workspace_id", "requests.id"],
            name="fk_rejections_workspace_id_request_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "item_id"],
            ["items.workspace_id", "items.id"],
            name="fk_rejections_workspace_id_item_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("rejections_by_request", "rejections", ["workspace_id", "request_id"])
