"""One plain sentence for an agent: what will be said next about an ask, and what it waits for."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from babel.dates import format_datetime
from sqlalchemy import Row

from lineage.news import Policy
from lineage.outcomes import LIVE, UNDER_WAY
from lineage.questions.told import facts_for
from lineage.questions.views import CarrierView
from lineage.recipients import never
from lineage.standing import SETTLED
from lineage.terms import FINAL, AskId, Kind, Lane, Standing, State
from store.workspaces import Workspace

NOTHING_MORE = {
    Standing.WITHDRAWN: "nothing more: the request was withdrawn",
    Standing.DECLINED: "nothing more: it was declined",
    Standing.DELIVERED_IN_PART: "nothing more: the rest was declined",
    Standing.DELIVERED: "nothing more: that was everything",
}
BEFORE_THE_IMPORT = "nothing more: it was there before the import, and nobody was told"
WAITS = {
    "awaiting_approval": "draft waits for approval",
    "queued": "goes out now",
    "sending": "is being sent now",
    "unknown": "nobody knows yet whether it arrived: it is being read back",
}


def next_words(
    workspace: Workspace,
    person: Row[Any],
    messages: Iterable[Row[Any]],
    *,
    ask: AskId,
    standing: Standing,
    carriers: Sequence[CarrierView],
    before_import: bool,
) -> str:
    """What comes next for this ask. `messages`: those to its person; `person`: the row of the requester;
    `before_import`: it was imported, all of it was out by then, and nobody was told.
    """
    if standing is Standing.WITHDRAWN:
        return NOTHING_MORE[standing]
    if why := never(person):
        return f"nothing: {why}"
    for message in messages:
        if message.state in (*LIVE, *UNDER_WAY) and facts_for(message, ask):
            return _waiting(workspace, message)
    if standing is Standing.DELIVERED and before_import:
        return BEFORE_THE_IMPORT
    if standing in FINAL:
        return NOTHING_MORE[standing]
    return _when(workspace, [carrier for carrier in carriers if carrier.state not in _SAID_ALREADY])


_SAID_ALREADY = {State.DELIVERED, State.DECLINED}


def _waiting(workspace: Workspace, message: Row[Any]) -> str:
    if message.state == "blocked":
        return f"blocked: {message.reason}"
    if workspace.policy.paused and message.state in {"held", "queued"}:
        return "goes out once the pause of this workspace is over"
    if message.state == "held":
        return f"goes out on {_said(message.due_at)} UTC"
    if message.state == "queued" and message.not_before and message.due_at == message.not_before:
        return f"goes out on {_said(message.due_at)} UTC"
    return WAITS[message.state]


def _said(at: datetime) -> str:
    return format_datetime(at, "d MMM y, HH:mm", locale="en")


def _when(workspace: Workspace, pending: Sequence[CarrierView]) -> str:
    working = [carrier for carrier in pending if carrier.state not in SETTLED]
    if not working:
        return "; ".join(dict.fromkeys(_for_a_person(carrier) for carrier in pending))
    released = [c.item.key for c in working if _goes_with_a_version(workspace, c)]
    done = [c.item.key for c in working if not _goes_with_a_version(workspace, c)]
    reached = [
        f"{' or '.join(keys)} is {what}" for keys, what in ((done, "done"), (released, "released")) if keys
    ]
    kind = Kind.DELIVERED if len(pending) == 1 else Kind.PART_DELIVERED
    approved = Policy(frozenset(map(Kind, workspace.policy.auto_kinds))).lane(kind) is Lane.AUTOMATIC
    return f"when {' or '.join(reached)}{'' if approved else ', and a person approves the words'}"


def _goes_with_a_version(workspace: Workspace, carrier: CarrierView) -> bool:
    unreleased = not all(out for _, out in carrier.item.versions)
    return workspace.policy.deliver == "release" and unreleased


def _for_a_person(carrier: CarrierView) -> str:
    key = carrier.item.key
    if carrier.state is State.GONE:
        return f"{key} was deleted: link the request to another issue"
    if carrier.own and carrier.item.keeps_part is None:
        return f"when somebody says whether closing {key} was the rest of the work, or {key} is a container"
    return f"when somebody says what the resolution of {key} means, or reopens it"
