"""Who is visiting which forum. The cookie says it, signed by us; the database has the last word."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from flask import session, url_for
from sqlalchemy import Connection

from plugin.forum import members
from plugin.forum.members import Member
from store import workspaces
from store.workspaces import Workspace


class SignInFirst(Exception):
    """This needs a member. `then`: the path to come back to."""

    def __init__(self, slug: str, then: str) -> None:
        self.slug = slug
        self.then = then
        super().__init__(f"Sign in to the forum {slug!r} first.")


@dataclass(frozen=True, slots=True)
class Visit:
    """`member` is None for somebody who only reads."""

    workspace: Workspace
    member: Member | None

    @property
    def slug(self) -> str:
        return self.workspace.slug

    @property
    def member_id(self) -> int | None:
        return self.member.id if self.member else None


def arrive(conn: Connection, slug: str) -> Visit:
    """Anybody. Raises NoSuchWorkspace."""
    workspace = workspaces.by_slug(conn, slug)
    known = session.get("forum", {}).get(str(workspace.id))
    return Visit(workspace, members.by_id(conn, workspace.id, known) if known else None)


def enter(conn: Connection, slug: str, *, then: str = "") -> tuple[Workspace, Member]:
    """Members only. Raises NoSuchWorkspace, and SignInFirst."""
    visit = arrive(conn, slug)
    if visit.member is None:
        raise SignInFirst(slug, then)
    return visit.workspace, visit.member


def sign_in(workspace: Workspace, member: Member) -> None:
    """In this browser and this workspace, for thirty days."""
    session.pop("csrf_token", None)  # what was handed out before is worth nothing now
    session.permanent = True
    session["forum"] = {**session.get("forum", {}), str(workspace.id): member.id}


def sign_out(workspace: Workspace) -> None:
    session["forum"] = {ws: who for ws, who in session.get("forum", {}).items() if ws != str(workspace.id)}
    session.pop("csrf_token", None)


def frame(visit: Visit) -> dict[str, Any]:
    """What every page of the forum shows around its own content."""
    home = url_for("forum.board", slug=visit.slug)
    return {"visit": visit, "slug": visit.slug, "company": visit.workspace.name, "home": home}


def path_within(slug: str, wanted: str) -> str:
    """`wanted` if it is a path of this forum, else the board: nobody is sent elsewhere by a link."""
    home = f"/f/{slug}/"
    plain = unquote(wanted)
    path = plain.split("?")[0]
    odd = "\\" in plain or "//" in path or "/.." in path or not plain.isprintable()
    return home if odd or not wanted.startswith(home) else wanted
