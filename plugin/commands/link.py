"""Linking a request to an issue, and taking the link back: what the sidebar does, for scripts."""

from typing import TYPE_CHECKING

import click

from plugin.commands import desk
from plugin.commands.explaining import Failed

if TYPE_CHECKING:
    from lineage.changes import Change
    from lineage.terms import Origin

ticket = click.option("--ticket", help="The number of a Zendesk ticket.")
post = click.option("--post", help="A forum post, as forum:ID.")
issue = click.option("--issue", required=True, help="Its key, like KS-1.")


@click.command()
@desk.slug
@ticket
@post
@issue
@click.option("--public-title", help="What customers may read of the issue.")
def link(slug: str, ticket: str | None, post: str | None, issue: str, public_title: str | None) -> None:
    """Say that a request is about an issue. Ticket and issue are read from their vendors now."""
    from lineage.changes import Linked, Titled
    from plugin.commands import reading_now

    origin = _origin(ticket, post)
    with desk.opened() as app:
        workspace, now = desk.workspace_of(app, slug), app.clock()
        changes: list[Change] = []
        if ticket:
            changes.append(reading_now.ticket(app, workspace, ticket))
        issues = reading_now.issue_with_parts(app, workspace, issue)
        changes += issues
        if public_title:
            changes.append(Titled(issues[0].item, public_title, own_part=False, by=desk.BY, at=now))
        changes.append(Linked(origin, issues[0].item, by=desk.BY, at=now))
        reading_now.record(app, workspace, changes)
    click.echo(f"{_named(origin)} is linked to {issues[0].key} ({issues[0].summary}).")


@click.command()
@desk.slug
@ticket
@post
@issue
@click.option("--keep/--withdraw", default=None, help="Does the requester still count, and hear?")
def unlink(slug: str, ticket: str | None, post: str | None, issue: str, keep: bool | None) -> None:
    """Take a link back."""
    from lineage.changes import Unlinked
    from plugin.commands import reading_now

    if keep is None:
        raise click.UsageError("Say --keep (the requester still counts and hears) or --withdraw.")
    origin = _origin(ticket, post)
    with desk.opened() as app:
        workspace = desk.workspace_of(app, slug)
        item = reading_now.known_item(app, workspace, issue)
        change = Unlinked(origin, item.id, keep=keep, by=desk.BY, at=app.clock())
        reading_now.record(app, workspace, [change])
    click.echo(f"{_named(origin)} is no longer linked to {item.key}{', and still counts' if keep else ''}.")


def _origin(ticket: str | None, post: str | None) -> "Origin":
    """Raises UsageError unless exactly one is given, in its form."""
    from lineage.terms import Origin

    if (ticket is None) == (post is None):
        raise click.UsageError("Give either --ticket or --post.")
    if ticket is not None:
        return Origin("zendesk:ticket", number(ticket))
    where, _, ident = (post or "").partition(":")
    if where != "forum":
        raise Failed(f"{post!r} is no post that can be linked: give forum:ID.")
    return Origin("forum:post", number(ident))


def number(given: str) -> str:
    """The id of a ticket or post. Raises UsageError."""
    text = given.strip().lstrip("#")
    if not (text.isascii() and text.isdigit()):
        raise click.UsageError(f"{given!r} is not a number.")
    return text


def _named(origin: "Origin") -> str:
    return f"{'Ticket' if origin.kind == 'zendesk:ticket' else 'Post'} {origin.id}"
