"""What every admin page of one workspace shares."""

from typing import Any

from flask import flash
from sqlalchemy import Connection

from plugin import clicks
from plugin.identity import Operator
from store import workspaces
from store.workspaces import Workspace


def named(conn: Connection, slug: str) -> Workspace:
    """Raises NoSuchWorkspace. Operators may see every workspace."""
    return workspaces.by_slug(conn, slug)


def around(operator: Operator, workspace: Workspace) -> dict[str, Any]:
    """What the frame around an admin page needs."""
    home = f"/admin/{workspace.slug}/"
    return {"operator": operator, "workspace": workspace, "company": workspace.name, "home": home}


def say(words: str) -> None:
    """Shown once, on the next page."""
    flash(words)


def cause(what: str) -> str:
    """The cause of a change that a form asks for; a form sent twice has the same one."""
    return f"admin:{what[:60]}:{clicks.sent()}"
