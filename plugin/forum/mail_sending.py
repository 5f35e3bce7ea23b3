"""Hands the waiting mails to the operator's mail server. The work of the shelf `mail`."""

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from sqlalchemy import update

from plugin.app_state import Kithspark
from plugin.forum import links
from plugin.forum.mails import PURPOSE, SHELF
from store.database import transaction
from store.errors import GiveUp, TryLater
from store.waiting import Claimed, Superseded

TIMEOUT_S = 10.0


def send(app: Kithspark, claimed: Claimed) -> None:
    """Sends one mail. Nobody can ask a mail server later whether it took one: if that is unclear we stop.

    Raises TryLater before the server was given the mail; GiveUp if it refused it, if nobody knows whether
    it took it, or if the link in it has expired; Superseded.
    """
    row = claimed.row
    if claimed.attempts > 1 and not row["reason"]:
        raise GiveUp("The program ended while this mail was being sent: nobody knows whether it left.")
    if app.clock() > row["created_at"] + links.LASTS:
        raise GiveUp("The link in this mail has expired: its reader can ask for a new one.")
    text = app.vault.open(claimed.workspace_id, PURPOSE, row["sealed"])
    message = _message(row["email"], row["subject"], text, sender=app.settings.mail_from or "")
    with transaction(app.engine) as conn:  # no reason left: if we die from here on, the next try sees it
        if not conn.execute(update(SHELF.table).where(SHELF.held(claimed)).values(reason="")).rowcount:
            raise Superseded
    _hand_over(message, app.settings.smtp_url or "")
    with transaction(app.engine) as conn:
        if not SHELF.done(conn, claimed):
            raise Superseded


def _message(to: str, subject: str, text: str, *, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def _hand_over(message: EmailMessage, url: str) -> None:
    try:
        server = _connect(url)
    except (OSError, smtplib.SMTPException) as trouble:
        raise TryLater(f"The mail server did not let us in ({type(trouble).__name__}): check it.") from None
    with server:
        try:
            server.send_message(message)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as no:
            raise GiveUp(f"The mail server refused the mail ({type(no).__name__}).") from None
        except (OSError, smtplib.SMTPException) as unclear:
            raise GiveUp(
                f"The mail server went silent ({type(unclear).__name__}): nobody knows if it took the mail."
            ) from None


def _connect(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host = parts.hostname or ""
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        context = ssl.create_default_context()
        server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT_S, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT_S)
    try:
        server.ehlo()
        if parts.scheme != "smtps" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server
