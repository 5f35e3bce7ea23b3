"""What people decide about issues and requesters: titles, parts, who wants which."""

from typing import TYPE_CHECKING

import click

from plugin.commands import desk
from plugin.commands.explaining import Failed
from plugin.commands.link import issue, number

if TYPE_CHECKING:
    from lineage.questions import ItemView
    from lineage.terms import ItemId, PersonId
    from plugin.app_state import Kithspark
    from plugin.jira.undoable import Decision
    from store.workspaces import Workspace


@click.command()
@desk.slug
@issue
@click.option("--own-part", is_flag=True, help="The title of the part that a split issue keeps.")
@click.argument("text")
def title(slug: str, issue: str, own_part: bool, text: str) -> None:
    """Say what customers may read of an issue. An empty TEXT takes the title back."""
    from lineage.changes import Titled
    from plugin.commands import reading_now

    with desk.opened() as app:
        workspace = desk.workspace_of(app, slug)
        item = reading_now.item(app, workspace, issue)
        change = Titled(item.id, text, own_part=own_part, by=desk.BY, at=app.clock())
        reading_now.record(app, workspace, [change])
    click.echo(
        f"Customers read of {item.key}: {text}" if text.strip() else f"{item.key} has no public title."
    )


@click.command()
@desk.slug
@issue
@click.option("--keeps-part", type=click.Choice(["yes", "no"]), help="Is some of the work left in it?")
@click.option("--children", type=click.Choice(["yes", "no"]), help="Are its sub-tasks or issues its parts?")
@click.option("--sizes", help="Relative sizes of the parts, like KS-2=3,KS-3=1.")
def split(slug: str, issue: str, keeps_part: str | None, children: str | None, sizes: str | None) -> None:
    """Say of a split issue whether it keeps a part of the work, and whether its children are its parts."""
    from lineage.changes import ChildrenAreParts, KeepsPart, Sized
    from plugin.commands import reading_now

    if not (keeps_part or children or sizes):
        raise click.UsageError("Give --keeps-part, --children or --sizes.")
    with desk.opened() as app:
        workspace, now = desk.workspace_of(app, slug), app.clock()
        item = reading_now.item(app, workspace, issue)
        if keeps_part:
            _decide(app, workspace, KeepsPart(item.id, keeps_part == "yes", by=desk.BY, at=now))
        if children:
            _decide(app, workspace, ChildrenAreParts(item.id, children == "yes", by=desk.BY, at=now))
            item = reading_now.known_item(app, workspace, item.id)  # sizes may be those of the children
        if sizes:
            sized = Sized(item.id, _sizes(app, workspace, item, sizes), by=desk.BY, at=now)
            reading_now.record(app, workspace, [sized])
    for said in (keeps_part and PART[keeps_part], children and CHILDREN[children], sizes and "has its sizes"):
        if said:
            click.echo(f"{item.key} {said}.")


PART = {"yes": "keeps a part of the work", "no": "is only the container of its parts"}
CHILDREN = {
    "yes": "has its children as parts: what is asked of it is shared among them",
    "no": "keeps what is asked of it: its children only show how far it is",
}


@click.command()
@desk.slug
@click.option("--ticket", required=True, help="The ticket of the requester.")
@issue
@click.option("--parts", help="Keys of the parts that they asked for, separated by commas.")
@click.option("--all", "every", is_flag=True, help="All of it; unsure is all.")
def assign(slug: str, ticket: str, issue: str, parts: str | None, every: bool) -> None:
    """Say which parts of a split issue one requester asked for."""
    from lineage.changes import PartsChosen
    from plugin.commands import reading_now

    if bool(parts) == every:
        raise click.UsageError("Give either --parts or --all.")
    with desk.opened() as app:
        workspace = desk.workspace_of(app, slug)
        item = reading_now.item(app, workspace, issue)
        person, name = _requester(app, workspace, number(ticket))
        chosen = tuple(_part(app, workspace, item, key) for key in parts.split(",")) if parts else None
        _decide(app, workspace, PartsChosen(person, item.id, chosen, by=desk.BY, at=app.clock()))
    click.echo(f"{name} asked for {parts or 'all'} of {item.key}.")


def _decide(app: "Kithspark", workspace: "Workspace", change: "Decision") -> None:
    """So that it can be undone in the panel. Raises LineageError."""
    from uuid import uuid4

    from plugin.jira import undoable
    from store import workspaces
    from store.database import transaction

    cause = f"cli:{uuid4()}"
    with transaction(app.engine) as conn:
        current = workspaces.by_id(conn, workspace.id)
        undoable.decide(conn, current, change, undoable.Told(cause, cause), now=app.clock())
    app.wake()


def _sizes(app: "Kithspark", workspace: "Workspace", item: "ItemView", given: str) -> "dict[ItemId, int]":
    """Raises Failed for what is no part, UsageError for what is no size."""
    found = {}
    for one in given.split(","):
        key, _, size = one.partition("=")
        if not size.strip().isdigit():
            raise click.UsageError(f"{one!r} is not KEY=N.")
        found[_part(app, workspace, item, key)] = int(size)
    return found


def _part(app: "Kithspark", workspace: "Workspace", item: "ItemView", key: str) -> "ItemId":
    """Raises Failed, with the parts that there are."""
    from plugin.commands import reading_now

    part = reading_now.known_item(app, workspace, key.strip())
    if part.id != item.id and part.id not in item.parts:
        there = [reading_now.known_item(app, workspace, one).key for one in item.parts]
        raise Failed(f"{part.key} is no part of {item.key}. Its parts: {', '.join(there) or 'none'}.")
    return part.id


def _requester(app: "Kithspark", workspace: "Workspace", ticket: str) -> "tuple[PersonId, str]":
    """Raises Failed for a ticket in which nobody asked."""
    from lineage import questions
    from store.database import reading

    with reading(app.engine) as conn:
        asks = questions.asks_of_ticket(conn, workspace, ticket)
    if not asks:
        raise Failed(f"Ticket {ticket} is linked to no issue yet: `kithspark link {workspace.slug} …` first.")
    return asks[0].person_id, asks[0].person_name
