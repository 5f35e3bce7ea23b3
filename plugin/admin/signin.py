"""An operator's way in: a link printed on the command line, good once, for a quarter of an hour.

The link alone changes nothing, because programs that scan links follow them; the button behind it does.
"""

import secrets
from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, Row, delete, insert, select, update

from plugin import app_state, identity
from plugin.identity import Operator
from plugin.identity_tables import operator_links, operators
from store.database import insert_or_ignore, reading, transaction

routes = Blueprint("signin", __name__)

LASTS = timedelta(minutes=15)


def make_link(conn: Connection, email: str) -> str:
    """A sign-in link for this address, who is an operator from now on.

    To be called within the app (`with app.app_context()`). Raises ValueError for what is no address.
    """
    state, address = app_state.current(), email.strip().lower()
    name, at, domain = address.partition("@")
    if not (name and at and "." in domain) or " " in address or len(address) > 320:
        raise ValueError(f"{email!r} is no e-mail address.")
    now, token = state.clock(), secrets.token_urlsafe(32)
    insert_or_ignore(conn, operators, {"email": address, "created_at": now, "sessions_from": now})
    conn.execute(delete(operator_links).where(operator_links.c.expires_at < now))
    operator = conn.scalar(select(operators.c.id).where(operators.c.email == address))
    row = {"digest": identity.digest(token), "operator_id": operator, "expires_at": now + LASTS}
    conn.execute(insert(operator_links).values(row))
    return f"{state.settings.public_url.rstrip('/')}/admin/sign-in/{token}"


@routes.get("/sign-in")
@identity.proves("anyone")
def first() -> ResponseReturnValue:
    return render_template("admin/signin.html", email="", dead="dead" in request.args), 401


@routes.get("/sign-in/<token>")
@identity.proves("operator link")
def follow(token: str) -> ResponseReturnValue:
    with reading(app_state.current().engine) as conn:
        found = _good(conn, token)
    if found is None:
        return redirect(url_for("admin.signin.first", dead="yes"), 303)
    return render_template("admin/signin.html", email=found.email, dead=False)


@routes.post("/sign-in/<token>")
@identity.proves("operator link")
def enter(token: str) -> ResponseReturnValue:
    """Uses the link up: of two that try at once, one gets in."""
    state = app_state.current()
    with transaction(state.engine) as conn:
        found = _good(conn, token)
        used = delete(operator_links).where(operator_links.c.digest == identity.digest(token))
        if found is None or conn.execute(used).rowcount != 1:
            return redirect(url_for("admin.signin.first", dead="yes"), 303)
    identity.sign_in(Operator(found.id, found.email), now=state.clock())
    return redirect(url_for("admin.overview.start"), 303)


@routes.post("/sign-out")
@identity.operators_only
def leave(_: Operator) -> ResponseReturnValue:
    identity.sign_out()
    return redirect(url_for("admin.signin.first"), 303)


@routes.post("/sign-out-everywhere")
@identity.operators_only
def leave_everywhere(operator: Operator) -> ResponseReturnValue:
    state = app_state.current()
    with transaction(state.engine) as conn:
        here = update(operators).where(operators.c.id == operator.id)
        conn.execute(here.values(sessions_from=state.clock()))
    identity.sign_out()
    return redirect(url_for("admin.signin.first"), 303)


def _good(conn: Connection, token: str) -> Row[Any, Any] | None:
    """The operator whose link this is, while it is good."""
    return conn.execute(
        select(operators.c.id, operators.c.email)
        .join(operator_links, operator_links.c.operator_id == operators.c.id)
        .where(operator_links.c.digest == identity.digest(token))
        .where(operator_links.c.expires_at > app_state.current().clock())
    ).first()
