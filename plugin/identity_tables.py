"""The tables of who may come in: tokens seen before, operators, installations of our app in Jira.

Names of agents and engineers are kept a while, so that a screen need not ask a vendor who its reader is.
"""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, String, Table, Text

from store.database import Instant, metadata, row_id
from store.workspaces import workspaces

seen_tokens = Table(
    "seen_tokens",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("expires_at", Instant, nullable=False, index=True),
)
"""Tokens that open a door once. A row may go when its token has run out."""

vendor_users = Table(
    "vendor_users",
    metadata,
    Column("workspace_id", BigInteger, ForeignKey(workspaces.c.id, ondelete="CASCADE"), primary_key=True),
    Column("system", String(20), primary_key=True),
    Column("id", String(120), primary_key=True),
    Column("name", Text, nullable=False),
    Column("staff", Boolean, nullable=False),
    Column("read_at", Instant, nullable=False),
    Column("locale", Text, nullable=False, server_default=""),
    Column("sees_every_ticket", Boolean),
)
"""`locale`: the language of their profile there, as the vendor writes it; empty where it says none.
`sees_every_ticket`: whether the vendor keeps none from them; NULL until it was asked.
"""

operators = Table(
    "operators",
    metadata,
    row_id(),
    Column("email", String(320), nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("sessions_from", Instant, nullable=False),
)
"""`sessions_from`: older sessions no longer count (signed out everywhere)."""

operator_links = Table(
    "operator_links",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("operator_id", BigInteger, ForeignKey("operators.id", ondelete="CASCADE"), nullable=False),
    Column("expires_at", Instant, nullable=False),
)
"""Sign-in links that nobody has used yet."""

connect_installations = Table(
    "connect_installations",
    metadata,
    Column("client_key", String(120), primary_key=True),
    Column("base_url", Text, nullable=False),
    Column("display_url", Text, nullable=False),
    Column("workspace_id", BigInteger, ForeignKey(workspaces.c.id, ondelete="SET NULL")),
    Column("secret", Text, nullable=False),
    Column("previous_secret", Text),
    Column("previous_until", Instant),
    Column("enabled", Boolean, nullable=False),
    Column("installed_at", Instant, nullable=False),
    Column("uninstalled_at", Instant),
)

connect_events = Table(
    "connect_events",
    metadata,
    row_id(),
    Column("client_key", String(120), nullable=False, index=True),
    Column("event", String(20), nullable=False),
    Column("base_url", Text, nullable=False),
    Column("at", Instant, nullable=False),
)
"""What became of each installation, Connect's and Forge's; only ever added to."""

forge_installations = Table(
    "forge_installations",
    metadata,
    Column("installation", String(120), primary_key=True),
    Column("cloud_id", String(80), nullable=False),
    Column("api_url", Text, nullable=False),
    Column("site", String(300), nullable=False, index=True),
    Column("workspace_id", BigInteger, ForeignKey(workspaces.c.id, ondelete="SET NULL"), index=True),
    Column("token", Text, nullable=False),
    Column("token_until", Instant),
    Column("called_at", Instant, nullable=False),
    Column("uninstalled_at", Instant),
)
"""`token`: the newest that Forge brought, sealed. `site`: the site's address, empty until it was told."""

connect_sites = Table(
    "connect_sites",
    metadata,
    Column("site", String(300), primary_key=True),
    Column("workspace_id", BigInteger, ForeignKey(workspaces.c.id, ondelete="CASCADE"), nullable=False),
    Column("attached_at", Instant, nullable=False),
)
"""Sites that the operator bound to a workspace by hand, installed or not yet."""
