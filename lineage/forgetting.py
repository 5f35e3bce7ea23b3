"""A person is forgotten: nothing names them any more, and what they asked for still counts (§3).

What was said to them stays known by its ids, so that it is never said again. Their own words, addresses
and name go, and with them every text that was written for them. A message on its way keeps its text and
its mark until somebody knows whether it arrived: only then can it be known not to leave twice.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, not_, select, update

from lineage import people
from lineage.changes import Erased
from lineage.endings import count_unsaid
from lineage.errors import Unknown
from lineage.likeness import embedding, keeping
from lineage.outcomes import LIVE, UNDER_WAY, notices
from lineage.remark_rows import remarks
from lineage.tables import addresses, persons, requests
from lineage.terms import PersonId
from lineage.touched import UNCHANGED, Touched
from lineage.votes import IN_COMMUNITY
from store import inbox, looks
from store.workspaces import Workspace

REASON = "asked to be forgotten"
WORDLESS: dict[str, Any] = {
    "text": "", "html": "", "sending": None, "drafted_text": None, "words_before": None,
    "entry": None,
}  # fmt: skip
"""A notice of which only ids are left."""


def erased(conn: Connection, workspace: Workspace, change: Erased, _now: datetime) -> Touched:
    """Forget who this is. Raises Unknown."""
    here = (persons.c.workspace_id == workspace.id, persons.c.id == change.person)
    known = conn.execute(select(persons).where(*here)).first()
    if known is None:
        raise Unknown("Nobody is known by this address.")
    if known.erased_at is not None:
        return UNCHANGED
    _forget_names(conn, workspace.id, change.person)
    _forget_words(conn, workspace.id, change.person)
    theirs = keeping.items_of_person(conn, workspace.id, change.person)
    keeping.keep(conn, workspace, theirs)
    embedding.forget(conn, workspace.id, change.person, theirs)
    inbox.forget_bodies(conn, workspace.id)
    conn.execute(update(persons).where(*here).values(name="", language=None, erased_at=change.at))
    return Touched(persons={change.person})


def is_erased(conn: Connection, workspace_id: int, person: PersonId) -> bool:
    query = select(persons.c.erased_at).where(persons.c.workspace_id == workspace_id, persons.c.id == person)
    return conn.scalar(query) is not None


def is_for_forgotten(conn: Connection, notice: Row[Any]) -> bool:
    """Whether it is for somebody who was forgotten. What a post says is for everybody."""
    to_everybody = notice.lane == "note" and notice.place.startswith(f"{IN_COMMUNITY}:")
    return not to_everybody and is_erased(conn, notice.workspace_id, PersonId(notice.person_id))


def _forget_names(conn: Connection, workspace_id: int, person: PersonId) -> None:
    """Their addresses and accounts, and what waits to be read because of them."""
    accounts = people.known_as(conn, workspace_id, person)
    for system, kind, whose in (("hubspot", "email", "email"), ("zendesk", "user", "zendesk")):
        looks.forget(conn, workspace_id, system, kind, [value for of, value in accounts if of == whose])
    conn.execute(
        delete(addresses).where(addresses.c.workspace_id == workspace_id, addresses.c.person_id == person)
    )


def _forget_words(conn: Connection, workspace_id: int, person: PersonId) -> None:
    theirs = (requests.c.workspace_id == workspace_id, requests.c.person_id == person)
    conn.execute(update(requests).where(*theirs).values(words="", subject=""))
    of_theirs = remarks.c.request_id.in_(select(requests.c.id).where(*theirs))
    conn.execute(update(remarks).where(remarks.c.workspace_id == workspace_id, of_theirs).values(words=""))
    to_everybody = and_(
        notices.c.lane == "note", notices.c.place.startswith(f"{IN_COMMUNITY}:", autoescape=True)
    )
    to_them = (notices.c.workspace_id == workspace_id, notices.c.person_id == person, not_(to_everybody))
    live = notices.c.state.in_(LIVE)
    ended = {"state": "skipped", "reason": REASON, "due_at": None, "parked_at": None, "lease_until": None}
    count_unsaid(ended["state"], conn.execute(update(notices).where(*to_them, live).values(ended)).rowcount)
    conn.execute(update(notices).where(*to_them, notices.c.state.not_in(UNDER_WAY)).values(WORDLESS))
