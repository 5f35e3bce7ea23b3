"""Telling one requester now: what waits for a yes, or for its quiet period to end."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from plugin.commands import desk, printing
from plugin.commands.explaining import Failed
from plugin.commands.link import number

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lineage.questions import NoticeView
    from plugin.app_state import Kithspark
    from store.workspaces import Workspace

WAITS, GOES, STUCK = ("awaiting_approval", "held"), ("queued", "sending", "unknown"), ("blocked",)


@click.command()
@desk.slug
@click.option("--ticket", required=True, help="The number of a Zendesk ticket.")
@click.option("--yes", is_flag=True, help="Do not show the words and ask.")
@desk.as_json
def tell(slug: str, ticket: str, yes: bool, as_json: bool) -> None:
    """Tell who asked in this ticket now what is true: news that came late waits for that.

    The ticket is read first; the words are shown, and go out as any other message does.
    """
    from plugin.commands import reading_now

    wanted = number(ticket)
    if as_json and not yes:
        raise click.UsageError("With --json nothing is asked: give --yes, too.")
    with desk.opened() as app:
        workspace = desk.workspace_of(app, slug)
        reading_now.record(app, workspace, [reading_now.ticket(app, workspace, wanted)])
        found = _of_ticket(app, workspace, wanted)
        waiting = [one for one in found if one.state in WAITS]
        if not waiting:
            raise Failed(_why_not(slug, wanted, found))
        if not yes:
            for one in waiting:
                click.echo(f"To {one.person_name} at {one.where}:\n\n{one.text.strip()}\n")
            click.confirm("Send this now?", abort=True)
        _approve(app, workspace, waiting)
    if as_json:
        printing.document({"approved": [one.as_json() for one in waiting]})
        return
    for one in waiting:
        click.echo(
            f"Notice {one.id} to {one.person_name} goes out now: `kithspark work` or `serve` sends it."
        )


def _of_ticket(app: "Kithspark", workspace: "Workspace", ticket: str) -> "list[NoticeView]":
    """The messages that speak for what was asked in this ticket, or is answered there."""
    from lineage import questions
    from store.database import reading

    with reading(app.engine) as conn:
        wanted = _notices_of(conn, workspace, f"zendesk:ticket:{ticket}")
        every = questions.notices(conn, workspace)
    return [one for one in every if one.id in wanted]


def _notices_of(conn: "Connection", workspace: "Workspace", place: str) -> set[int]:
    from sqlalchemy import or_, select

    from lineage.outcomes import notices
    from lineage.tables import asks, requests

    here = or_(requests.c.origin == place, requests.c.reply_to == place)
    theirs = select(asks.c.id, requests.c.person_id).join(requests, requests.c.id == asks.c.request_id)
    rows = conn.execute(
        theirs.where(asks.c.workspace_id == workspace.id, requests.c.workspace_id == workspace.id, here)
    ).all()
    asked, persons = {row.id for row in rows}, {row.person_id for row in rows}
    messages = select(notices.c.id, notices.c.facts).where(
        notices.c.workspace_id == workspace.id, notices.c.person_id.in_(persons), notices.c.lane != "note",
        notices.c.state.in_((*WAITS, *GOES, *STUCK)),
    )  # fmt: skip
    return {row.id for row in conn.execute(messages) if any(fact["ask"] in asked for fact in row.facts)}


def _why_not(slug: str, ticket: str, found: "Sequence[NoticeView]") -> str:
    for one in found:
        if one.state in STUCK:
            return f"It cannot be said: {one.reason} (notice {one.id})."
        if one.state in GOES:
            return f"Notice {one.id} is on its way already: see `kithspark notices {slug}`."
    return (
        f"Nothing is owed for ticket {ticket}: `kithspark trace {slug} --ticket {ticket}` shows where it "
        "stands and what was told. Of what was so before an import nobody is told by itself: link the ticket "
        f"with `kithspark link {slug}`, then try again."
    )


def _approve(app: "Kithspark", workspace: "Workspace", waiting: "Sequence[NoticeView]") -> None:
    """Exactly these words, all or none. Raises LineageError where they changed meanwhile."""
    from lineage import notices as acts
    from store.database import transaction

    now: Any = app.clock()
    with transaction(app.engine) as conn:
        for one in waiting:
            acts.approve(conn, workspace, one.id, digest=one.digest, by=desk.BY, now=now)
    app.wake()
