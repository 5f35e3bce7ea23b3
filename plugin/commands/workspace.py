"""Workspaces: adding, listing, removing, and which Jira site is whose."""

import click

from plugin.commands import desk, printing
from plugin.commands.explaining import Failed


@click.group()
def workspace() -> None:
    """A workspace is one organisation: its Jira site, Zendesk account, HubSpot portal and forum."""


@workspace.command()
@desk.slug
@click.option("--name", required=True, help="As people write it.")
def add(slug: str, name: str) -> None:
    """Add one; SLUG is its short name in addresses."""
    from store import workspaces
    from store.database import transaction

    with desk.opened() as app, transaction(app.engine) as conn:
        try:
            added = workspaces.add(conn, slug=slug, name=name, now=app.clock())
        except ValueError as wrong:
            raise Failed(str(wrong)) from None
    click.echo(f"Workspace {added.slug} is there. Next: `kithspark connect jira {added.slug} …`.")


@workspace.command("list")
@desk.as_json
def list_(as_json: bool) -> None:
    """Every workspace, and what it is connected to."""
    from store import connections, workspaces
    from store.database import reading

    with desk.opened() as app, reading(app.engine) as conn:
        found = [(one, connections.systems_of(conn, one.id)) for one in workspaces.list_all(conn)]
    if as_json:
        shown = [{"slug": one.slug, "name": one.name, "connected": systems} for one, systems in found]
        printing.document({"workspaces": shown})
        return
    rows = [(one.slug, one.name, ", ".join(systems) or "nothing yet") for one, systems in found]
    nothing = "There is no workspace yet: `kithspark workspace add SLUG --name NAME`."
    printing.table(("SLUG", "NAME", "CONNECTED TO"), rows, empty=nothing)


@workspace.command()
@desk.slug
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(slug: str, yes: bool) -> None:
    """Forget a workspace and everything that belongs to it."""
    from store import workspaces
    from store.database import transaction

    with desk.opened() as app:
        found = desk.workspace_of(app, slug)
        if not yes:
            question = f"Forget {found.name} with all its requests, people, news and connections?"
            click.confirm(question, abort=True)
        with transaction(app.engine) as conn:
            workspaces.remove(conn, found.id)
    click.echo(f"Workspace {slug} is forgotten. Its vendors still have the webhooks that point here.")


@click.command()
@desk.slug
@click.option("--site", required=True, help="The address of the Jira site, like https://acme.atlassian.net")
def attach(slug: str, site: str) -> None:
    """Bind a Connect installation, there or to come, to a workspace."""
    from plugin.jira import installations
    from store.database import transaction

    with desk.opened() as app, transaction(app.engine) as conn:
        try:
            installations.attach(conn, slug, site, now=app.clock())
        except ValueError as wrong:
            raise Failed(str(wrong)) from None
    click.echo(f"{site} belongs to {slug}.")
