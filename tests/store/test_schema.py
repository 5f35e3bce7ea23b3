"""The migrations are written by hand: what they make is what the code describes, on both databases."""

from collections.abc import Mapping
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from connectors.zendesk import entries
from lineage import outcomes
from plugin import identity_tables
from plugin.forum import tables as forum_tables
from plugin.imports import tables as import_tables
from plugin.jira import acts
from store import connections, inbox, installation, looks, pace, tally, workspaces
from store.database import metadata, open_database, reading, transaction

DESCRIBED = (
    *(workspaces, installation, connections, inbox, looks, pace, tally),
    *(outcomes, forum_tables, identity_tables, acts, import_tables, entries),
)
"""Where tables are described; whoever adds a place names it here, or the test finds tables too many."""


def shape(engine: Engine) -> dict[str, dict[str, list[str]]]:
    """All that the database knows about each of our tables, in an order that can be compared."""
    with reading(engine) as conn:
        here = inspect(conn)
        return {
            table: {
                "columns": sorted(
                    repr(sorted((k, str(v)) for k, v in column.items())) for column in here.get_columns(table)
                ),
                "keys": [repr(here.get_pk_constraint(table))],
                "foreign": sorted(map(repr, here.get_foreign_keys(table))),
                "unique": sorted(map(repr, here.get_unique_constraints(table))),
                "indexes": sorted(
                    f"{i['name']} {i['column_names']} {i['unique']} {values(i.get('dialect_options', {}))}"
                    for i in here.get_indexes(table)
                ),
            }
            for table in here.get_table_names()
            if table != "alembic_version"
        }


def values(options: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in options.items()}


def test_the_migrations_make_the_tables_that_the_code_describes(database: Engine, empty_url: str) -> None:
    described = open_database(empty_url)
    with transaction(described) as conn:
        metadata.create_all(conn)
    made, wanted = shape(database), shape(described)
    assert made.keys() == wanted.keys()
    differing = {name: (made[name], wanted[name]) for name in made if made[name] != wanted[name]}
    assert not differing


def test_alembic_finds_nothing_to_change(database: Engine) -> None:
    with reading(database) as conn:
        assert compare_metadata(MigrationContext.configure(conn), metadata) == []
