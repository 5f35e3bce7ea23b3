"""A helpdesk with one customer's ticket, and our attempts to answer it: the words of the reply tests."""

from collections.abc import Mapping
from typing import Any

from connectors.outcomes import Blocked, NotYet, Outcome
from connectors.zendesk.attempts import Attempt
from connectors.zendesk.client import Zendesk as Client
from connectors.zendesk.reply import attempt
from lineage.notices import Sending
from sandbox.zendesk import Zendesk
from sandbox.zendesk.records import Ticket, User
from store.errors import GiveUp, TryLater

SETTLE_S = 90.0
MARK = ("0123456789abcdef",)


class Desk:
    """Ana's ticket, an agent, and one message that is to reach Ana once."""

    def __init__(self) -> None:
        self.zendesk = Zendesk().start()
        self.client = Client(
            url=self.zendesk.url, client_id=self.zendesk.client_id, client_secret=self.zendesk.client_secret,
            timeout_s=5,
        )  # fmt: skip
        self.agent: User = self.zendesk.add_agent("Agnes", "agnes@helpdesk.example")
        self.ana: User = self.zendesk.add_user("Ana", "ana@acme.example")
        self.ticket: Ticket = self.zendesk.open_ticket(self.ana, "Export to PDF", "We need it")
        self.kept: dict[str, Any] = {"external_id": "kithspark:1:0123456789abcdef"}
        self.place = f"zendesk:ticket:{self.ticket.id}"
        self.tried: tuple[str, ...] = (self.place,)
        self.mark: tuple[str, ...] = MARK
        self.subject = ""
        self.person_keys: tuple[str, ...] = (str(self.ana.id),)
        self.still_owed = self.may_write = self.public = True
        self.zendesk.clock.advance(60)

    def close(self) -> None:
        self.client.close()
        self.zendesk.stop()

    @property
    def sending(self) -> Sending:
        return Sending(
            1, 1, self.place, "It is out.", "<p>It is out.</p>", "en", self.mark,
            self.person_keys, self.tried, dict(self.kept), public=self.public, still_owed=self.still_owed,
            may_write=self.may_write, subject=self.subject,
        )  # fmt: skip

    def say(self, client: Any = None) -> Outcome:
        """One attempt, at the vendor's present time."""

        def keep(facts: Mapping[str, Any]) -> None:
            self.kept.update(facts)

        now = self.zendesk.clock.now()
        return attempt(Attempt(client or self.client, self.sending, now, SETTLE_S, keep))

    def try_to_say(self, client: Any = None) -> Outcome:
        """The same, as the job that tells people sees it: trouble is an outcome, a bug is none."""
        try:
            return self.say(client)
        except TryLater as trouble:
            return NotYet(trouble.after_s, str(trouble))
        except GiveUp as refusal:
            return Blocked(str(refusal))

    def pass_time(self, seconds: float) -> None:
        self.zendesk.clock.advance(seconds)

    def answer_a_closed_ticket(self) -> None:
        self.zendesk.close(self.ticket)
        self.place = f"zendesk:followup:{self.ticket.id}"
        self.tried = (*self.tried, self.place)
        self.pass_time(60)

    @property
    def told(self) -> int:
        """How often Ana was told, by the vendor's own ledger."""
        return sum(write.public for write in self.zendesk.ledger)

    def mailed(self, words: str) -> int:
        return sum(words in mail.body for mail in self.zendesk.mails("ana@acme.example"))


class WithMeanwhile:
    """The real client, but for something that happens just before one of its calls."""

    def __init__(self, client: Client, call: str, meanwhile: Any) -> None:
        self._client, self._call, self._meanwhile = client, call, meanwhile

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._client, name)
        if name != self._call or self._meanwhile is None:
            return real

        def first_this(*args: Any, **kwargs: Any) -> Any:
            meanwhile, self._meanwhile = self._meanwhile, None
            meanwhile()
            return real(*args, **kwargs)

        return first_this
