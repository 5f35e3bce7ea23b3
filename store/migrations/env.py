"""What Alembic runs to apply the revisions, in the transaction that `store/migrate.py` began."""

from alembic import context

from store.database import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
