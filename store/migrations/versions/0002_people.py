"""What was heard of people: companies, persons, requests, posts and asks."""

import sqlalchemy as sa
from alembic import op

revision = "0002_people"
down_revision = "0002_items"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    _create_companies()
    _create_persons()
    _create_posts()
    _create_addresses()
    _index_addresses()
    _create_choices()
    _create_placements()
    _create_requests()
    _index_requests()
    _create_asks()
    _index_asks()


def _create_companies() -> None:
    op.create_table(
        "companies",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("hubspot_id", sa.String(60), nullable=True),
        sa.Column("zendesk_org", sa.String(60), nullable=True),
        sa.Column("domains", sa.Text, nullable=False),
        sa.Column("customer_minor", sa.BigInteger, server_default="0", nullable=False),
        sa.Column("pipeline_minor", sa.BigInteger, server_default="0", nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("valued_at", sa.BigInteger, nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_companies_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_companies"),
        sa.UniqueConstraint("workspace_id", "hubspot_id", name="uq_companies_workspace_id_hubspot_id"),
        sa.UniqueConstraint("workspace_id", "id", name="uq_companies_workspace_id_id"),
        sa.UniqueConstraint("workspace_id", "zendesk_org", name="uq_companies_workspace_id_zendesk_org"),
    )


def _create_persons() -> None:
    op.create_table(
        "persons",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("language", sa.String(20), nullable=True),
        sa.Column("staff", sa.Boolean, server_default="0", nullable=False),
        sa.Column("suspended", sa.Boolean, server_default="0", nullable=False),
        sa.Column("opted_out_at", sa.BigInteger, nullable=True),
        sa.Column("erased_at", sa.BigInteger, nullable=True),
        sa.Column("company_id", sa.BigInteger, nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_persons_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_persons"),
        sa.UniqueConstraint("workspace_id", "id", name="uq_persons_workspace_id_id"),
    )


def _create_posts() -> None:
    op.create_table(
        "posts",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("id", sa.String(60), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_posts_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_posts"),
    )


def _create_addresses() -> None:
    op.create_table(
        "addresses",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("value", sa.String(320), nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("rank", sa.Integer, server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["persons.workspace_id", "persons.id"],
            name="fk_addresses_workspace_id_person_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_addresses_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "kind", "value", name="pk_addresses"),
    )


def _index_addresses() -> None:
    op.create_index("addresses_by_person", "addresses", ["workspace_id", "person_id"], unique=False)


def _create_choices() -> None:
    op.create_table(
        "choices",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("item_id", sa.String(40), nullable=False),
        sa.Column("parts", sa.Text, nullable=False),
        sa.Column("chosen_by", sa.String(200), nullable=False),
        sa.Column("chosen_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "item_id"],
            ["items.workspace_id", "items.id"],
            name="fk_choices_workspace_id_item_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["persons.workspace_id", "persons.id"],
            name="fk_choices_workspace_id_person_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_choices_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", "item_id", name="pk_choices"),
    )


def _create_placements() -> None:
    op.create_table(
        "placements",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("post_id", sa.String(60), nullable=False),
        sa.Column("item_id", sa.String(40), nullable=False),
        sa.Column("linked_at", sa.BigInteger, nullable=False),
        sa.Column("linked_by", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "item_id"],
            ["items.workspace_id", "items.id"],
            name="fk_placements_workspace_id_item_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "post_id"],
            ["posts.workspace_id", "posts.id"],
            name="fk_placements_workspace_id_post_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_placements_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "post_id", "item_id", name="pk_placements"),
    )


def _create_requests() -> None:
    op.create_table(
        "requests",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("origin", sa.String(120), nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("company_id", sa.BigInteger, nullable=True),
        sa.Column("words", sa.Text, server_default="", nullable=False),
        sa.Column("subject", sa.Text, server_default="", nullable=False),
        sa.Column("language", sa.String(20), nullable=True),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger, nullable=True),
        sa.Column("reply_to", sa.String(120), nullable=False),
        sa.Column("reply_state", sa.String(20), server_default="open", nullable=False),
        sa.Column("reply_to_person_id", sa.BigInteger, nullable=True),
        sa.Column("read_at", sa.BigInteger, nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["persons.workspace_id", "persons.id"],
            name="fk_requests_workspace_id_person_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_requests_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_requests"),
        sa.UniqueConstraint("workspace_id", "id", name="uq_requests_workspace_id_id"),
        sa.UniqueConstraint("workspace_id", "origin", name="uq_requests_workspace_id_origin"),
    )


def _index_requests() -> None:
    op.create_index("requests_by_company", "requests", ["workspace_id", "company_id"], unique=False)
    op.create_index("requests_by_person", "requests", ["workspace_id", "person_id"], unique=False)
    op.create_index("requests_by_reply_to", "requests", ["workspace_id", "reply_to"], unique=False)


def _create_asks() -> None:
    op.create_table(
        "asks",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("request_id", sa.BigInteger, nullable=False),
        sa.Column("item_id", sa.String(40), nullable=False),
        sa.Column("linked_at", sa.BigInteger, nullable=False),
        sa.Column("linked_by", sa.String(200), nullable=False),
        sa.Column("detached_at", sa.BigInteger, nullable=True),
        sa.Column("withdrawn_at", sa.BigInteger, nullable=True),
        sa.Column("standing", sa.String(20), server_default="waiting", nullable=False),
        sa.Column("delivered", sa.Integer, server_default="0", nullable=False),
        sa.Column("parts", sa.Integer, server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "item_id"],
            ["items.workspace_id", "items.id"],
            name="fk_asks_workspace_id_item_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "request_id"],
            ["requests.workspace_id", "requests.id"],
            name="fk_asks_workspace_id_request_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_asks_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_asks"),
        sa.UniqueConstraint("workspace_id", "id", name="uq_asks_workspace_id_id"),
        sa.UniqueConstraint(
            "workspace_id", "request_id", "item_id", name="uq_asks_workspace_id_request_id_item_id"
        ),
    )


def _index_asks() -> None:
    op.create_index("asks_by_item", "asks", ["workspace_id", "item_id"], unique=False)
