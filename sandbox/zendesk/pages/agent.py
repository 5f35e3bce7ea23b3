"""The agent's view: the tickets, and one ticket with the sidebar app beside it."""

import nh3
from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from sandbox.zendesk.access import sees
from sandbox.zendesk.problems import Problem, forbidden
from sandbox.zendesk.records import Json, Ticket, User
from sandbox.zendesk.rest.here import account, base, vendor

routes = Blueprint("zendesk_agent", __name__)

CHOICES = ("open", "pending", "hold", "solved", "closed")


def me() -> User:
    """Which agent looks: the one chosen on the page, else the first who is not the service user."""
    chosen = request.cookies.get("agent", "")
    users = account().users
    if chosen.isdigit() and int(chosen) in users and users[int(chosen)].staff:
        return users[int(chosen)]
    return agents()[0]


def agents() -> list[User]:
    """People first, the service user last."""
    staff = [one for one in account().users.values() if one.staff and one.active]
    return sorted(staff, key=lambda one: one.id == vendor().service.id)


def common(title: str) -> Json:
    return {"title": title, "me": me(), "agents": agents(), "users": account().users}


@routes.get("/")
def home() -> ResponseReturnValue:
    return redirect("/agent")


@routes.get("/agent")
def tickets() -> ResponseReturnValue:
    shown = [one for one in account().tickets.values() if one.deleted_at is None and sees(me(), one)]
    shown.sort(key=lambda one: (one.status in ("solved", "closed"), -one.updated.timestamp(), -one.id))
    homes = account().organizations
    return render_template("tickets.html", tickets=shown, organizations=homes, **common("Tickets"))


@routes.get("/agent/tickets/<int:ident>")
def ticket(ident: int) -> ResponseReturnValue:
    shown = account().ticket(ident)
    if not sees(me(), shown):
        raise forbidden()
    return page(shown)


@routes.get("/agent/apps")
def nav_bar() -> ResponseReturnValue:
    """The app's own page, in the nav bar."""
    app, user = vendor().sidebar, me()
    token = app.token(base(), user, location="nav_bar")
    signed = {"url": app.first_load_url(base(), "nav_bar"), "token": token, "guid": app.app_guid}
    return render_template("nav_bar.html", signed=signed if app.nav_bar_url else None, **common("App"))


def words(comment: Json) -> Markup:
    """A comment's own HTML, made harmless."""
    return Markup(nh3.clean(comment["html_body"]))  # noqa: S704


def page(shown: Ticket, problem: str = "") -> ResponseReturnValue:
    app, user = vendor().sidebar, me()
    signed = {"url": app.first_load_url(base()), "token": app.token(base(), user), "guid": app.app_guid}
    others = [
        one
        for one in account().tickets.values()
        if one is not shown and one.deleted_at is None and one.status not in ("solved", "closed")
    ]
    organization = account().organizations.get(shown.organization_id or 0)
    content = render_template(
        "ticket.html",
        ticket=shown,
        conversation=[(audit, event, words(event)) for audit, event in shown.comments()],
        organization=organization,
        signed=signed if app.backend_url else None,
        others=others,
        choices=CHOICES,
        problem=problem,
        **common(f"#{shown.id} {shown.subject}"),
    )
    return content, 422 if problem else 200


@routes.post("/agent/tickets/<int:ident>")
def act(ident: int) -> ResponseReturnValue:
    """Answer, change the status, merge or delete: whichever button was pressed."""
    shown, asked, zendesk = account().ticket(ident), request.form, vendor()
    try:
        match asked.get("do"):
            case "answer" if asked.get("words", "").strip():
                public = asked.get("public") == "yes"
                zendesk.reply_as(me(), shown, asked["words"].replace("\r\n", "\n"), public=public)
            case "status":
                zendesk.set_status(shown, asked["status"], by=me())
            case "merge":
                zendesk.merge(shown, account().ticket(int(asked["into"])), by=me())
            case "delete":
                zendesk.delete(shown)
                return redirect("/agent", 303)
    except Problem as e:
        return page(shown, problem=reason(e))
    except ValueError as e:
        return page(shown, problem=str(e))
    return redirect(f"/agent/tickets/{ident}", 303)


def reason(problem: Problem) -> str:
    """A refusal in the words of the API."""
    for texts in (problem.body.get("details") or {}).values():
        return str(texts[0]["description"])
    return str(problem.body.get("description"))


@routes.post("/agent/switch")
def switch() -> ResponseReturnValue:
    """Be another agent."""
    answer = redirect(request.form.get("back") or "/agent", 303)
    answer.set_cookie("agent", request.form["agent"], samesite="Lax")
    return answer
