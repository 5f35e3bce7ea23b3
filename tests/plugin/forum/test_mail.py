"""Sign-in mails through a mail server that speaks SMTP on a real socket."""

import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from plugin.app_state import Kithspark
from plugin.forum import mail_sending, mails
from store.database import transaction
from store.errors import GiveUp, TryLater
from store.waiting import Claimed
from store.workspaces import Workspace
from tests.plugin.forum.conftest import forum_app


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mail, or does `instead`: what it says after DATA ("" is silence, for ever)."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.taken: list[str] = []
        self.rcpt = "250 fine"
        self.after_data = "250 taken"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].upper()
            if verb == "DATA":
                if not self._take():
                    return
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say(self.server.rcpt if verb == "RCPT" else "250 fine")

    def _take(self) -> bool:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
            lines.append(line)
        self.server.taken.append("\n".join(lines))
        if self.server.after_data:
            self._say(self.server.after_data)
        return bool(self.server.after_data)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def mailing(state: Kithspark, server: MailServer, workspace: Workspace) -> Kithspark:
    """The app with this mail server set, and one mail that waits."""
    settings = state.settings.model_copy(
        update={"smtp_url": server.url, "mail_from": "Ideas <ideas@example.com>"}
    )
    app_state = replace(state, settings=settings)
    with forum_app(app_state).test_request_context(), transaction(state.engine) as conn:
        mails.write_sign_in(conn, app_state, workspace, "ana@example.com", token="secret-token")
    return app_state


def _claim(app: Kithspark, after: timedelta = timedelta()) -> Claimed:
    with transaction(app.engine) as conn:
        [claimed] = mails.SHELF.claim(conn, now=app.clock() + after, lease_s=20, limit=1)
    return claimed


def test_the_mail_brings_the_link(mailing: Kithspark, server: MailServer) -> None:
    mail_sending.send(mailing, _claim(mailing))
    [mail] = server.taken
    assert "To: ana@example.com" in mail
    assert "From: Ideas <ideas@example.com>" in mail
    assert "Subject: Sign in to Acme" in mail
    assert "http://127.0.0.1:8080/f/acme/sign-in/secret-token" in mail
    with transaction(mailing.engine) as conn:
        assert mails.SHELF.claim(conn, now=mailing.clock(), lease_s=20, limit=1) == []


def test_a_server_that_is_not_there_is_tried_again(mailing: Kithspark, server: MailServer) -> None:
    gone = replace(mailing, settings=mailing.settings.model_copy(update={"smtp_url": "smtp://127.0.0.1:1"}))
    with pytest.raises(TryLater, match="did not let us in"):
        mail_sending.send(gone, _claim(mailing))


def test_a_refused_address_is_given_up(mailing: Kithspark, server: MailServer) -> None:
    server.rcpt = "550 nobody here"
    with pytest.raises(GiveUp, match="refused"):
        mail_sending.send(mailing, _claim(mailing))


def test_a_mail_that_may_have_left_is_never_sent_again(mailing: Kithspark, server: MailServer) -> None:
    server.after_data = ""
    claimed = _claim(mailing)
    with pytest.raises(GiveUp, match="nobody knows"):
        mail_sending.send(mailing, claimed)
    again = _claim(mailing, timedelta(seconds=30))  # as after a crash: the row was not marked
    with pytest.raises(GiveUp, match="nobody knows"):
        mail_sending.send(mailing, again)
    assert len(server.taken) == 1


def test_a_mail_whose_link_has_expired_stays_here(mailing: Kithspark, server: MailServer) -> None:
    late = replace(mailing, clock=lambda: mailing.clock() + timedelta(minutes=16))
    with pytest.raises(GiveUp, match="expired"):
        mail_sending.send(late, _claim(mailing))
    assert server.taken == []
