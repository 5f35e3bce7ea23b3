"""Linking a request to an issue, and taking the link back: what the sidebar does, for scripts."""

from typing import TYPE_CHECKING

import click

from plugin.commands import desk
from plugin.commands.explaining import Failed

if TYPE_CHECKING:
    from lineage.changes import Change
    from lineage.terms import Origin

ticket = click.option("--ticket", help="The number of a Zendesk ticket.")
post = click.option("--post", help="A post: forum:ID, or community:ID of Zendesk's community.")
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
    from lineage.votes import IN_COMMUNITY
    from plugin.commands import reading_now

    origin = _origin(ticket, post)
    with desk.opened() as app:
        workspace, now, more = desk.workspace_of(app, slug), app.clock(), False
        changes: list[Change] = []
        if ticket:
            changes.append(reading_now.ticket(app, workspace, ticket))
        if origin.kind == IN_COMMUNITY:
            votes, more = reading_now.community_post(app, workspace, origin.id)
            changes += votes
        issues = reading_now.issue_with_parts(app, workspace, issue)
        changes += issues
        if public_title:
            changes.append(Titled(issues[0].item, public_title, own_part=False, by=desk.BY, at=now))
        changes.append(Linked(origin, issues[0].item, by=desk.BY, at=now))
        reading_now.record(app, workspace, changes)
        if more:
            reading_now.look_later(app, workspace, "zendesk", "post", origin.id)
            click.echo("It has more voters than are read at once: `kithspark work` reads the others.")
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
    from lineage.votes import COMMUNITY, placing_of

    if (ticket is None) == (post is None):
        raise click.UsageError("Give either --ticket or --post.")
    if ticket is not None:
        return Origin("zendesk:ticket", number(ticket))
    where, _, ident = (post or "").partition(":")
    if where not in {"forum", "community"}:
        raise Failed(f"{post!r} is no post that can be linked: give forum:ID or community:ID.")
    return placing_of(number(ident) if where == "forum" else f"{COMMUNITY}{number(ident)}")


def number(given: str) -> str:
    """The id of a ticket or post. Raises UsageError."""
    text = given.strip().lstrip("#")
    if not (text.isascii() and text.isdigit()):
        raise click.UsageError(f"{given!r} is not a number.")
    return text


def _named(origin: "Origin") -> str:
    named = {"zendesk:ticket": "Ticket", "zendesk:community": "Community post"}
    return f"{named.get(origin.kind, 'Post')} {origin.id}"
