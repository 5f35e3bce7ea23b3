"""Working everything out again from what was heard, or only comparing."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from plugin.commands import desk, printing
from plugin.commands.explaining import Failed

if TYPE_CHECKING:
    from lineage.counting.rebuild import Looked
    from plugin.app_state import Kithspark
    from store.workspaces import Workspace

SHOWN = 20


@click.command()
@desk.slug
@click.option("--check", is_flag=True, help="Only compare, and print the differences.")
@desk.as_json
def rebuild(slug: str, check: bool, as_json: bool) -> None:
    """Work out again what rests where and counts how much; exits 1 where --check finds a difference.

    It goes on where it stopped: what was mended stays so, each few islands for themselves.
    """
    checked, differences = 0, list[str]()
    with desk.opened() as app:
        for looked in looked_at(app, desk.workspace_of(app, slug), mend=not check):
            checked += looked.checked
            differences += looked.differences
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


def looked_at(app: "Kithspark", workspace: "Workspace", *, mend: bool) -> "Iterator[Looked]":
    """Every derived row, compared with what a full recompute makes; shows how far it is, and until when.

    Each batch is a transaction of its own, so that nobody waits for long.
    """
    from lineage.counting import rebuild
    from store import workspaces
    from store.database import reading, transaction

    with reading(app.engine) as conn:
        left = rebuild.every_item(conn, workspace)
    total = len(left)
    with click.progressbar(length=total, label="Issues looked at", file=sys.stderr) as bar:
        while left:
            with (transaction if mend else reading)(app.engine) as conn:
                if mend:
                    workspaces.hold(conn, workspace.id)
                wanted = left[: rebuild.BATCH]
                looked = rebuild.look(conn, workspace, wanted, mend=mend, now=app.clock())
            left = [item for item in left[rebuild.BATCH :] if item not in looked.items]
            bar.update(total - len(left) - bar.pos)
            yield looked


def count_what_is_not_counted(app: "Kithspark") -> None:
    """After an upgrade that began the derived tables anew: fill them."""
    from lineage.counting import rebuild
    from store import workspaces
    from store.database import reading

    with reading(app.engine) as conn:
        every = [one for one in workspaces.list_all(conn) if rebuild.is_missing(conn, one)]
    for workspace in every:
        for _ in looked_at(app, workspace, mend=True):
            pass
