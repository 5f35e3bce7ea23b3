"""Installations of the Forge app, and who in Jira reads what customers said."""

import sqlalchemy as sa
from alembic import op

revision = "0014_forge"
down_revision = "0013_ops"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forge_installations",
        sa.Column("installation", sa.String(120), nullable=False),
        sa.Column("cloud_id", sa.String(80), nullable=False),
        sa.Column("api_url", sa.Text, nullable=False),
        sa.Column("site", sa.String(300), nullable=False),
        sa.Column("workspace_id", sa.BigInteger),
        sa.Column("environment", sa.String(20), nullable=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("token_until", sa.BigInteger),
        sa.Column("called_at", sa.BigInteger, nullable=False),
        sa.Column("uninstalled_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("installation", name="pk_forge_installations"),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name="fk_forge_installations_workspace_id",
            ondelete="SET NULL",
        ),
    )
    op.create_index("ix_forge_installations_site", "forge_installations", ["site"])
    op.create_index("ix_forge_installations_workspace_id", "forge_installations", ["workspace_id"])
    op.add_column(
        "workspaces", sa.Column("customers_in_jira", sa.Text, nullable=False, server_default="everyone")
    )
