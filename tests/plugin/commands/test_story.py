"""One request on the command line: linked, split, told, taken back."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from lineage.outcomes import demands, passes
from lineage.tables import history
from plugin.opening import open_installation
from plugin.settings import Settings
from sandbox.jira import Jira
from sandbox.zendesk import Zendesk
from sandbox.zendesk.records import Ticket
from store.database import reading, transaction
from tests.plugin.commands.conftest import Prompt


@pytest.fixture
def ticket(zendesk: Zendesk, jira: Jira) -> Ticket:
    """Ana asks for an export; KS-1 is the issue for it."""
    jira.add_issue("KS-1", "Export to PDF")
    ana = zendesk.add_user("Ana Ruiz", "ana@acme.example")
    return zendesk.open_ticket(ana, "Export", "We export 300 reports a month by hand.")


@pytest.fixture
def linked(connected: Prompt, ticket: Ticket) -> Prompt:
    words = ("link", "acme", "--ticket", str(ticket.id), "--issue", "KS-1", "--public-title", "PDF export")
    connected.does(*words)
    return connected


def test_a_link_reads_both_ends_and_is_there_when_the_command_ends(linked: Prompt, ticket: Ticket) -> None:
    shown = linked.reads("trace", "acme", "--ticket", str(ticket.id))
    assert shown["ticket"] == str(ticket.id)
    assert shown["requester"] == {"name": "Ana Ruiz", "email": "ana@acme.example"}
    [ask] = shown["asks"]
    assert set(ask) == {
        "issue", "linked_at", "linked_by", "carriers", "path", "standing", "delivered", "parts", "told",
    }  # fmt: skip
    assert (ask["issue"]["key"], ask["issue"]["public_title"]) == ("KS-1", "PDF export")
    assert (ask["standing"], ask["linked_by"]) == ("waiting", "command line")
    assert ask["carriers"] == [{"issue": ask["issue"], "share": "1"}]
    assert "rests on    KS-1" in linked.does("trace", "acme", "--ticket", str(ticket.id))


def test_a_link_is_also_found_by_its_issue_and_its_person(linked: Prompt) -> None:
    by_issue = linked.reads("trace", "acme", "--issue", "KS-1")
    assert (by_issue["issue"]["key"], len(by_issue["asks"]), by_issue["edges"]) == ("KS-1", 1, [])
    by_person = linked.reads("trace", "acme", "--person", "ana@acme.example")
    assert by_person["asks"] == by_issue["asks"]


def test_what_happened_is_told_of_a_ticket_an_issue_and_a_person(linked: Prompt, ticket: Ticket) -> None:
    was_linked = f"ticket {ticket.id} was linked to KS-1"
    by = (("--ticket", str(ticket.id)), ("--issue", "KS-1"), ("--person", "ana@acme.example"))
    for which in by:
        happened = linked.reads("trace", "acme", *which)["history"]
        assert all(set(one) == {"at", "heard_at", "who", "what", "cause"} for one in happened)
        assert ("command line", was_linked) in [(one["who"], one["what"]) for one in happened]
        assert f"{was_linked} (command line)" in linked.does("trace", "acme", *which)


def test_the_mapping_is_kept_with_who_changed_it(linked: Prompt) -> None:
    linked.does("map", "acme", "--resolution", "10001=declined")
    engine = open_installation(Settings.load()).engine
    with reading(engine) as conn:
        row = conn.execute(select(history).where(history.c.kind == "MappingChanged")).one()
    engine.dispose()
    assert (row.who, row.change["resolutions"]["10001"]) == ("command line", "declined")


def test_the_ranking_counts_it(linked: Prompt) -> None:
    shown = linked.reads("demand", "acme", "--top", "5", "--sort", "requesters")
    assert shown["currency"] == "USD"
    assert shown["as_of"].endswith("Z")
    [one] = shown["items"]
    assert set(one) == {
        "issue", "requesters", "companies", "votes", "pipeline", "customer", "reach_pipeline",
        "reach_customer", "score", "why",
    }  # fmt: skip
    assert (one["issue"]["key"], one["requesters"], one["pipeline"]) == (
        "KS-1",
        1,
        {"minor": 0, "currency": "USD"},
    )
    assert "KS-1" in linked.does("demand", "acme")


def test_the_ranking_of_a_day_says_what_was_known_at_its_end(linked: Prompt) -> None:
    today = datetime.now(UTC).date()
    shown = linked.reads("demand", "acme", "--at", str(today))
    assert shown["as_of"].startswith(f"{today}T")
    assert (shown["recorded_since"], shown["currency"]) == (str(today), "USD")
    assert [one["issue"]["key"] for one in shown["items"]] == ["KS-1"]
    assert "STATE NOW" in linked.does("demand", "acme", "--at", str(today))
    before = linked.reads("demand", "acme", "--at", "2025-12-31")
    assert (before["as_of"], before["items"]) == ("2025-12-31T23:59:59Z", [])
    said = linked.does("demand", "acme", "--at", "2025-12-31")
    assert said.startswith("What was asked for on 2025-12-31 is not on record. ")
    assert said.endswith(f"The record of this workspace begins on {today}.\n")


def test_a_day_that_is_none_or_still_to_come_is_refused_with_why(linked: Prompt) -> None:
    for wrong in ("yesterday", "2026-02-30", "31.12.2025"):
        assert "is no day: write year, month and day" in linked.fails("demand", "acme", "--at", wrong, code=2)
    assert "still to come: today is" in linked.fails("demand", "acme", "--at", "9999-12-31", code=2)


def test_what_is_not_there_cannot_be_linked(connected: Prompt, ticket: Ticket) -> None:
    words = ("link", "acme", "--ticket", str(ticket.id), "--issue")
    assert "Jira shows no issue KS-77" in connected.fails(*words, "KS-77")
    assert "Zendesk shows no ticket 4711" in connected.fails(
        "link", "acme", "--ticket", "4711", "--issue", "KS-1"
    )
    assert "There is no published post 9" in connected.fails(
        "link", "acme", "--post", "forum:9", "--issue", "KS-1"
    )
    assert connected.reads("demand", "acme")["items"] == []


def test_a_split_is_shared_narrowed_and_sized(linked: Prompt, jira: Jira, ticket: Ticket) -> None:
    jira.split("KS-1", ["One report", "Scheduled"])
    assert linked.does("look", "acme", "--issue", "KS-1") == "KS-1 was read: it changed.\n"
    assert linked.does("look", "acme", "--issue", "KS-1") == "KS-1 was read: nothing changed.\n"

    def shares() -> dict[str, str]:
        [ask] = linked.reads("trace", "acme", "--ticket", str(ticket.id))["asks"]
        return {one["issue"]["key"]: one["share"] for one in ask["carriers"]}

    assert shares() == {"KS-1": "1/3", "KS-2": "1/3", "KS-3": "1/3"}
    linked.does("split", "acme", "--issue", "KS-1", "--keeps-part", "no", "--sizes", "KS-2=3")
    assert shares() == {"KS-2": "3/4", "KS-3": "1/4"}
    assign = ("assign", "acme", "--ticket", str(ticket.id), "--issue", "KS-1")
    linked.does(*assign, "--parts", "KS-3")
    assert shares() == {"KS-3": "1"}
    linked.does(*assign, "--all")
    assert len(shares()) == 2
    jira.add_issue("KS-9", "Another")
    linked.does("look", "acme", "--issue", "KS-9")
    assert "KS-9 is no part of KS-1. Its parts: KS-2, KS-3." in linked.fails(*assign, "--parts", "KS-9")


def test_what_a_link_type_means_counts_at_once_for_what_is_known(
    linked: Prompt, jira: Jira, ticket: Ticket
) -> None:
    jira.split("KS-1", ["One report"])
    linked.does("look", "acme", "--issue", "KS-1")
    kind = jira.site.link_type("Issue split").id

    def shares() -> list[str]:
        [ask] = linked.reads("trace", "acme", "--ticket", str(ticket.id))["asks"]
        return [one["share"] for one in ask["carriers"]]

    assert shares() == ["1/2", "1/2"]
    linked.does("map", "acme", "--link-type", f"{kind}=none")
    assert shares() == ["1"]
    linked.does("work", "--burst")
    linked.does("map", "acme", "--link-type", f"{kind}=split")
    assert shares() == ["1/2", "1/2"]


def test_children_become_parts_and_only_progress_again(linked: Prompt, jira: Jira, ticket: Ticket) -> None:
    for number in (2, 3):
        jira.add_issue(f"KS-{number}", "Step", type="Sub-task", parent="KS-1")
    said = ("split", "acme", "--issue", "KS-1")

    def shares() -> dict[str, str]:
        [ask] = linked.reads("trace", "acme", "--ticket", str(ticket.id))["asks"]
        return {one["issue"]["key"]: one["share"] for one in ask["carriers"]}

    linked.does("look", "acme", "--issue", "KS-1")
    assert shares() == {"KS-1": "1"}
    linked.does(*said, "--keeps-part", "no", "--children", "yes", "--sizes", "KS-2=3")
    assert shares() == {"KS-2": "3/4", "KS-3": "1/4"}
    assert "only show how far it is" in linked.does(*said, "--children", "no")
    assert shares() == {"KS-1": "1"}
    assert "Give --keeps-part, --children or --sizes" in linked.fails(*said, code=2)


def test_titles_are_given_and_taken_back(linked: Prompt) -> None:
    def title() -> object:
        return linked.reads("trace", "acme", "--issue", "KS-1")["issue"]["public_title"]

    linked.does("title", "acme", "--issue", "KS-1", "Save as PDF")
    assert title() == "Save as PDF"
    linked.does("title", "acme", "--issue", "KS-1", "")
    assert title() is None
    assert "at most 200 characters" in linked.fails("title", "acme", "--issue", "KS-1", "x" * 201)


def test_news_waits_for_a_yes_to_exactly_these_words_and_reaches_the_requester(
    linked: Prompt, jira: Jira, zendesk: Zendesk, ticket: Ticket
) -> None:
    linked.does("policy", "acme", "--auto", "none")
    jira.transition("KS-1", "done")
    linked.does("look", "acme", "--all")
    [notice] = linked.reads("notices", "acme")["notices"]
    assert set(notice) == {
        "id", "digest", "kind", "person", "issues", "where", "state", "reason", "due_at", "sent_at", "text",
    }  # fmt: skip
    assert (notice["state"], notice["where"]) == ("awaiting_approval", f"zendesk:ticket:{ticket.id}")
    assert linked.reads("failures") == {"failures": []}
    stale = linked.fails("approve", "acme", f"{notice['id']}@0000")
    assert f"approve {notice['id']}@{notice['digest']}" in stale
    assert linked.does("approve", "acme", f"{notice['id']}@{notice['digest']}") == "1 notice approved.\n"
    linked.does("work", "--burst")
    [told] = linked.reads("notices", "acme", "--state", "confirmed")["notices"]
    [_, reply] = zendesk.public_comments(ticket)
    assert reply["author_id"] == zendesk.service.id
    assert told["sent_at"] is not None
    assert linked.does("approve", "acme", "--all") == "Nothing waits for approval.\n"
    assert "Ana Ruiz" in linked.does("notices", "acme")


def test_news_can_be_cancelled_and_a_person_can_opt_out(linked: Prompt, jira: Jira) -> None:
    jira.transition("KS-1", "done")
    linked.does("look", "acme", "--issue", "KS-1")
    [notice] = linked.reads("notices", "acme", "--state", "held")["notices"]
    assert linked.does("cancel", "acme", str(notice["id"])) == "1 notice cancelled.\n"
    assert "cannot be cancelled any more" in linked.fails("cancel", "acme", str(notice["id"]))
    assert "There is no notice 99" in linked.fails("dismiss", "acme", "99")
    linked.does("opt-out", "acme", "--person", "ana@acme.example")
    assert "Nobody is known by" in linked.fails("opt-out", "acme", "--person", "nobody@acme.example")


def test_a_link_is_taken_back(linked: Prompt, ticket: Ticket) -> None:
    words = ("unlink", "acme", "--ticket", str(ticket.id), "--issue", "KS-1")
    linked.does(*words, "--keep")
    assert len(linked.reads("demand", "acme")["items"]) == 1
    linked.does("link", "acme", "--ticket", str(ticket.id), "--issue", "KS-1")
    linked.does(*words, "--withdraw")
    assert linked.reads("demand", "acme")["items"] == []
    assert "is not linked to this issue" in linked.fails(*words, "--withdraw")


def test_the_demand_is_written_to_the_issue_by_work(linked: Prompt, jira: Jira) -> None:
    linked.does("work", "--burst")
    value = jira.property("KS-1", "kithspark.demand")
    assert (value["requesters"], "pipeline" in value) == (1, False)
    linked.does("policy", "acme", "--push-amounts", "yes")
    linked.does("work", "--burst")
    assert jira.property("KS-1", "kithspark.demand")["pipeline"] == {"minor": 0, "currency": "USD"}


def test_a_ticket_is_read_again(linked: Prompt, zendesk: Zendesk, ticket: Ticket) -> None:
    zendesk.solve(ticket)
    said = linked.does("look", "acme", "--ticket", f"#{ticket.id}")
    assert said == f"Ticket {ticket.id} was read: it changed.\n"


def test_what_failed_is_listed_retried_and_dismissed(
    linked: Prompt, zendesk: Zendesk, ticket: Ticket
) -> None:
    zendesk.erase(ticket)
    assert "does not show ticket" in linked.fails("look", "acme", "--all")
    [failure] = linked.reads("failures")["failures"]
    assert (failure["workspace"], failure["shelf"]) == ("acme", "looks")
    assert failure["id"] in linked.does("failures")
    linked.does("failures", "--retry", failure["id"])
    assert linked.reads("failures") == {"failures": []}
    linked.does("work", "--burst")
    linked.does("failures", "--dismiss", failure["id"])
    assert linked.reads("failures") == {"failures": []}
    assert "There is no failure looks:99" in linked.fails("failures", "--retry", "looks:99")


def test_a_rebuild_finds_and_mends_what_is_wrong(linked: Prompt, tmp_path: Path) -> None:
    assert linked.reads("rebuild", "acme", "--check")["differences"] == []
    engine = open_installation(Settings.load()).engine
    with transaction(engine) as conn:
        conn.execute(update(demands).values(requesters=17))
        conn.execute(delete(passes))
    engine.dispose()
    result = linked.type("rebuild", "acme", "--check")
    assert result.exit_code == 1
    assert "requesters is 17, not 1" in result.stdout
    assert "missing" in result.stdout
    assert "`kithspark rebuild acme` mends them" in result.stderr
    linked.does("rebuild", "acme")
    assert linked.reads("rebuild", "acme", "--check")["differences"] == []
