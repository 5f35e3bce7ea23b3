"""Reading from the vendors now, and applying what changed."""

import click

from plugin.commands import desk
from plugin.commands.explaining import Failed
from plugin.commands.link import number


@click.command()
@desk.slug
@click.option("--issue", help="The key of an issue.")
@click.option("--ticket", help="The number of a ticket.")
@click.option("--all", "every", is_flag=True, help="All that is known.")
def look(slug: str, issue: str | None, ticket: str | None, every: bool) -> None:
    """Read an issue or a ticket again from its vendor now."""
    from plugin.commands import reading_now
    from plugin.commands.reading_all import read_everything

    if sum((issue is not None, ticket is not None, every)) != 1:
        raise click.UsageError("Give one of --issue, --ticket and --all.")
    with desk.opened() as app:
        workspace = desk.workspace_of(app, slug)
        if every:
            read_everything(app, workspace)
            click.echo("Everything was read again, and what changed is applied.")
            return
        if issue:
            seen = reading_now.issue_with_parts(app, workspace, issue)
            what, new = seen[0].key, reading_now.record(app, workspace, seen)
        else:
            found = reading_now.ticket(app, workspace, number(ticket or ""))
            what, new = f"Ticket {found.ticket}", reading_now.record(app, workspace, [found])
    click.echo(f"{what} was read: {'it changed.' if new else 'nothing changed.'}")


@click.command()
@desk.slug
def sync(slug: str) -> None:
    """Reconcile with every connected vendor now: finds what no webhook told."""
    from plugin.commands.reading_all import reconcile

    with desk.opened() as app:
        workspace = desk.workspace_of(app, slug)
        done = reconcile(app, workspace)
    if not done:
        raise Failed(f"Nothing is connected yet: `kithspark connect jira {slug} …`.")
    click.echo(f"In step with {', '.join(done)}.")
