"""The same short words on every face: how far an ask is, where somebody is answered, what is sent when."""

from collections.abc import Mapping, Sequence

from babel.lists import format_list
from flask import Blueprint

from lineage.questions.views import AskView, ItemView
from lineage.terms import ItemId, NoticeState, Standing
from lineage.wording.catalogue import later
from plugin.said import said
from plugin.translating import gettext as _
from plugin.translating import language

STANDINGS: Mapping[Standing, str] = {
    Standing.WAITING: later("Waiting, not begun"),
    Standing.STARTED: later("Being worked on"),
    Standing.PART_DELIVERED: later("%(delivered)s of %(parts)s parts delivered"),
    Standing.DELIVERED: later("Delivered"),
    Standing.DELIVERED_IN_PART: later("%(delivered)s of %(parts)s parts delivered, the rest will not be"),
    Standing.DECLINED: later("Will not be done"),
    Standing.WITHDRAWN: later("Withdrawn"),
}

NOTICE_STATES: Mapping[str, str] = {
    NoticeState.HELD: later("goes out by itself"),
    NoticeState.AWAITING_APPROVAL: later("waits for approval"),
    NoticeState.QUEUED: later("about to go out"),
    NoticeState.SENDING: later("going out now"),
    NoticeState.UNKNOWN: later("outcome unknown, being read back"),
    NoticeState.SENT: later("sent"),
    NoticeState.CONFIRMED: later("sent, mailed to the requester"),
    NoticeState.POSTED_NOT_EMAILED: later("posted, Zendesk mailed nobody"),
    NoticeState.BLOCKED: later("blocked"),
    NoticeState.CANCELLED: later("cancelled"),
    NoticeState.SKIPPED: later("skipped"),
}

NEWS: Mapping[str, str] = {
    "linked": later("we have it"),
    "started": later("somebody works on it"),
    "part_delivered": later("a part is out"),
    "delivered": later("it is out"),
    "declined": later("it will not be done"),
    "correction": later("a correction"),
}

PLACES: Mapping[str, str] = {
    "zendesk:ticket": later("in ticket %(number)s"),
    "zendesk:followup": later("in a follow-up to closed ticket %(number)s"),
    "zendesk:community": later("in the community, post %(number)s"),
    "zendesk:proactive": later("in a ticket of their own, for their vote for community post %(number)s"),
    "finding:interview": later("in an interview"),
    "finding:call": later("in a call"),
    "finding:usage": later("by what they use"),
    "forum:post": later("in the forum, post %(number)s"),
    "forum:vote": later("by a vote in the forum, post %(number)s"),
}


def use(routes: Blueprint) -> None:
    """Make these known to the templates of the app that these routes become part of."""
    routes.add_app_template_filter(how_far)
    routes.add_app_template_filter(all_parts)
    routes.add_app_template_filter(place)
    routes.add_app_template_filter(said)
    routes.add_app_template_filter(and_join)
    routes.add_app_template_filter(notice_state)
    routes.add_app_template_filter(news)


def all_parts(item: ItemView) -> tuple[ItemId, ...]:
    """What somebody may have asked for of a split item: the part it keeps itself, unless it is a container,
    and the others. None for an item that was not split.
    """
    if not item.split:
        return ()
    return item.parts if item.keeps_part is False else (item.id, *item.parts)


def how_far(ask: AskView) -> str:
    """The standing of one person's ask: `1 of 2 parts delivered`."""
    return _(STANDINGS[ask.standing], delivered=ask.delivered, parts=ask.parts)


def place(where: str, here: str = "") -> str:
    """A place in words; `here` is the ticket that the reader has open.

    >>> place("zendesk:ticket:7", here="7"), place("zendesk:followup:9"), place("forum:vote:4:2")
    ('in this ticket', 'in a follow-up to closed ticket 9', 'by a vote in the forum, post 4')
    """
    system, what, ident = (*where.split(":", 2), "", "")[:3]
    if (system, what, ident) == ("zendesk", "ticket", here):
        return _("in this ticket")
    words = PLACES.get(f"{system}:{what}")
    if words is None:
        return where or _("nowhere: there is no place to answer")
    return _(words, number=ident.split(":")[0])


def notice_state(state: str) -> str:
    return _(NOTICE_STATES.get(state, state))


def news(kind: str) -> str:
    return _(NEWS.get(kind, kind))


def and_join(names: Sequence[str]) -> str:
    """`KS-1, KS-2 and KS-3`, as the language of the page puts it."""
    return format_list(list(names), locale=language())
