"""Asking where a request went, and what happened on its way."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from plugin.commands import desk, printing
from plugin.commands.link import number

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lineage.questions import AskView, HistoryEntry
    from store.workspaces import Workspace


@click.command()
@desk.slug
@click.option("--ticket", help="Where did what was asked in this ticket go?")
@click.option("--issue", help="Who waits for this issue, and by which way?")
@click.option("--person", help="What became of all that the person with this address asked for?")
@desk.as_json
def trace(slug: str, ticket: str | None, issue: str | None, person: str | None, as_json: bool) -> None:
    """Where did this request go, and what happened on its way."""
    from lineage import questions
    from store.database import reading

    if sum(one is not None for one in (ticket, issue, person)) != 1:
        raise click.UsageError("Give one of --ticket, --issue and --person.")
    with desk.opened() as app:
        workspace = desk.workspace_of(app, slug)
        with reading(app.engine) as conn:
            if ticket is not None:
                shown, asks = _of_ticket(conn, workspace, number(ticket))
            elif person is not None:
                shown, asks = _of_person(conn, workspace, person)
            else:
                shown, asks, happened = _of_issue(conn, workspace, issue or "")
            if issue is None:
                happened = questions.history_of(conn, workspace, asks=[one.ask_id for one in asks])
    if as_json:
        printing.document(shown | {"history": [one.as_json() for one in happened]})
    else:
        _tell(asks)
        _tell_history(happened)


def _of_ticket(
    conn: "Connection", workspace: "Workspace", ticket: str
) -> "tuple[dict[str, Any], Sequence[AskView]]":
    from sqlalchemy import select

    from lineage import people, questions
    from lineage.tables import persons, requests
    from lineage.terms import PersonId

    asks = questions.asks_of_ticket(conn, workspace, ticket)
    origin = f"zendesk:ticket:{ticket}"
    query = (
        select(persons.c.id, persons.c.name)
        .join(requests, requests.c.person_id == persons.c.id)
        .where(requests.c.workspace_id == workspace.id, requests.c.origin == origin)
    )
    row = conn.execute(query).first()
    requester = None
    if row is not None:
        email = next(iter(people.emails(conn, workspace.id, PersonId(row.id))), None)
        requester = {"name": row.name, "email": email}
    return {"ticket": ticket, "requester": requester, "asks": [one.as_json() for one in asks]}, asks


def _of_person(
    conn: "Connection", workspace: "Workspace", email: str
) -> "tuple[dict[str, Any], Sequence[AskView]]":
    from lineage import questions

    asks = questions.asks_of_person(conn, workspace, email)
    named = {"name": asks[0].person_name if asks else None, "email": email}
    return {"person": named, "asks": [one.as_json() for one in asks]}, asks


def _of_issue(
    conn: "Connection", workspace: "Workspace", key: str
) -> "tuple[dict[str, Any], Sequence[AskView], Sequence[HistoryEntry]]":
    """Raises Failed for an issue that was never heard of."""
    from lineage import questions
    from plugin.commands.reading_now import unheard_of

    item = questions.item(conn, workspace, key)
    if item is None:
        raise unheard_of(workspace, key)
    asks = questions.asks_on(conn, workspace, item.id)
    edges = questions.edges_at(conn, workspace, item.id)
    shown = {
        "issue": item.as_json(),
        "asks": [one.as_json() for one in asks],
        "edges": [one.as_json() for one in edges],
    }
    return shown, asks, questions.history_of(conn, workspace, item_id=item.id)


def _tell(asks: "Sequence[AskView]") -> None:
    if not asks:
        click.echo("Nothing that was asked rests there.")
    for ask in asks:
        where = ask.origin.removeprefix("zendesk:").replace(":", " ")
        who = f"{ask.person_name or 'Somebody'} ({ask.company or 'no company known'})"
        click.echo(click.style(f"{who}, {where}", bold=True))
        click.echo(f"  asked       {printing.moment(ask.asked_at)}: {printing.short(ask.words, 80)}")
        for step in ask.path:
            click.echo(f"  {step.kind:<10}  {printing.moment(step.at)}: {step.src_key} to {step.dst_key}")
        for one in ask.carriers:
            share = "" if one.share == "1" else f" ({one.share})"
            own = ", the part that it kept" if one.own else ""
            click.echo(f"  rests on    {one.item.key}{share}{own}: {one.state.value}")
        for told in ask.told:
            what = f"{told.kind} of {', '.join(told.issues)} at {told.where}"
            click.echo(f"  told        {printing.moment(told.at)}: {what}")
        click.echo(f"  now         {ask.standing.value}, {ask.delivered} of {ask.parts}; next: {ask.next}")


def _tell_history(happened: "Sequence[HistoryEntry]") -> None:
    if happened:
        click.echo(click.style("What happened", bold=True))
    for one in happened:
        click.echo(f"  {printing.moment(one.at)}  {one.what}" + (f" ({one.who})" if one.who else ""))
