"""What a connected model makes of items and of tickets, and how far it was asked."""

from sqlalchemy import BigInteger, Column, Index, String, Table, Text, UniqueConstraint, text

from lineage.tables import to_own, workspace_column
from store.database import metadata, row_id
from store.waiting import waiting_columns

embedding_rounds = Table(
    "embedding_rounds",
    metadata,
    row_id(),
    workspace_column(),
    Column("model", String(200), nullable=False, server_default=""),
    Column("serial", BigInteger, nullable=False, server_default=text("0")),
    Column("request_id", BigInteger, nullable=False, server_default=text("0")),
    *waiting_columns(),
    UniqueConstraint("workspace_id"),
)
"""A workspace that named a model: how far its items (by the serial of `likenesses`) and its requests were
read for it."""

embeddings = Table(
    "embeddings",
    metadata,
    workspace_column(primary_key=True),
    Column("item_id", String(40), primary_key=True),
    Column("model", String(200), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("vector", Text, nullable=False),
    Column("serial", BigInteger, nullable=False),
    to_own("items", "item_id"),
    Index("embeddings_by_serial", "workspace_id", "serial"),
)
"""`fingerprint`: of the text that was sent. `vector` is empty where nothing is known any more. `serial` as in
`likenesses`."""

request_embeddings = Table(
    "request_embeddings",
    metadata,
    workspace_column(primary_key=True),
    Column("request_id", BigInteger, primary_key=True, autoincrement=False),
    Column("model", String(200), nullable=False),
    Column("vector", Text, nullable=False),
    to_own("requests", "request_id"),
)
"""Of the newest tickets, so that nobody waits for it who opens one."""
