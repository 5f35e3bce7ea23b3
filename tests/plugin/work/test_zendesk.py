"""What is read from Zendesk when something may have changed."""

import json
from datetime import timedelta

from lineage.tables import addresses, persons, requests
from sandbox.faults import Fault
from sandbox.zendesk import Zendesk
from sandbox.zendesk.shapes import ticket_json
from store import connections, workspaces
from store.database import reading, transaction
from store.worker import Report
from tests.plugin.work.conftest import Desk
from webhooks.zendesk import heard


def reply_state(desk: Desk, ticket: int) -> str:
    [row] = [one for one in desk.rows(requests) if one["origin"] == f"zendesk:ticket:{ticket}"]
    return str(row["reply_state"])


def test_a_ticket_is_read_with_its_requester(desk: Desk, zendesk: Zendesk) -> None:
    ana = zendesk.add_user("Ana Ruiz", "ana@acme.example", locale="es")
    ticket = zendesk.open_ticket(ana, "Export", "We need PDF.")
    desk.looks_at("zendesk", "ticket", ticket.id)
    [request] = desk.rows(requests)
    assert (request["words"], request["language"]) == ("We need PDF.", "es")
    zendesk.solve(ticket)
    desk.looks_at("zendesk", "ticket", ticket.id)
    assert reply_state(desk, ticket.id) == "solved"


def test_only_the_event_proves_that_a_ticket_is_deleted(desk: Desk, zendesk: Zendesk) -> None:
    ana = zendesk.add_user("Ana Ruiz", "ana@acme.example")
    ticket = zendesk.open_ticket(ana, "Export", "We need PDF.")
    desk.looks_at("zendesk", "ticket", ticket.id)
    zendesk.erase(ticket)
    assert desk.looks_at("zendesk", "ticket", ticket.id) == Report(parked=1)
    assert "Nothing was changed" in desk.look_row("zendesk", "ticket", ticket.id)["reason"]
    assert reply_state(desk, ticket.id) == "new"
    assert desk.looks_at("zendesk", "ticket", ticket.id, hint={"deleted": "for good"}) == Report(done=1)
    assert reply_state(desk, ticket.id) == "deleted"
    assert [row["name"] for row in desk.rows(persons)] == ["Ana Ruiz"]


def test_a_suspended_user_is_learnt_from_their_tickets(desk: Desk, zendesk: Zendesk) -> None:
    ana = zendesk.add_user("Ana Ruiz", "ana@acme.example")
    for words in ("PDF", "Also dark mode"):
        desk.looks_at("zendesk", "ticket", zendesk.open_ticket(ana, "Export", words).id)
    zendesk.suspend(ana)
    assert desk.looks_at("zendesk", "user", ana.id).done == 3
    assert [row["suspended"] for row in desk.rows(persons)] == [True]


def test_users_who_were_merged_are_one_person_even_without_an_address(desk: Desk, zendesk: Zendesk) -> None:
    caller, ana = zendesk.add_user("Caller", "x@y.example"), zendesk.add_user("Ana Ruiz", "ana@acme.example")
    caller.identities[0].verified = False
    desk.looks_at("zendesk", "ticket", zendesk.open_ticket(caller, "Export", "PDF").id)
    zendesk.merge_users(caller, ana)
    assert desk.looks_at("zendesk", "user", caller.id, hint={"merged_with": str(ana.id)}).done == 2
    assert [row["name"] for row in desk.rows(persons)] == ["Ana Ruiz"]
    accounts = {row["value"] for row in desk.rows(addresses)}
    assert accounts == {str(caller.id), str(ana.id), "ana@acme.example"}


def test_both_ends_of_a_merge_of_users_tell_the_same(desk: Desk, zendesk: Zendesk) -> None:
    ana, bo = zendesk.add_user("Ana Ruiz", "ana@acme.example"), zendesk.add_user("Bo", "bo@acme.example")
    for one in (ana, bo):
        desk.looks_at("zendesk", "ticket", zendesk.open_ticket(one, "Export", "PDF").id)
    zendesk.merge_users(bo, ana)
    desk.ask("zendesk", "user", ana.id, hint={"merged_with": str(bo.id)})
    desk.ask("zendesk", "user", bo.id, hint={"merged_with": str(ana.id)})
    desk.works("looks")
    assert [row["name"] for row in desk.rows(persons)] == ["Ana Ruiz"]


def test_users_who_are_both_there_are_not_merged_whatever_an_event_says(desk: Desk, zendesk: Zendesk) -> None:
    ana, bo = zendesk.add_user("Ana Ruiz", "ana@acme.example"), zendesk.add_user("Bo", "bo@acme.example")
    for one in (ana, bo):
        desk.looks_at("zendesk", "ticket", zendesk.open_ticket(one, "Export", "PDF").id)
    desk.ask("zendesk", "user", bo.id, hint={"merged_with": str(ana.id)})
    assert desk.works("looks").later == 1, "it may only not be shown yet"
    for _ in range(3):
        desk.clock.advance(3600)
        desk.works("looks")
    assert len(desk.rows(persons)) == 2


