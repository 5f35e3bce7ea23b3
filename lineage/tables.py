"""The tables of what was heard: the history, items and their links, people, requests, asks.

Only `lineage/` writes them. Every key begins with the workspace; deleting a workspace deletes all.
What follows from these facts is in `lineage/outcomes.py`.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from store.database import Instant, Json, metadata, row_id


def workspace_column(*, primary_key: bool = False) -> Column[Any]:
    return Column(
        "workspace_id",
        BigInteger,
        ForeignKey("workspaces.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )


def to_own(table: str, column: str, *, ondelete: str = "CASCADE") -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["workspace_id", column], [f"{table}.workspace_id", f"{table}.id"], ondelete=ondelete
    )


def index_where(condition: str, name: str, *columns: str) -> Index:
    """Over the rows that fulfil this only; a query that says so too, in the same words, finds them by it."""
    return Index(name, *columns, sqlite_where=text(condition), postgresql_where=text(condition))


history = Table(
    "history",
    metadata,
    row_id(),
    workspace_column(),
    Column("cause", String(200), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("change", Json, nullable=False),
    Column("happened_at", Instant, nullable=False),
    Column("heard_at", Instant, nullable=False),
    Column("who", String(200), nullable=False, server_default=""),
    Column("effects", Json),
    UniqueConstraint("workspace_id", "cause"),
    Index("history_in_order", "workspace_id", "id"),
)

history_about = Table(
    "history_about",
    metadata,
    workspace_column(primary_key=True),
    Column("role", String(20), primary_key=True),
    Column("ref", String(60), primary_key=True),
    Column("history_id", BigInteger, primary_key=True),
)

items = Table(
    "items",
    metadata,
    workspace_column(primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("key", String(120), nullable=False),
    Column("summary", Text, nullable=False),
    Column("project", String(120), nullable=False, server_default=""),
    Column("issue_type", String(120), nullable=False, server_default=""),
    Column("status", String(200), nullable=False, server_default=""),
    Column("category", String(20), nullable=False, server_default="new"),
    Column("resolution_id", String(40)),
    Column("resolution", String(200)),
    Column("meaning", String(20)),
    Column("url", Text, nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("status_at", Instant, nullable=False),
    Column("children_done", Integer, nullable=False, server_default="0"),
    Column("children_all", Integer, nullable=False, server_default="0"),
    Column("children", Json, nullable=False, server_default="[]"),
    Column("children_are_parts", Boolean, nullable=False, server_default="0"),
    Column("parent_id", String(40)),
    Column("unmapped_links", Json, nullable=False),
    Column("read_at", Instant),
    Column("deleted_at", Instant),
    Column("unreadable_at", Instant),
    Column("public_title", Text),
    Column("own_title", Text),
    Column("keeps_part", Boolean),
    Column("sizes", Json, nullable=False),
    Column("state", String(20), nullable=False, server_default="open"),
    Column("state_at", Instant, nullable=False),
)
Index("items_by_key", items.c.workspace_id, items.c.key)
Index("items_by_parent", items.c.workspace_id, items.c.parent_id)
Index("items_by_project", items.c.workspace_id, items.c.project)

versions = Table(
    "versions",
    metadata,
    workspace_column(primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("name", String(250), nullable=False),
    Column("released", Boolean, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

item_versions = Table(
    "item_versions",
    metadata,
    workspace_column(primary_key=True),
    Column("item_id", String(40), primary_key=True),
    Column("version_id", String(40), primary_key=True),
    to_own("items", "item_id"),
    Index("item_versions_by_version", "workspace_id", "version_id"),
)

edges = Table(
    "edges",
    metadata,
    workspace_column(primary_key=True),
    Column("link_id", String(40), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("src", String(40), nullable=False),
    Column("dst", String(40), nullable=False),
    Column("at", Instant, nullable=False),
    Column("src_lists", Boolean),
    Column("dst_lists", Boolean),
    Column("type_id", String(40)),
    Column("removed_at", Instant),
    to_own("items", "src"),
    to_own("items", "dst"),
    Index("edges_by_src", "workspace_id", "src"),
    Index("edges_by_dst", "workspace_id", "dst"),
)

companies = Table(
    "companies",
    metadata,
    row_id(),
    workspace_column(),
    Column("name", Text, nullable=False),
    Column("hubspot_id", String(60)),
    Column("zendesk_org", String(60)),
    Column("domains", Json, nullable=False),
    Column("customer_minor", BigInteger, nullable=False, server_default="0"),
    Column("pipeline_minor", BigInteger, nullable=False, server_default="0"),
    Column("why", Json, nullable=False),
    Column("valued_at", Instant),
    Column("segment", String(120)),
    UniqueConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "hubspot_id"),
    UniqueConstraint("workspace_id", "zendesk_org"),
    index_where("segment IS NOT NULL", "companies_by_segment", "workspace_id", "segment"),
    Index("companies_by_name", "workspace_id", "name"),
)

persons = Table(
    "persons",
    metadata,
    row_id(),
    workspace_column(),
    Column("name", Text, nullable=False),
    Column("language", String(20)),
    Column("staff", Boolean, nullable=False, server_default="0"),
    Column("suspended", Boolean, nullable=False, server_default="0"),
    Column("opted_out_at", Instant),
    Column("erased_at", Instant),
    Column("company_id", BigInteger),
    Column("proven", Boolean, nullable=False, server_default="1"),
    UniqueConstraint("workspace_id", "id"),
    index_where("company_id IS NOT NULL", "persons_by_company", "workspace_id", "company_id"),
)

addresses = Table(
    "addresses",
    metadata,
    workspace_column(primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("value", String(320), primary_key=True),
    Column("person_id", BigInteger, nullable=False),
    Column("rank", Integer, nullable=False, server_default="0"),
    to_own("persons", "person_id"),
    Index("addresses_by_person", "workspace_id", "person_id"),
)

requests = Table(
    "requests",
    metadata,
    row_id(),
    workspace_column(),
    Column("origin", String(120), nullable=False),
    Column("person_id", BigInteger, nullable=False),
    Column("company_id", BigInteger),
    Column("words", Text, nullable=False, server_default=""),
    Column("subject", Text, nullable=False, server_default=""),
    Column("language", String(20)),
    Column("asked_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    Column("reply_to", String(120), nullable=False),
    Column("reply_state", String(20), nullable=False, server_default="open"),
    Column("reply_to_person_id", BigInteger),
    Column("read_at", Instant),
    Column("link_number", Integer, nullable=False, server_default="0"),
    Column("moved_from", String(120)),
    to_own("persons", "person_id"),
    UniqueConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "origin"),
    Index("requests_by_person", "workspace_id", "person_id"),
    index_where("company_id IS NOT NULL", "requests_by_company", "workspace_id", "company_id"),
    index_where(
        "reply_to_person_id != person_id", "requests_answered_elsewhere", "workspace_id", "reply_to_person_id"
    ),
    Index("requests_by_reply_to", "workspace_id", "reply_to", "asked_at"),
    index_where("moved_from IS NOT NULL", "requests_moved", "workspace_id", "moved_from", "asked_at"),
)
"""`moved_from`: the post of Zendesk's community where a vote was answered until its person got a ticket."""

