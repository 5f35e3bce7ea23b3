"""Forgetting a person, who still counts."""

import click

from plugin.commands import desk
from plugin.commands.explaining import Failed


@click.command()
@desk.slug
@click.option("--person", required=True, help="An e-mail address of theirs.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(slug: str, person: str, yes: bool) -> None:
    """Forget a person, and keep the demand. What their tickets say in Zendesk stays there."""
    from lineage import ledger, people
    from lineage.changes import Erased
    from plugin.forum import forgetting
    from plugin.jira import acts
    from store.database import transaction

    email = person.strip().lower()
    with desk.opened() as app:
        workspace, now = desk.workspace_of(app, slug), app.clock()
        if not yes:
            question = f"Forget who {email} is, their words and their messages? It cannot be undone."
            click.confirm(question, abort=True)
        with transaction(app.engine) as conn:
            found = people.by_address(conn, workspace.id, "email", email)
            names = people.known_as(conn, workspace.id, found) if found else []
            if found:
                change = Erased(found, by=desk.BY, at=now)
                ledger.record(conn, workspace, change, cause=f"cli:erase:{found}", now=now)
                acts.forget_words(conn, workspace.id, found)
            emails = [email, *(value for kind, value in names if kind == "email")]
            members = [value for kind, value in names if kind == "forum"]
            if not forgetting.forget(conn, workspace.id, emails=emails, members=members) and not found:
                raise Failed(f"Nobody is known by {email}: there is nothing to forget.")
        app.wake()
    click.echo(f"{email} is forgotten. What this person asked for still counts, and they are told nothing.")
