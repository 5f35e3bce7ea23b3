"""The same short words on every face: how far an ask is, where somebody is answered, what is sent when."""

from collections.abc import Mapping

from flask import Blueprint

from lineage.questions.views import AskView, ItemView
from lineage.terms import ItemId, NoticeState, Standing

STANDINGS: Mapping[Standing, str] = {
    Standing.WAITING: "Waiting, not begun",
    Standing.STARTED: "Being worked on",
    Standing.PART_DELIVERED: "{d} of {n} parts delivered",
    Standing.DELIVERED: "Delivered",
    Standing.DELIVERED_IN_PART: "{d} of {n} parts delivered, the rest will not be",
    Standing.DECLINED: "Will not be done",
    Standing.WITHDRAWN: "Withdrawn",
}

NOTICE_STATES: Mapping[str, str] = {
    NoticeState.HELD: "goes out by itself",
    NoticeState.AWAITING_APPROVAL: "waits for approval",
    NoticeState.QUEUED: "about to go out",
    NoticeState.SENDING: "going out now",
    NoticeState.UNKNOWN: "outcome unknown, being read back",
    NoticeState.SENT: "sent",
    NoticeState.CONFIRMED: "sent, mailed to the requester",
    NoticeState.POSTED_NOT_EMAILED: "posted, Zendesk mailed nobody",
    NoticeState.BLOCKED: "blocked",
    NoticeState.CANCELLED: "cancelled",
    NoticeState.SKIPPED: "skipped",
}

NEWS: Mapping[str, str] = {
    "linked": "we have it",
    "started": "somebody works on it",
    "part_delivered": "a part is out",
    "delivered": "it is out",
    "declined": "it will not be done",
    "correction": "a correction",
}

PLACES: Mapping[str, str] = {
    "zendesk:ticket": "in ticket {}",
    "zendesk:followup": "in a follow-up to closed ticket {}",
    "zendesk:community": "in the community, post {}",
    "forum:post": "in the forum, post {}",
    "forum:vote": "by a vote in the forum, post {}",
}


def use(routes: Blueprint) -> None:
    """Make these known to the templates of the app that these routes become part of."""
    routes.add_app_template_filter(how_far)
    routes.add_app_template_filter(all_parts)
    routes.add_app_template_filter(place)
    routes.add_app_template_filter(lambda state: NOTICE_STATES.get(state, state), "notice_state")
    routes.add_app_template_filter(lambda kind: NEWS.get(kind, kind), "news")


def all_parts(item: ItemView) -> tuple[ItemId, ...]:
    """What somebody may have asked for of a split item: the part it keeps itself, unless it is a container,
    and the others. None for an item that was not split.
    """
    if not item.split:
        return ()
    return item.parts if item.keeps_part is False else (item.id, *item.parts)


def how_far(ask: AskView) -> str:
    """The standing of one person's ask: `1 of 2 parts delivered`."""
    return STANDINGS[ask.standing].format(d=ask.delivered, n=ask.parts)


def place(where: str, here: str = "") -> str:
    """A place in words; `here` is the ticket that the reader has open.

    >>> place("zendesk:ticket:7", here="7"), place("zendesk:followup:9"), place("forum:vote:4:2")
    ('in this ticket', 'in a follow-up to closed ticket 9', 'by a vote in the forum, post 4')
    """
    system, what, ident = (*where.split(":", 2), "", "")[:3]
    if (system, what, ident) == ("zendesk", "ticket", here):
        return "in this ticket"
    words = PLACES.get(f"{system}:{what}")
    return words.format(ident.split(":")[0]) if words else where or "nowhere: there is no place to answer"
