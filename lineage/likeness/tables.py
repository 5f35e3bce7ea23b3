"""What is kept for suggesting: of each item what its words are made of, and what agents said it is not."""

from sqlalchemy import BigInteger, Column, Index, String, Table, Text, UniqueConstraint, text

from lineage.tables import to_own, workspace_column
from store.database import Instant, metadata, row_id
from store.waiting import waiting_columns

likenesses = Table(
    "likenesses",
    metadata,
    row_id(),
    workspace_column(),
    Column("item_id", String(40), nullable=False),
    Column("features", Text, nullable=False, server_default=""),
    Column("serial", BigInteger, nullable=False, server_default=text("0")),
    *waiting_columns(),
    to_own("items", "item_id"),
    UniqueConstraint("workspace_id", "item_id"),
    Index("likenesses_by_serial", "workspace_id", "serial"),
)
"""One row an item. `serial` goes up with every change in a workspace, so that whoever holds these in memory
reads only what is new. A row that is due is worked out again, whole, from the facts."""

likeness_heard = Table(
    "likeness_heard",
    metadata,
    workspace_column(primary_key=True),
    Column("history_id", BigInteger, nullable=False),
)
"""How far the history of each workspace was read for what sounds otherwise since."""

rejections = Table(
    "rejections",
    metadata,
    workspace_column(primary_key=True),
    Column("item_id", String(40), primary_key=True),
    Column("request_id", BigInteger, primary_key=True, autoincrement=False),
    Column("rejected_by", String(200), nullable=False),
    Column("at", Instant, nullable=False),
    to_own("requests", "request_id"),
    to_own("items", "item_id"),
    Index("rejections_by_request", "workspace_id", "request_id"),
)
"""What requests are not about, as agents said of what was suggested."""
