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
    Column("model", String(300), nullable=False, server_default=""),
    Column("run", BigInteger, nullable=False, server_default=text("0")),
    Column("made", BigInteger, nullable=False, server_default=text("0")),
    Column("serial", BigInteger, nullable=False, server_default=text("0")),
    Column("request_id", BigInteger, nullable=False, server_default=text("0")),
    *waiting_columns(),
    UniqueConstraint("workspace_id"),
)
"""A workspace that named a model. `run`: another with each model, and with each form of its vectors, so that
only such are compared as can be. `made`: the last serial that was given to an item's vector. `serial` and
`request_id`: how far its items (by the serial of `likenesses`) and its requests were read."""

embeddings = Table(
    "embeddings",
    metadata,
    workspace_column(primary_key=True),
    Column("item_id", String(40), primary_key=True),
    Column("run", BigInteger, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("vector", Text, nullable=False),
    Column("serial", BigInteger, nullable=False),
    to_own("items", "item_id"),
    Index("embeddings_by_serial", "workspace_id", "serial"),
)
"""`fingerprint`: of the text that was sent. `vector` is empty where nothing is known any more. `serial` is
higher with each change, as in `likenesses`."""

request_embeddings = Table(
    "request_embeddings",
    metadata,
    workspace_column(primary_key=True),
    Column("request_id", BigInteger, primary_key=True, autoincrement=False),
    Column("run", BigInteger, nullable=False),
    Column("vector", Text, nullable=False),
    to_own("requests", "request_id"),
)
"""Of the newest tickets, so that nobody waits for it who opens one."""