posts = Table(
    "posts",
    metadata,
    workspace_column(primary_key=True),
    Column("id", String(60), primary_key=True),
    Column("title", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("posts_by_age", "workspace_id", "created_at"),
)

placements = Table(
    "placements",
    metadata,
    workspace_column(primary_key=True),
    Column("post_id", String(60), primary_key=True),
    Column("item_id", String(40), primary_key=True),
    Column("linked_at", Instant, nullable=False),
    Column("linked_by", String(200), nullable=False),
    to_own("posts", "post_id"),
    to_own("items", "item_id"),
    Index("placements_by_item", "workspace_id", "item_id"),
)

asks = Table(
    "asks",
    metadata,
    row_id(),
    workspace_column(),
    Column("request_id", BigInteger, nullable=False),
    Column("item_id", String(40), nullable=False),
    Column("linked_at", Instant, nullable=False),
    Column("linked_by", String(200), nullable=False),
    Column("detached_at", Instant),
    Column("withdrawn_at", Instant),
    Column("imported_at", Instant),
    to_own("requests", "request_id"),
    to_own("items", "item_id"),
    UniqueConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "request_id", "item_id"),
    Index("asks_by_item", "workspace_id", "item_id"),
)

choices = Table(
    "choices",
    metadata,
    workspace_column(primary_key=True),
    Column("person_id", BigInteger, primary_key=True),
    Column("item_id", String(40), primary_key=True),
    Column("parts", Json, nullable=False),
    Column("joined", Json, nullable=False, server_default="{}"),
    Column("chosen_by", String(200), nullable=False),
    Column("chosen_at", Instant, nullable=False),
    to_own("persons", "person_id"),
    to_own("items", "item_id"),
    Index("choices_by_item", "workspace_id", "item_id"),
)
