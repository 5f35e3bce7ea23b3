"""The customers' side: their mail programs, and writing to support."""

from itertools import groupby

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from sandbox.zendesk.problems import Problem, missing
from sandbox.zendesk.records import Json, Mail, User
from sandbox.zendesk.rest.here import account, vendor

routes = Blueprint("zendesk_inbox", __name__, url_prefix="/inbox")


def customers() -> list[User]:
    return [one for one in account().users.values() if not one.staff and one.active and one.email]


@routes.get("")
def people() -> ResponseReturnValue:
    counts = {one.id: len(vendor().mails(one.email or "")) for one in customers()}
    homes = account().organizations
    return render_template(
        "people.html", people=customers(), counts=counts, organizations=homes, title="Inboxes"
    )


@routes.get("/<email>")
def inbox(email: str) -> ResponseReturnValue:
    user = owner(email)
    return render_template("inbox.html", user=user, threads=threads(user), title=f"{user.name}'s inbox")


def owner(email: str) -> User:
    """Raises Problem 404."""
    user = account().user_by_email(email)
    if user is None:
        raise missing()
    return user


def threads(user: User) -> list[Json]:
    """By ticket, the one with the newest mail first: what they wrote there and what they were mailed."""
    mails = sorted(vendor().mails(user.email or ""), key=lambda mail: mail.ticket)
    received = {ticket: list(found) for ticket, found in groupby(mails, key=lambda mail: mail.ticket)}
    own = {one.id for one in account().tickets.values() if one.requester_id == user.id and not one.deleted_at}
    found = [thread(user, ident, received.get(ident, [])) for ident in sorted(own | set(received))]
    return sorted(found, key=lambda one: str(one["at"]), reverse=True)


def thread(user: User, ident: int, mails: list[Mail]) -> Json:
    ticket = account().tickets.get(ident)
    sent = [
        Mail("support", ident, "", event["body"], audit.created, user.name)
        for audit, event in (ticket.comments() if ticket else [])
        if event["author_id"] == user.id
    ]
    letters = sorted([*sent, *mails], key=lambda mail: mail.at)
    subject = ticket.subject if ticket else mails[0].subject
    return {"id": ident, "subject": subject, "ticket": ticket, "letters": letters, "at": letters[-1].at}


@routes.post("/<email>")
def write(email: str) -> ResponseReturnValue:
    """Answer in a thread, or write anew."""
    user, words = owner(email), request.form.get("words", "").replace("\r\n", "\n").strip()
    try:
        if words and (ident := request.form.get("ticket")):
            vendor().reply_as(user, account().ticket(int(ident)), words)
        elif words:
            subject = request.form.get("subject", "").strip() or words.splitlines()[0][:60]
            vendor().open_ticket(user, subject, words)
    except Problem as e:
        return f"Your mail came back: {e.body.get('description')}", e.status
    return redirect(f"/inbox/{email}", 303)
