"""What Zendesk's answers say of its rate limits, and how much of them we take.

Agents and other programs share the limits with us: 60 % are ours. A reply is one update of a ticket, and some
readings before and after it, so both limits bound it (developer.zendesk.com, "Rate limits"; the names of the
headers as recorded answers have them).
"""

import re
from collections.abc import Mapping

UPDATES_A_MINUTE = 100
"""Of tickets, for one account, until a header says otherwise."""
SHARE = 0.6
CALLS_A_REPLY = 4
"""Ticket, audits, requester, and the write; a test counts them."""
CEILING = SHARE * UPDATES_A_MINUTE

UPDATES = ("zendesk-rate-limit-tickets-update", "zendesk-ratelimit-tickets-update")
CALLS = ("x-rate-limit", "ratelimit-limit")
WORDS = re.compile(r"(total|remaining|resets)=(\d{1,9})")


def ceiling(headers: Mapping[str, str]) -> float | None:
    """Replies a minute that we may write; None where the answer says nothing of updates."""
    updates = _words(headers).get("total")
    if not updates:
        return None
    calls = calls_a_minute(headers)
    by_calls = SHARE * calls / CALLS_A_REPLY if calls else float("inf")
    return min(SHARE * updates, by_calls)


def calls_a_minute(headers: Mapping[str, str]) -> int | None:
    """Calls a minute that the account bears, whoever makes them; None where the answer does not say it."""
    told = next((headers[name] for name in CALLS if headers.get(name, "").isdigit()), "")
    return int(told) if told and int(told) else None


def rest_s(headers: Mapping[str, str]) -> float | None:
    """Seconds until the limit of updates is free again, where it is used up."""
    words = _words(headers)
    return float(words["resets"]) if words.get("remaining") == 0 and words.get("resets") else None


def _words(headers: Mapping[str, str]) -> dict[str, int]:
    told = next((headers[name] for name in UPDATES if name in headers), "")
    return {name: int(number) for name, number in WORDS.findall(told)}
