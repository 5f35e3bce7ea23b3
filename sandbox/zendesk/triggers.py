"""The account's business rules: which comment is mailed to whom. What they did stands in the same audit."""

from sandbox.zendesk.account import Account
from sandbox.zendesk.records import Applied, Audit, Json, Mail, Ticket, via

COMMENT_TITLE = "Notify requester of comment update"
PROACTIVE_TITLE = "Notify requester of new proactive ticket"


def run_triggers(account: Account, ticket: Ticket, audit: Audit, *, created: bool) -> None:
    """Mail the public comments that staff made to those who should read them."""
    active = account.knobs.mail_on_proactive if created else account.knobs.mail_on_comment
    for comment in audit.comments():
        author = account.user(comment["author_id"])
        if not (active and comment["public"] and author.staff):
            continue
        recipients = [ident for ident in readers(account, ticket) if ident != author.id]
        if recipients:
            audit.events.append(notification(account, ticket, comment, recipients, created=created))


def readers(account: Account, ticket: Ticket) -> list[int]:
    """Requester and those in copy, without a suspended requester; one suspended in copy: no copies."""
    copies = [ident for ident in ticket.collaborator_ids if ident != ticket.requester_id]
    if any(account.user(ident).suspended for ident in copies):
        copies = []
    first = [] if account.user(ticket.requester_id).suspended else [ticket.requester_id]
    return [ident for ident in first + copies if account.user(ident).email]


def notification(
    account: Account, ticket: Ticket, comment: Json, recipients: list[int], *, created: bool
) -> Json:
    """The audit event of one mail, and the mail itself in the recipients' inboxes."""
    subject = ticket.subject if created else f"Re: {ticket.subject}"
    sender = account.user(comment["author_id"]).name
    body = f"{comment['body']}\n\n--\n{sender} · request #{ticket.id}"
    for ident in recipients:
        to = account.user(ident).email or ""
        account.mails.append(Mail(to, ticket.id, subject, comment["body"], account.clock.now(), sender))
    title = PROACTIVE_TITLE if created else COMMENT_TITLE
    source = {"deleted": False, "title": title, "id": 360_000_000 + len(title)}
    return {
        "id": account.new_id(),
        "type": "Notification",
        "via": via("rule", rel="trigger", source=source),
        "subject": subject,
        "body": body,
        "recipients": recipients,
    }


def note_mark(account: Account, ticket: Ticket, audit: Audit, followup_of: int | None = None) -> None:
    """Keep the writes that carry a mark, for whoever judges afterwards."""
    if not audit.custom:
        return
    mailed = [i for event in audit.events if event["type"] == "Notification" for i in event["recipients"]]
    for comment in audit.comments():
        account.ledger.append(
            Applied(
                ticket=ticket.id,
                audit=audit.id,
                at=account.clock.now(),
                author=comment["author_id"],
                mark=audit.custom,
                public=comment["public"],
                body=comment["body"],
                mailed=tuple(mailed),
                followup_of=followup_of,
            )
        )
