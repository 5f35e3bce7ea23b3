"""A comment on a ticket, as the event of an audit."""

import html
import re

from sandbox.zendesk.account import Account
from sandbox.zendesk.problems import invalid
from sandbox.zendesk.records import Audit, Json, Ticket, User

LONGEST = 65_535
"""What is longer is cut without a word, as over there."""

MOST = 5_000


def add_comment(account: Account, ticket: Ticket, audit: Audit, given: Json, *, actor: User) -> Json:
    """Append the comment that somebody gave, and return its event. Raises Problem 422 and 404."""
    if len(ticket.comments()) >= MOST:
        raise invalid("base", f"Ticket: has too many comments (maximum is {MOST})")
    words = given.get("html_body") or given.get("body") or ""
    if not words.strip():
        raise invalid("comment", "Comment: cannot be blank")
    author = account.user(int(given.get("author_id") or actor.id))
    marked_up = (given.get("html_body") or as_html(words))[:LONGEST]
    plain = (as_text(given["html_body"]) if given.get("html_body") else words)[:LONGEST]
    # An end user's words are always for both sides to read.
    public = bool(given.get("public", True)) or not author.staff
    event: Json = {
        "id": account.new_id(),
        "type": "Comment",
        "author_id": author.id,
        "body": plain,
        "html_body": f'<div class="zd-comment" dir="auto">{marked_up}</div>',
        "plain_body": plain,
        "public": public,
        "attachments": [],
        "audit_id": audit.id,
    }
    audit.events.append(event)
    return event


def as_html(text: str) -> str:
    paragraphs = [html.escape(part).replace("\n", "<br>") for part in text.split("\n\n")]
    return "".join(f"<p>{part}</p>" for part in paragraphs)


def as_text(marked_up: str) -> str:
    """The words of simple HTML, a line per block."""
    lines = re.sub(r"(?i)<br\s*/?>|</(p|div|li|h\d)>", "\n", marked_up)
    return html.unescape(re.sub(r"<[^>]+>", "", lines)).strip()
