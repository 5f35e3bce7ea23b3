"""What a requester says to us about their request: that it was not what they meant. Its table."""

from sqlalchemy import BigInteger, Column, Index, String, Table, Text

from lineage.tables import index_where, to_own, workspace_column
from store.database import Instant, metadata, row_id

remarks = Table(
    "remarks",
    metadata,
    row_id(),
    workspace_column(),
    Column("request_id", BigInteger, nullable=False),
    Column("words", Text, nullable=False, server_default=""),
    Column("at", Instant, nullable=False),
    Column("settled_at", Instant),
    Column("settled_by", String(200)),
    to_own("requests", "request_id"),
    Index("remarks_by_request", "workspace_id", "request_id"),
    index_where("settled_at IS NULL", "remarks_open", "workspace_id", "request_id"),
)
