"""Named points at which a test has this very process killed: nothing may be lost, nothing said twice.

Nothing happens at them unless two things come together that nobody does by accident: the process was
started with `KITHSPARK_CRASH_AT=FILE`, and that file is there and names a point. Whichever process comes to
the point takes the file away and dies by SIGKILL, as by a power cut: once, whoever is started again.

    reply.audits_read        the point, one of `POINTS`
    reply.audits_read 3      the third time that a process comes there

`tests/crashes` kills real processes at every one of them, and fails for a point that nobody comes to.
"""

import os
import signal
import threading
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import structlog

POINTS: Mapping[str, str] = {
    "webhook.kept": "a delivery is committed; nobody is woken",
    "webhook.rung": "the workers are woken; the vendor has no answer",
    "webhook.answered": "the 202 is handed to the server",
    "doorbell.rung": "a job lies in Redis (only with Redis, as the next two)",
    "doorbell.taken": "RQ gave the job to a worker, which is not woken yet",
    "doorbell.done": "the worker is woken, and RQ has the job as done",
    "inbox.claimed": "a delivery is leased to a worker",
    "inbox.done": "the looks that it asks for are committed",
    "looks.claimed": "a look is leased to a worker",
    "looks.read": "the vendor answered; nothing of it is written",
    "looks.done": "what was seen, the counts, notices and pushes are committed",
    "looks.put_off": "the vendor did not answer; the next try is committed",
    "sync.read": "a reconciliation knows what changed; nothing is written",
    "sync.kept": "its looks and its watermark are committed",
    "replans.claimed": "the planning for many is leased to a worker",
    "replans.done": "a hundred persons' notices are committed",
    "pushes.claimed": "an issue's demand is leased to a worker",
    "pushes.read": "what stands on the issue was read",
    "pushes.answered": "Jira has the new value and said so; nothing is written here",
    "pushes.done": "it is committed that it was pushed",
    "notices.claimed": "a notice is leased to a worker",
    "notices.elsewhere_read": "its mark was looked for where it was attempted before",
    "notices.place_read": "its place turned out to be another one; what was found is committed",
    "reply.begun": "words, mark and `sending` are committed; no socket was opened",
    "reply.ticket_read": "the stamp is known",
    "reply.audits_read": "the audits, read after the stamp, are known",
    "reply.kept": "it is committed that something may be sent; nothing is",
    "reply.answered": "Zendesk said that it is written; nothing is committed here",
    "reply.settled": "its end is committed",
    "note.begun": "as with a reply, of an internal note on another ticket of the person",
    "note.ticket_read": "the stamp is known",
    "note.audits_read": "the audits are known",
    "note.kept": "it is committed that something may be sent; nothing is",
    "note.answered": "Zendesk said that it is written; nothing is committed here",
    "note.settled": "its end is committed",
    "followup.begun": "as with a reply, of a new ticket that follows a closed one",
    "followup.looked": "no earlier attempt's ticket was found",
    "followup.kept": "its key and bytes are committed; nothing is sent",
    "followup.answered": "Zendesk made the ticket and said so; nothing is committed here",
    "followup.settled": "its end is committed",
    "proactive.begun": "as with a follow-up, of a ticket that is opened for a voter of the community",
    "proactive.looked": "no earlier attempt's ticket was found",
    "proactive.kept": "its key and bytes are committed; nothing is sent",
    "proactive.answered": "Zendesk made the ticket and said so; nothing is committed here",
    "proactive.settled": "its end is committed, and that the post is to say it to everybody",
    "comment.begun": "words and `sending` of an official comment on a post of the community are committed",
    "comment.read": "the comments of the post are known: none of them says it",
    "comment.kept": "it is committed that something may be sent; nothing is",
    "comment.answered": "Zendesk said that it is written; nothing is committed here",
    "comment.found": "it is committed which comment says it; its notice is not over",
    "comment.settled": "its end is committed",
    "entry.begun": "words and `sending` of an entry on a forum post are committed",
    "entry.kept": "it is committed that an entry may be there",
    "entry.posted": "the entry is committed",
    "entry.settled": "the end of its notice is committed",
    "giveup.noted": "the note that takes a write back is on the ticket, and has moved the stamp",
    "giveup.audits_read": "the audits behind it are known: nothing arrived, and nothing can any more",
    "giveup.settled": "it is committed that nothing is in flight",
    "acts.kept": "what an engineer asked for in the panel is committed; nobody is woken",
    "acts.rung": "the workers are woken; the engineer has no answer",
    "acts.claimed": "a split, a partial close or an undo is leased to a worker",
    "acts.put_off": "Jira did not answer; the next try is committed",
    "acts.parked": "Jira refused; it is committed that a person decides",
    "acts.done": "it is committed that all of it is done",
    "part.begun": "it is committed that an issue may be there; nothing is sent",
    "part.answered": "Jira made the issue and said so; nothing is committed here",
    "part.not_made": "Jira refused to make it; it is committed that it surely is not there",
    "part.looked": "it was looked for by its mark; what was found is written nowhere",
    "part.kept": "the issue is committed as the part",
    "link.begun": "which links were there before is committed; none is made",
    "link.answered": "Jira made a link and said so; nothing is committed here",
    "split.read": "the whole and its parts were read again; nothing of it is written",
    "split.recorded": "the parts and who wants which are committed, in one transaction",
    "close.begun": "how the issue stood before is committed; it is not moved",
    "close.answered": "Jira moved it to done and said so; nothing is committed here",
    "close.read": "it was read again; nothing of it is written",
    "close.recorded": "it is committed that it is done, and who is told",
    "unlink.answered": "an undo: Jira removed a link and said so; nothing is committed here",
    "reopen.answered": "an undo: Jira opened the issue again and said so; nothing is committed here",
    "undo.read": "all was read again; nothing of it is written",
    "lease.renewed": "the heartbeat of rows that take long is committed",
    "rows.given_back": "told to stop, the worker gave back what it had not begun",
}
"""Every point on the roads from a webhook, or a click in Jira, to a confirmed end, and what is true there."""

log = structlog.get_logger()
_order: Path | None = None
_passed: Counter[str] = Counter()
_lock = threading.Lock()


def obey(order: Path | None) -> None:
    """From now on, die where the file `order` says, if it is there. None: never, as in production."""
    global _order  # noqa: PLW0603 - one process dies once
    _order = order
    if order is not None:
        log.warning("crash_points_armed", order=order.name)


def reached(point: str) -> None:
    """This process is at the point. Returns at once where nobody gave an order."""
    if _order is not None:
        _die_if_meant(_order, point)


def _die_if_meant(order: Path, point: str) -> None:
    with _lock:
        try:
            wanted, _, times = order.read_text(encoding="utf-8").strip().partition(" ")
        except FileNotFoundError:
            return
        if wanted != point:
            return
        _passed[point] += 1
        if _passed[point] < int(times or 1):
            return
        try:
            order.rename(order.with_suffix(".obeyed"))
        except FileNotFoundError:  # another process was there first
            return
        os.kill(os.getpid(), signal.SIGKILL)
