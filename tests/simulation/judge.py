"""What must be true, whatever goes wrong: the vendor's own ledger is asked, not our rows."""

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from connectors.zendesk.marks import KEY
from tests.simulation.account import ANA, Write
from tests.simulation.loop import Wrong
from tests.simulation.rows import FINAL, UNDER_WAY, Row

if TYPE_CHECKING:
    from lineage.notices import Sending
    from tests.simulation.run import Run
    from tests.simulation.worker import Worker


class Judge:
    def __init__(self, run: "Run") -> None:
        self.run = run
        self._saying: dict[Worker, Sending] = {}
        self._owed: dict[Worker, set[int]] = {}
        self._suspended_at_first: dict[Worker, bool] = {}
        self._read: dict[Worker, set[int]] = defaultdict(set)

    # While it goes on

    def before_it_begins(self, worker: "Worker") -> None:
        """What is owed at the moment of a transaction, as people and the issue have it."""
        owed = self.run.house.owed()
        rows = self.run.rows.values()
        self._owed[worker] = {row.id for row in rows if not row.settled_by and (owed or row.lane == "note")}

    def begins(self, worker: "Worker", sending: "Sending") -> None:
        self._saying[worker] = sending
        self._suspended_at_first[worker] = ANA in self.run.account.suspended and sending.public
        self._read[worker].clear()
        if sending.still_owed and sending.notice not in self._owed[worker]:
            raise Wrong(f"notice {sending.notice} is begun, and is not owed any more")

    def suspension_lifted(self) -> None:
        """Whoever reads her now may write; that she is suspended anew is not known to them."""
        self._suspended_at_first.clear()

    def read(self, worker: "Worker", ticket: int) -> None:
        self._read[worker].add(ticket)

    def writes(self, worker: "Worker", ticket: int | None, metadata: Mapping[str, Any]) -> None:
        """A worker is about to send."""
        sending = self._saying[worker]
        if ticket is not None and ticket not in self._read[worker]:
            raise Wrong(f"{worker.name} writes on #{ticket} without having read what stands there")
        if ticket is not None and KEY not in metadata:
            return  # the note that takes it back
        if not sending.still_owed:
            raise Wrong(f"{worker.name} says what was taken back before it began")
        begun = sending.kept.get("created_at")  # the same bytes once more may go, whatever became of her
        if ANA in self.run.account.suspended and self._suspended_at_first.get(worker) and not begun:
            raise Wrong(f"{worker.name} writes to somebody who was suspended before it began")
        if not sending.may_write:
            raise Wrong(f"{worker.name} writes while the workspace is paused")
        row = self.run.rows[sending.notice]
        # Of a row that another has by now, the row says what that one knows; the stamp is against this write.
        if worker.holds(row.fence) and row.state == "sending" and not row.in_doubt:
            raise Wrong(f"{worker.name} sends before anything says that it might have")

    def landed(self, write: Write) -> None:
        """Something of ours stands on a ticket since this moment."""
        self.run.loop.say("zendesk", f"has our {_kind(write)} on #{write.ticket}")
        for word in write.words:
            times = [one for one in self.run.account.ledger if word in one.words]
            if len(times) > 1:
                where = ", ".join(f"#{one.ticket}" for one in times)
                raise Wrong(f"{word!r} was said {len(times)} times, on {where}")
        torn = self.run.scene.torn_s  # then somebody can always come between what is compared and written
        if write.public and write.requester != ANA and not torn:
            raise Wrong(f"#{write.ticket} tells somebody else what only Ana is to know")
        rows = [row for row in self.run.rows.values() if set(row.mark) & set(write.words)]
        if not any(row.state in UNDER_WAY for row in rows):
            states = ", ".join(f"{row.id} is {row.state}" for row in rows)
            raise Wrong(f"{write.words} arrives on #{write.ticket}, and nobody expects it: {states}")

    # At the end

    def judge(self) -> None:
        for row in self.run.rows.values():
            self._ended(row)
        public = {word for write in self.run.account.ledger if write.public for word in write.words}
        owed = self.run.house.owed() and not any(row.decided for row in self.run.rows.values())
        if owed and self._can_be_told():
            raise Wrong("Ana is owed it, there is a place to say it, and she was never told")
        if self.run.house.told and not public:
            raise Wrong("we believe that Ana was told, and she was not")
        if public and not self.run.house.told and not self.run.house.erased:
            raise Wrong("Ana was told, and we do not know it")

    def _ended(self, row: Row) -> None:
        final = row.state in FINAL
        if final != (row.due_at is None and row.parked_at is None):
            raise Wrong(f"notice {row.id} is {row.state}, due {row.due_at}, parked {row.parked_at}")
        if row.due_at is not None:
            raise Wrong(f"notice {row.id} never comes to an end: {row.state}, due {row.due_at}")
        if row.state in UNDER_WAY or (row.parked_at and self._can_be_told()):
            raise Wrong(f"notice {row.id} is parked without need: {row.state}, {row.reason}")
        times = sum(set(row.mark) <= set(write.words) for write in self.run.account.ledger)
        if row.state in {"confirmed", "posted_not_emailed"} and times != 1:
            raise Wrong(f"notice {row.id} is {row.state}, and stands there {times} times")
        if row.state not in {"confirmed", "posted_not_emailed"} and not row.reason:
            raise Wrong(f"notice {row.id} is {row.state}, and nobody says why")

    def _can_be_told(self) -> bool:
        """Whether there is a place to tell Ana, over there and as far as we have read."""
        place, why = self.run.house.place()
        if place.startswith("zendesk:proactive:"):
            return not why
        return not why and self.run.account.tickets[int(place.rpartition(":")[2])].requester == ANA


def _kind(write: Write) -> str:
    return f"message {write.words}" if write.public else f"note {write.words}"
