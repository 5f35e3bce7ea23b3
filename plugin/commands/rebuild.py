"""Working everything out again from what was heard, or only comparing."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from plugin.commands import desk, printing
from plugin.commands.explaining import Failed

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from plugin.app_state import Kithspark
    from store.workspaces import Workspace

SHOWN = 20

Rows = Mapping[tuple[Any, ...], Mapping[str, Any]]


class _OnlyCompared(Exception):
    """Undoes the transaction in which everything was worked out again."""


@click.command()
@desk.slug
@click.option("--check", is_flag=True, help="Only compare, and print the differences.")
@desk.as_json
def rebuild(slug: str, check: bool, as_json: bool) -> None:
    """Work out again what rests where and counts how much; exits 1 where --check finds a difference."""
    with desk.opened() as app:
        checked, differences = _rebuild(app, desk.workspace_of(app, slug), keep=not check)
    if as_json:
        printing.document({"checked": checked, "differences": differences})
    elif not differences:
        click.echo(f"{checked} rows, and each is as it should be.")
    elif not check:
        click.echo(f"{checked} rows, {len(differences)} mended.")
    if not (check and differences):
        return
    if not as_json:
        click.echo("\n".join(differences[:SHOWN]))
    raise Failed(f"{len(differences)} of {checked} rows differ: `kithspark rebuild {slug}` mends them.")


def _rebuild(app: "Kithspark", workspace: "Workspace", *, keep: bool) -> tuple[int, list[str]]:
    """How many derived rows there are, and those that were not as a full recompute makes them."""
    from connectors import known
    from lineage import issues
    from lineage.derive import derive
    from lineage.world import World
    from store.database import transaction

    differences: list[str] = []
    checked = 0
    try:
        with transaction(app.engine) as conn:
            before = _derived(conn, workspace)
            every = known.all_items(conn, workspace.id)
            issues.restate(conn, workspace, every)
            world = World(conn, workspace.id)
            world.load(every)
            derive(conn, workspace, world, now=app.clock())
            after = _derived(conn, workspace)
            checked, differences = len(after), _differences(before, after)
            if not keep:
                raise _OnlyCompared
    except _OnlyCompared:
        pass
    return checked, differences


def _derived(conn: "Connection", workspace: "Workspace") -> Rows:
    """Every derived row by table and key."""
    from sqlalchemy import select

    from lineage.outcomes import carriers, demands
    from lineage.tables import asks, items

    tables = {
        "carrier": (carriers, ("ask_id", "item_id", "own"), ("share", "since", "state")),
        "demand": (demands, ("item_id",), tuple(c.name for c in demands.c)),
        "ask": (asks, ("id",), ("standing", "delivered", "parts")),
        "issue": (items, ("id",), ("state", "state_at")),
    }
    found = {}
    for name, (table, key, values) in tables.items():
        for row in conn.execute(select(table).where(table.c.workspace_id == workspace.id)).mappings():
            found[(name, *(row[one] for one in key))] = {one: row[one] for one in values}
    return found


def _differences(before: Rows, after: Rows) -> list[str]:
    changed = sorted(
        (key for key in before.keys() | after.keys() if before.get(key) != after.get(key)), key=str
    )
    return [_sentence(key, before.get(key), after.get(key)) for key in changed]


def _sentence(key: tuple[Any, ...], was: Mapping[str, Any] | None, is_: Mapping[str, Any] | None) -> str:
    name = " ".join(str(part) for part in key)
    if was is None:
        return f"{name}: missing"
    if is_ is None:
        return f"{name}: should not be there"
    wrong = [f"{one} is {was[one]}, not {is_[one]}" for one in is_ if was[one] != is_[one]]
    return f"{name}: {', '.join(wrong)}"
