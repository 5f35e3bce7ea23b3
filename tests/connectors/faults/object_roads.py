"""The roads to single objects, to what follows a message, and to what an old backup does not know."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from lineage import restored
from lineage.outcomes import notices, readbacks, told
from lineage.tables import requests
from sandbox.zendesk.records import Ticket, User
from store.database import reading, transaction
from store.looks import looks
from tests.connectors.faults.roads import Customer, Job, customer, has, look, owed, seen, valued
from tests.connectors.faults.town import Town

MORE = 250_000
"""What a customer is worth by now, in minor units."""


def _asker(town: Town, name: str, n: int) -> tuple[User, Ticket]:
    user = town.zendesk.add_user(name, f"{name.lower()}@who{n}.example")
    return user, town.zendesk.open_ticket(user, "Export", f"{name} {n}")


def read_merged_ticket(town: Town) -> Job:
    """Which ticket it went up in stands in its audits alone."""
    ana, old = _asker(town, "Ana", next(town.numbers))
    new = town.zendesk.open_ticket(ana, "Export", "Again")
    town.clock.advance(5)
    town.zendesk.merge(old, new)
    here = {"origin": f"zendesk:ticket:{old.id}", "reply_to": f"zendesk:ticket:{new.id}"}
    return look(town, "zendesk", "ticket", old.id, lambda: has(town, requests, **here))


def read_user(town: Town) -> Job:
    """Bo's account went up in Ana's."""
    n = next(town.numbers)
    (ana, anas), (bo, bos) = _asker(town, "Ana", n), _asker(town, "Bo", n)
    seen(town, ana, anas)
    seen(town, bo, bos)
    town.zendesk.merge_users(bo, ana)
    town.clock.advance(5)
    origins = [f"zendesk:ticket:{ticket.id}" for ticket in (anas, bos)]

    def one_person() -> str:
        persons = select(func.count(requests.c.person_id.distinct())).where(requests.c.origin.in_(origins))
        with reading(town.app.engine) as conn:
            found = conn.scalar(persons)
        return "" if found == 1 else f"they are {found} persons"

    return look(town, "zendesk", "user", bo.id, one_person, hint={"merged_with": str(ana.id)})


def internal_note(town: Town) -> Job:
    """The reply went to one ticket of Ana's; her other one gets a note."""
    ticket, _ = owed(town, other=True)
    hers = {one.id for one in town.zendesk.tickets() if one.requester_id == ticket.requester_id}
    town.step("notices")
    row = town.row(notices, town.newest(notices))
    assert row["lane"] == "note", row

    def noted_once() -> str:
        there = [one for one in town.zendesk.ledger if one.ticket in hers and not one.public]
        due = 0 if town.row(notices, row["id"])["state"] == "cancelled" else 1
        return "" if len(there) == due else f"noted {len(there)} times"

    return Job("notices", notices, row["id"], noted_once)


def read_back(town: Town) -> Job:
    """Ana was told; then a backup came back in which nobody knows yet whether the message arrived."""
    ticket, told_her = owed(town)
    at = town.clock.now()
    town.step("notices")
    assert not told_her.ended()
    message = town.row(notices, told_her.row)
    _, other = _asker(town, "Bo", next(town.numbers))
    seen(town, town.zendesk.account.users[ticket.requester_id], other)  # a colleague took it over since
    town.clock.advance(60)
    forgotten = {"state": "unknown", "receipt": None, "sent_at": None, "due_at": at + timedelta(days=9)}
    with transaction(town.app.engine) as conn:
        conn.execute(delete(told).where(told.c.person_id == message["person_id"]))
        conn.execute(update(notices).where(notices.c.id == message["id"]).values(forgotten))
        restored.begin(conn, town.workspace, backup_at=at, now=town.clock.now())
    row = town.put(readbacks, person_id=message["person_id"], due_at=town.clock.now())

    def found() -> str:
        state = town.row(notices, message["id"])["state"]
        return told_her.ended() or ("" if state in ("confirmed", "posted_not_emailed") else f"it is {state}")

    return Job("readbacks", readbacks, row, found)


def read_contact(town: Town) -> Job:
    """Whose address is one of ours: that is looked up anew."""
    ana = customer(town)

    def looked_up() -> str:
        return has(town, looks, system="hubspot", kind="email", object_id=ana.email)

    assert looked_up(), "nobody asked for it yet"
    return look(town, "hubspot", "contact", ana.contact, looked_up)


def read_company(town: Town) -> Job:
    ana = _worth_more(town)
    return look(town, "hubspot", "company", ana.company, lambda: valued(town, ana.company, MORE))


def read_deal(town: Town) -> Job:
    ana = _worth_more(town)
    return look(town, "hubspot", "deal", ana.deal, lambda: valued(town, ana.company, MORE))


def _worth_more(town: Town) -> Customer:
    """A customer of ours, than when they were read."""
    ana = customer(town)
    town.ask("hubspot", "email", ana.email)
    town.step("looks")
    assert not valued(town, ana.company, 100_000)
    town.hubspot.change_deal(ana.deal, amount="2500")
    return ana


ROADS: Mapping[str, Callable[[Town], Job]] = {
    "read a merged ticket": read_merged_ticket,
    "read a user": read_user,
    "internal note": internal_note,
    "read back": read_back,
    "read a contact": read_contact,
    "read a company": read_company,
    "read a deal": read_deal,
}
