"""Whether all of our work can be done at a Zendesk, tried in earnest on a ticket of our own.

The ticket is an operator's, about nothing, and tagged; nobody else's is touched, and none is known to us
afterwards. Its answer goes out as every other: by `reply.py`, with a mark that is read back.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from connectors.errors import Conflict, Refused, Unavailable
from connectors.outcomes import Outcome
from connectors.zendesk import marks
from connectors.zendesk.attempts import Attempt
from connectors.zendesk.check import Line, check
from connectors.zendesk.client import Zendesk
from connectors.zendesk.reply import attempt
from lineage.notices import Sending

TAG = "kithspark_self_test"
NEEDED = frozenset({"read", "write"})
"""The scopes that we ask for."""


class Opened(NamedTuple):
    ticket: str
    requester: str


@dataclass(frozen=True, slots=True)
class Probe:
    """One test: `key` tells it from every other; `ours` is the user as whom we act; `text` is the answer."""

    key: str
    ours: str
    name: str
    email: str
    text: str

    @property
    def mark(self) -> tuple[str, ...]:
        """What its answer bears. No reading of ours takes it for a message to a customer."""
        return (f"self-test:{self.key}",)


def able(client: Zendesk) -> list[Line]:
    """What can be known before anything is written. Raises nothing of a vendor's."""
    found = check(client)
    if client.scopes is not None:
        lacking = lacks(client)
        granted = "reading and writing are granted"
        words = without(lacking) if lacking else granted
        found.insert(1, ("scopes", not lacking, words))
    return found


def lacks(client: Zendesk) -> list[str]:
    """The scopes that we ask for and that were not granted, as far as Zendesk says what it grants."""
    return sorted(NEEDED - client.scopes) if client.scopes is not None else []


def without(scopes: list[str]) -> str:
    return (
        f"Zendesk does not grant {' or '.join(scopes)} to this OAuth client. Make one of the kind "
        "confidential, signed in as an administrator, and connect with that."
    )


def open_ticket(client: Zendesk, probe: Probe, *, subject: str, words: str) -> Opened:
    """A ticket of the operator's, with an internal note. With the same test again it is the same ticket.

    Raises Unavailable, Refused, Unauthorized.
    """
    ticket = {
        "subject": subject,
        "comment": {"body": words, "public": False},
        "requester": {"name": probe.name, "email": probe.email},
        "assignee_id": int(probe.ours),
        "status": "open",
        "tags": [TAG],
    }
    body = json.dumps({"ticket": ticket}, ensure_ascii=False, sort_keys=True).encode()
    made = client.create_ticket(body, idempotency_key=f"kithspark-self-test-{probe.key}")["ticket"]
    return Opened(str(made["id"]), str(made.get("requester_id")))


def answer(
    client: Zendesk, probe: Probe, opened: Opened, *, kept: Mapping[str, Any], settle_s: float,
    keep: Callable[[Mapping[str, Any]], None], now: datetime,
) -> Outcome:  # fmt: skip
    """One attempt at the answer, by the protocol of every reply. Raises Unavailable and Refused."""
    sending = Sending(
        notice=0, workspace_id=0, place=f"zendesk:ticket:{opened.ticket}", text=probe.text, html="",
        language="", mark=probe.mark, person_keys=(opened.requester,), tried_places=(), kept=kept,
        public=True, still_owed=True,
    )  # fmt: skip
    return attempt(Attempt(client, sending, now, settle_s, keep))


def read_back(client: Zendesk, probe: Probe, opened: Opened) -> Line:
    """Whether the mark is found where every later attempt looks for it: by it nothing is said twice."""
    try:
        where = marks.Place(f"zendesk:ticket:{opened.ticket}", opened.ticket, (opened.requester,))
        found = marks.said_in(client.audits(opened.ticket), probe.mark, where)
    except (Unavailable, Refused) as trouble:
        return ("read back", False, str(trouble))
    if found is not None:
        return ("read back", True, "its mark stands in the ticket’s audit")
    words = (
        "The mark of the reply does not come back in the ticket’s audit. Pause the workspace, and tell us: "
        "without it a reply whose outcome is unknown could be written twice."
    )
    return ("read back", False, words)


def close(client: Zendesk, opened: Opened) -> Line:
    """Solved, so that it is in nobody's way."""
    try:
        client.put_ticket(opened.ticket, {"ticket": {"status": "solved"}})
    except (Unavailable, Refused, Conflict) as trouble:
        words = f"Solve ticket {opened.ticket} yourself, it bears the tag {TAG}. {trouble}"
        return ("closed", False, words)
    return ("closed", True, f"ticket {opened.ticket} is solved, with the tag {TAG}")
