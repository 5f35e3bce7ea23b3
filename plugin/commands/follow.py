"""The requesters' own pages: their links, and how to make one worthless."""

from typing import TYPE_CHECKING

import click

from plugin.commands import desk, printing
from plugin.commands.explaining import Failed
from plugin.commands.link import number

if TYPE_CHECKING:
    from lineage.questions import CustomerPage
    from plugin.app_state import Kithspark
    from store.workspaces import Workspace


@click.command()
@desk.slug
@click.option("--ticket", help="The number of a Zendesk ticket.")
@click.option("--person", help="A requester's proven e-mail address.")
@click.option("--revoke", is_flag=True, help="The links so far open nothing any more; a new one is shown.")
@desk.as_json
def follow(slug: str, ticket: str | None, person: str | None, revoke: bool, as_json: bool) -> None:
    """The link to "where did my request go": for each request of a ticket or a person."""
    if (ticket is None) == (person is None):
        raise click.UsageError("Give either --ticket or --person.")
    with desk.opened() as app:
        workspace = desk.workspace_of(app, slug)
        found = _found(app, workspace, ticket, person)
        if not found:
            raise Failed("Nothing was asked there, as far as we know: read the ticket with `kithspark look`.")
        if revoke:
            _revoke(app, workspace, found)
            found = _found(app, workspace, ticket, person)
    if as_json:
        printing.document({"pages": [page.as_json() for page in found]})
        return
    for page in found:
        where = page.origin.removeprefix("zendesk:").replace(":", " ")
        who, link = page.person_name or "Somebody", page.url or "no link yet: start `kithspark serve` once"
        click.echo(f"{who}, {where}: {link}")


def _found(
    app: "Kithspark", workspace: "Workspace", ticket: str | None, person: str | None
) -> "list[CustomerPage]":
    from lineage import questions
    from store.database import reading

    with reading(app.engine) as conn:
        if ticket is not None:
            return questions.pages_of_ticket(conn, workspace, number(ticket))
        return questions.pages_of_person(conn, workspace, person or "")


def _revoke(app: "Kithspark", workspace: "Workspace", pages: "list[CustomerPage]") -> None:
    from lineage.requester_changes import LinkRevoked
    from lineage.terms import Origin
    from plugin.commands import reading_now

    now = app.clock()
    changes = [LinkRevoked(Origin.parse(page.origin), desk.BY, now) for page in pages]
    reading_now.record(app, workspace, changes)
