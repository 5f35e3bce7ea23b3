"""The steps from any older database to today's tables, for Alembic."""