def test_the_reconciliation_reads_the_tickets_that_we_know(desk: Desk, zendesk: Zendesk) -> None:
    ana = zendesk.add_user("Ana Ruiz", "ana@acme.example")
    ticket = zendesk.open_ticket(ana, "Export", "We need PDF.")
    desk.looks_at("zendesk", "ticket", ticket.id)
    zendesk.open_ticket(ana, "Invoice", "Nothing to do with it.")
    zendesk.solve(ticket)
    desk.clock.advance(120)  # the export lags behind
    assert desk.looks_at("zendesk", "sync", "all").done == 2
    assert reply_state(desk, ticket.id) == "solved"
    assert len(desk.rows(requests)) == 1
    with reading(desk.app.engine) as conn:
        account = connections.load(conn, desk.app.vault, desk.workspace.id, "zendesk")
    assert account.watermark["tickets"] < (desk.clock.now() - timedelta(seconds=60)).isoformat()


def changed_unseen(desk: Desk, zendesk: Zendesk, *, times: int) -> int:
    """A ticket was solved; so many answers still show it as it was. The event asks for a look."""
    ticket = zendesk.open_ticket(zendesk.add_user("Ana", "ana@acme.example"), "Export", "PDF")
    desk.looks_at("zendesk", "ticket", ticket.id)
    before = json.dumps({"ticket": ticket_json(ticket, zendesk.url)})
    desk.clock.advance(60)
    zendesk.solve(ticket)
    stale = Fault("status", "GET", rf"/tickets/{ticket.id}(\.json)?$", status=200, body=before, times=times)
    zendesk.faults.order(stale)
    desk.ask("zendesk", "ticket", ticket.id, at=ticket.updated)
    return ticket.id


def test_an_answer_older_than_its_event_is_read_again(desk: Desk, zendesk: Zendesk) -> None:
    ticket = changed_unseen(desk, zendesk, times=2)
    for _ in range(2):
        assert desk.works("looks") == Report(later=1)
        assert "before the change" in desk.look_row("zendesk", "ticket", ticket)["reason"]
        desk.clock.advance(3600)
    assert desk.works("looks") == Report(done=1)
    assert reply_state(desk, ticket) == "solved"


def test_after_two_tries_more_what_there_is_counts(desk: Desk, zendesk: Zendesk) -> None:
    ticket = changed_unseen(desk, zendesk, times=3)
    for done in (0, 0, 1):
        assert desk.works("looks").done == done
        desk.clock.advance(3600)
    assert reply_state(desk, ticket) == "new"
    desk.looks_at("zendesk", "sync", "all")
    assert reply_state(desk, ticket) == "solved", "the export named it"


def test_an_event_asks_for_no_older_answer_than_the_stamp_it_moved(desk: Desk, zendesk: Zendesk) -> None:
    zendesk.hooks.time_scale = 0.0
    webhook = zendesk.add_webhook("http://127.0.0.1:9/")
    ticket = zendesk.open_ticket(zendesk.add_user("Ana", "ana@acme.example"), "Export", "PDF")
    desk.looks_at("zendesk", "ticket", ticket.id)
    desk.clock.advance(600)
    zendesk.solve(ticket, by=zendesk.add_agent("Agnes", "agnes@kites.example"))
    solved = ticket.updated
    desk.clock.advance(600)
    zendesk.delete(ticket)  # moves no stamp
    assert zendesk.hooks.settled()
    with reading(desk.app.engine) as conn:
        account = connections.load(conn, desk.app.vault, desk.workspace.id, "zendesk")
        told = [heard(conn, account, one.body).wishes for one in webhook.invocations]
    stamps = [wish.at for wishes in told for wish in wishes]
    assert solved in stamps
    assert stamps[-1] is None


def test_a_round_over_all_votes_that_a_wrong_clock_noted_is_made_again(desk: Desk, zendesk: Zendesk) -> None:
    ahead = {"community": (desk.clock.now() + timedelta(days=1)).isoformat()}
    with transaction(desk.app.engine) as conn:
        connections.touch_sync(conn, desk.workspace.id, "zendesk", now=desk.clock.now(), watermark=ahead)
    desk.looks_at("zendesk", "sync", "all")
    with reading(desk.app.engine) as conn:
        account = connections.load(conn, desk.app.vault, desk.workspace.id, "zendesk")
    assert account.watermark["community"] <= desk.clock.now().isoformat()


def test_without_a_connection_a_look_waits_for_a_person(desk: Desk) -> None:
    assert desk.looks_at("zendesk", "ticket", 7) == Report(parked=1)
    assert "run `kithspark connect zendesk`" in desk.look_row("zendesk", "ticket", 7)["reason"]


def test_what_nobody_knows_how_to_look_at_is_parked(desk: Desk, zendesk: Zendesk) -> None:
    assert desk.looks_at("zendesk", "dog", 7) == Report(parked=1)


def test_a_removed_workspace_takes_its_looks_with_it(desk: Desk, zendesk: Zendesk) -> None:
    desk.ask("zendesk", "ticket", 7)
    with transaction(desk.app.engine) as conn:
        workspaces.remove(conn, desk.workspace.id)
    assert desk.works() == Report()
