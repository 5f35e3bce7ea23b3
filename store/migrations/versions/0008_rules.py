"""What the last of the rules need: children of issues, who is proven, what a project calls delivered."""

import sqlalchemy as sa
from alembic import op

revision = "0008_rules"
down_revision = "0007_demand_days"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _children_of_items()
    op.add_column("edges", sa.Column("type_id", sa.String(40)))
    _proven_persons()
    op.add_column("workspaces", sa.Column("deliver_in", sa.Text, server_default="{}", nullable=False))


def _children_of_items() -> None:
    op.add_column("items", sa.Column("parent_id", sa.String(40)))
    op.add_column("items", sa.Column("children", sa.Text, server_default="[]", nullable=False))
    op.add_column("items", sa.Column("children_are_parts", sa.Boolean, server_default="0", nullable=False))
    op.create_index("items_by_parent", "items", ["workspace_id", "parent_id"])


def _proven_persons() -> None:
    """Proven is whoever has an address or an account of the helpdesk: everybody but bare forum visitors."""
    op.add_column("persons", sa.Column("proven", sa.Boolean, server_default="1", nullable=False))
    op.execute(
        "UPDATE persons SET proven = false WHERE NOT EXISTS (SELECT 1 FROM addresses WHERE "
        "addresses.workspace_id = persons.workspace_id AND addresses.person_id = persons.id "
        "AND addresses.kind IN ('email', 'zendesk'))"
    )
