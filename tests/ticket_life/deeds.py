"""What may happen to Ana's ticket in Zendesk. Each deed is whole: it leaves the events that Zendesk sends."""

from sandbox.zendesk.changes import Draft
from sandbox.zendesk.records import Json, Ticket, User, via
from sandbox.zendesk.shapes import ticket_detail
from sandbox.zendesk.writing import finish, new_audit, update
from tests.ticket_life.world import World

MESSAGING = "a messaging ticket: a comment would not reach the conversation, answer it by hand"
PROBLEM = (
    "Zendesk put the answer to problem {problem} on this ticket already: read it, then cancel this, or "
    "try again and approve it"
)


def nothing(world: World) -> None:
    """The row that shows what is usual."""


def merge_into_hers(world: World) -> None:
    other = _another(world, world.ana)
    world.zendesk.merge(world.ticket, other, by=world.agent)


def merge_twice(world: World) -> None:
    merge_into_hers(world)
    _later(world)
    third = _another(world, world.ana)
    world.zendesk.merge(world.others[0], third, by=world.agent)


def merge_into_anothers(world: World) -> None:
    world.zendesk.merge(world.ticket, _another(world, world.ben), by=world.agent)


def change_requester(world: World) -> None:
    world.zendesk.change_requester(world.ticket, world.ben, by=world.agent)


def change_requester_back(world: World) -> None:
    change_requester(world)
    _later(world)
    world.zendesk.change_requester(world.ticket, world.ana, by=world.agent)


def delete(world: World) -> None:
    world.zendesk.delete(world.ticket, by=world.agent)


def delete_and_restore(world: World) -> None:
    delete(world)
    world.hears()
    _later(world)
    world.zendesk.restore(world.ticket, by=world.agent)


def erase(world: World) -> None:
    delete(world)
    world.hears()
    _later(world)
    world.zendesk.erase(world.ticket, by=world.agent)


def solve(world: World) -> None:
    world.zendesk.solve(world.ticket, by=world.agent)


def close(world: World) -> None:
    solve(world)
    _later(world)
    world.zendesk.set_status(world.ticket, "closed", by=world.agent)


def reopen(world: World) -> None:
    solve(world)
    _later(world)
    world.zendesk.reply_as(world.ana, world.ticket, "It is not solved.")


def change_organisation(world: World) -> None:
    globex = world.zendesk.add_organization("Globex", ["globex.example"])
    _update(world, {"organization_id": globex.id})


def change_brand(world: World) -> None:
    _update(world, {"brand_id": 360002})


def change_language(world: World) -> None:
    world.ana.locale = "de"
    _update(world, {"tags": ["german"]})


def side_conversation(world: World) -> None:
    """It hangs on the ticket, and is no comment of it."""
    _audit_event(world, {"type": "SideConversationCreated", "message": "Can you fix it?"})
    world.zendesk.outgoing.tell(
        "ticket.side_conversation_created", f"zen:ticket:{world.ticket.id}", _detail(world), {"id": "1"}
    )


def side_answer(world: World) -> None:
    side_conversation(world)
    _audit_event(world, {"type": "SideConversationReplied", "message": "It is fixed."})


def messaging(world: World) -> None:
    world.ticket.from_messaging_channel = True
    _update(world, {"tags": ["conversation"]})


def share(world: World) -> None:
    world.ticket.sharing_agreement_ids.append(77)
    _audit_event(world, {"type": "TicketSharingEvent", "agreement_id": 77, "action": "shared"})


def suspend(world: World) -> None:
    world.zendesk.suspend(world.ana)


def suspend_and_lift(world: World) -> None:
    suspend(world)
    world.hears()
    _later(world)
    world.zendesk.suspend(world.ana, False)


def merge_users(world: World) -> None:
    home = world.zendesk.add_user("Ana at home", "ana@home.example")
    world.zendesk.merge_users(world.ana, home)


def merge_users_here(world: World) -> None:
    """She asked for the same under the other account, too: still she is told once."""
    home = world.zendesk.add_user("Ana at home", "ana@home.example")
    other = world.zendesk.open_ticket(home, "PDF", "PDF, please.")
    world.others.append(other)
    world.desk.looks_at("zendesk", "ticket", other.id)
    world.desk.links(other.id, world.jira.issue("KS-1").id)
    _later(world)
    world.zendesk.merge_users(home, world.ana)


def incident(world: World) -> None:
    problem = _another(world, world.ben, type="problem")
    _update(world, {"type": "incident", "problem_id": problem.id})


def problem(world: World) -> None:
    other = _another(world, world.ben)
    _update(world, {"type": "problem"})
    update(
        world.zendesk.account, other, {"type": "incident", "problem_id": world.ticket.id}, actor=world.agent
    )


def problem_solved(world: World) -> None:
    incident(world)
    _later(world)
    agent = world.agent
    given: Json = {"status": "solved", "assignee_id": agent.id,
                   "comment": {"body": "PDF works now.", "public": True}}  # fmt: skip
    update(world.zendesk.account, world.others[0], given, actor=agent)


def _another(world: World, requester: User, **more: str) -> Ticket:
    made = world.zendesk.open_ticket(requester, "Another", "Something else.", **more)
    world.others.append(made)
    _later(world)
    return made


def _later(world: World) -> None:
    """A minute on, and what was told so far arrived."""
    world.desk.clock.advance(60)


def _update(world: World, given: Json) -> None:
    update(world.zendesk.account, world.ticket, given, actor=world.agent, how=via("web"))


def _agent(world: World) -> User:
    return world.zendesk.service


def _detail(world: World) -> Json:
    return ticket_detail(world.ticket, actor_id=world.agent.id)


def _audit_event(world: World, event: Json) -> None:
    """Something that is no comment and no field stands in the ticket's audits."""
    account = world.zendesk.account
    audit = new_audit(account, world.ticket, world.agent, via("web"), None)
    audit.events.append({"id": account.new_id(), **event})
    finish(Draft(account, world.ticket, audit), created=False)
