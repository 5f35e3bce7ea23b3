"""The short words of a requester's page: how far it is, where something was written."""

from collections.abc import Mapping

from lineage.terms import Standing, State
from lineage.wording.catalogue import later
from plugin.translating import gettext as _
from plugin.translating import ngettext

STANDINGS: Mapping[Standing, str] = {
    Standing.WAITING: later("We have noted it. It is not ready yet."),
    Standing.STARTED: later("We are working on it."),
    Standing.DELIVERED: later("It is ready."),
    Standing.DECLINED: later("It will not be done."),
}
STATES: Mapping[State, str] = {
    State.DELIVERED: later("ready"),
    State.STARTED: later("we are working on it"),
    State.DECLINED: later("will not be done"),
    State.OPEN: later("not ready yet"),
}


def standing(how_far: Standing, delivered: int, parts: int) -> str:
    """How far it is, in one sentence or two."""
    if how_far not in {Standing.PART_DELIVERED, Standing.DELIVERED_IN_PART}:
        return _(STANDINGS[how_far])
    if how_far is Standing.DELIVERED_IN_PART:
        return ngettext(
            "%(delivered)s of %(parts)s parts is ready. The rest will not be done.",
            "%(delivered)s of %(parts)s parts are ready. The rest will not be done.",
            delivered, delivered=delivered, parts=parts,
        )  # fmt: skip
    return ngettext(
        "%(delivered)s of %(parts)s parts is ready.", "%(delivered)s of %(parts)s parts are ready.",
        delivered, delivered=delivered, parts=parts,
    )  # fmt: skip


def state(of: State) -> str:
    return _(STATES[of])


def place(where: str) -> str:
    """Where a message was written, by the name that notices give the place."""
    system, _rest, rest = where.partition(":")
    kind, _rest, number = rest.partition(":")
    match f"{system}:{kind}":
        case "zendesk:ticket":
            return _("in your ticket #%(number)s", number=number)
        case "zendesk:followup":
            return _("in a follow-up to your ticket #%(number)s", number=number)
        case "forum:post":
            return _("in the forum")
        case _:
            return _("where you asked")
