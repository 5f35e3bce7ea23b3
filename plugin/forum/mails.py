"""The mails that carry sign-in links. Each is a row, sealed, for a day; with SMTP set it waits to be sent.

Without SMTP the link is printed by the server, and whoever runs the demo reads it from `letters`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from flask import render_template
from sqlalchemy import Connection, delete, insert, select

from plugin.app_state import Kithspark
from plugin.forum.tables import forum_mails
from plugin.translating import gettext as _
from store.secrets import Vault
from store.waiting import Shelf
from store.workspaces import Workspace

KEPT_FOR = timedelta(days=1)
PURPOSE = "forum mail"
SHELF = Shelf("mail", forum_mails)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as its reader sees it."""

    to: str
    subject: str
    text: str
    at: datetime


def write_sign_in(conn: Connection, app: Kithspark, workspace: Workspace, email: str, *, token: str) -> str:
    """Writes the mail that brings the link, and gives the link. `announce` it after the commit."""
    now = app.clock()
    link = f"{app.settings.public_url.rstrip('/')}/f/{workspace.slug}/sign-in/{token}"
    text = render_template("forum/sign_in_mail.txt", company=workspace.name, link=link)
    old = (forum_mails.c.workspace_id == workspace.id) & (forum_mails.c.created_at < now - KEPT_FOR)
    conn.execute(delete(forum_mails).where(old))
    conn.execute(
        insert(forum_mails).values(
            workspace_id=workspace.id,
            email=email,
            subject=_("Sign in to %(company)s", company=workspace.name),
            sealed=app.vault.seal(workspace.id, PURPOSE, text),
            created_at=now,
            due_at=now if app.settings.smtp_url else None,
        )
    )
    return link


def announce(app: Kithspark, email: str, link: str) -> None:
    """Rings for the sender; or, where nothing sends mails, prints the link for the operator."""
    if app.settings.smtp_url:
        app.wake()
    else:
        log.info("sign_in_link", email=email, link=link, because="KITHSPARK_SMTP_URL is not set")


def letters(conn: Connection, vault: Vault, workspace: Workspace, *, to: str | None = None) -> list[Letter]:
    """The mails of the last day, newest first; `to`: of one address only. Raises secrets.Unreadable."""
    table = forum_mails
    query = select(table).where(table.c.workspace_id == workspace.id).order_by(table.c.id.desc())
    if to is not None:
        query = query.where(table.c.email == to)
    return [
        Letter(row.email, row.subject, vault.open(workspace.id, PURPOSE, row.sealed), row.created_at)
        for row in conn.execute(query)
    ]
