"""Tickets on which a person has to look before anything is said: what stands against a public reply there."""

from collections.abc import Mapping
from typing import Any

from connectors.outcomes import Blocked
from connectors.zendesk import marks
from connectors.zendesk.attempts import Attempt

SUSPENDED = "the requester is suspended in Zendesk: lift the suspension, then try again"
SIDE_CONVERSATION = "side_conversation"
WARNED = "warned"
"""What is kept of a warning, so that whoever lets the message go after it is not warned again."""


def objection(attempt: Attempt, ticket: Mapping[str, Any], requester: str) -> Blocked | None:
    if ticket.get("from_messaging_channel"):
        return Blocked("a messaging ticket: a comment would not reach the conversation, answer it by hand")
    if (ticket.get("via") or {}).get("channel") == SIDE_CONVERSATION:
        return Blocked("a side conversation: whoever asked is answered on the ticket that it belongs to")
    if attempt.client.user(requester).get("suspended"):
        return Blocked(SUSPENDED)
    return answered_with_problem(attempt, ticket)


def answered_with_problem(attempt: Attempt, ticket: Mapping[str, Any]) -> Blocked | None:
    """Whoever solves a problem answers all its incidents: then what we say may be said twice.

    Once a person has seen that and lets it go all the same, nothing stands against it.
    """
    problem = ticket.get("problem_id")
    if ticket.get("type") != "incident" or not problem:
        return None
    answered = next((one for one in attempt.client.audits(ticket["id"]) if _answers(one)), None)
    if answered is None or attempt.sending.kept.get(WARNED) == str(answered.get("id")):
        return None
    attempt.keep({WARNED: str(answered.get("id"))})
    return Blocked(
        f"Zendesk put the answer to problem {problem} on this ticket already: read it, then cancel this, or "
        "try again and approve it"
    )


def _answers(audit: Mapping[str, Any]) -> bool:
    """Whether this change came from the problem, with words that the requester reads."""
    events = [one for one in marks.listed(audit.get("events")) if isinstance(one, Mapping)]
    vias = [audit.get("via"), *(one.get("via") for one in events)]
    from_problem = any(((via or {}).get("source") or {}).get("rel") == "problem" for via in vias)
    return from_problem and any(one.get("type") == "Comment" and one.get("public") for one in events)
