"""Signing in without a password: ask for a link, follow it, press the button.

Every address gets the same answer, known or not. The link alone changes nothing: mail scanners open
links, so only the button behind it uses it up.
"""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from plugin.app_state import current
from plugin.forum import links, mails, members, visits, words
from plugin.forum.links import Link
from plugin.forum.visits import Visit
from plugin.pages import limits
from plugin.translating import gettext as _
from store import workspaces
from store.database import reading, transaction


def _asked_address() -> str:
    return f"{request.view_args}:{members.address(request.form.get('email', ''))}"


def show(slug: str) -> str:
    with reading(current().engine) as conn:
        visit = visits.arrive(conn, slug)
    then = visits.path_within(slug, request.args.get("then", ""))
    return render_template("forum/sign_in.html", **visits.frame(visit), then=then, email="", problem="")


@limits.limit("30/hour", per_method=True)
@limits.limit("5 per 15 minutes", key_func=_asked_address)
def send_link(slug: str) -> Response | tuple[str, int]:
    app = current()
    typed = request.form.get("email", "")
    email, then = members.address(typed), visits.path_within(slug, request.form.get("then", ""))
    with transaction(app.engine) as conn:
        visit = visits.arrive(conn, slug)
        if email is not None:
            token = links.issue(conn, visit.workspace.id, Link(email, then), now=app.clock())
            link = mails.write_sign_in(conn, app, visit.workspace, email, token=token)
    if email is None:
        problem = _("That is not an e-mail address. It looks like ana@example.com.")
        page = {"then": then, "email": typed[: members.LONGEST_ADDRESS], "problem": problem}
        return render_template("forum/sign_in.html", **visits.frame(visit), **page), 422
    mails.announce(app, email, link)
    return redirect(url_for("forum.link_sent", slug=slug), 303)


def sent(slug: str) -> str:
    app = current()
    with reading(app.engine) as conn:
        visit = visits.arrive(conn, slug)
    return render_template(
        "forum/link_sent.html", **visits.frame(visit), sends_mail=app.settings.smtp_url is not None
    )


def follow(slug: str, token: str) -> str | tuple[str, int]:
    app = current()
    with reading(app.engine) as conn:
        visit = visits.arrive(conn, slug)
        link = links.look(conn, visit.workspace.id, token, now=app.clock())
        known = members.by_email(conn, visit.workspace.id, link.email) if link else None
    if link is None:
        return _dead_link(visit)
    return _welcome_page(visit, token, link.email, name=known.name if known else "")


@limits.limit("60/hour")
def enter(slug: str, token: str) -> str | Response | tuple[str, int]:
    app = current()
    name = words.one_line(request.form.get("name", ""))[: members.LONGEST_NAME].strip()
    with transaction(app.engine) as conn:
        visit = visits.arrive(conn, slug)
        workspace = visit.workspace
        look = links.use if name else links.look
        link = look(conn, workspace.id, token, now=app.clock())
        if link and name:
            member = members.welcome(
                conn, workspace.id, link.email, name=name, language=_language(), now=app.clock()
            )
    if link is None:
        return _dead_link(visit)
    if not name:
        problem = _("Tell us what to call you. Others see it beside your posts.")
        return _welcome_page(visit, token, link.email, name="", problem=problem), 422
    visits.sign_in(workspace, member)
    return redirect(visits.path_within(slug, link.then), 303)


def leave(slug: str) -> Response:
    with reading(current().engine) as conn:
        workspace = workspaces.by_slug(conn, slug)
    visits.sign_out(workspace)
    return redirect(url_for("forum.board", slug=slug), 303)


def _welcome_page(visit: Visit, token: str, email: str, *, name: str, problem: str = "") -> str:
    page = {"token": token, "email": email, "name": name, "problem": problem}
    return render_template("forum/welcome.html", **visits.frame(visit), **page)


def _dead_link(visit: Visit) -> tuple[str, int]:
    return render_template("forum/dead_link.html", **visits.frame(visit)), 410


def _language() -> str | None:
    """The first language that the browser asks for, without its region: 'de'."""
    best = request.accept_languages.best
    tag = best.split("-")[0].lower() if best else ""
    return tag if tag.isascii() and tag.isalpha() and len(tag) <= 3 else None
