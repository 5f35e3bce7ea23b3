"""Rule 13 and §3: two persons who turn out to be one, and visitors of the forum who prove who they are."""

from dataclasses import replace

from sqlalchemy import func, select

from lineage import people
from lineage.changes import PersonSeen, UsersMerged, Voted
from lineage.outcomes import told
from lineage.tables import choices, persons
from lineage.touched import Touched
from tests.lineage.cast import person
from tests.lineage.sent import to
from tests.lineage.story import Story

BARE = PersonSeen("forum", "f-kim", "Kim")
"""A visitor of the forum of whom no address is known."""


def users_merged(story: Story, gone: str, into: str) -> bool:
    """Zendesk merged the first of these into the second, whose account alone is left."""
    return story.record(UsersMerged(f"zd-{gone.lower()}", person(into), story.now))


def proven(story: Story, kind: str, ident: str) -> bool:
    who = people.by_address(story.conn, story.workspace.id, kind, ident)
    found = story.conn.scalar(select(persons.c.proven).where(persons.c.id == who))
    assert found is not None
    return bool(found)


def everybody(story: Story) -> int:
    return story.conn.scalar(select(func.count()).select_from(persons)) or 0


# --- users whom the helpdesk merges


def test_two_users_who_are_merged_are_one_person_under_every_name(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Bo", "KS-1")
    assert users_merged(story, "Ana", into="Bo")
    assert story.person("Ana") == story.person("Bo")
    assert story.on("KS-1") == ["Bo", "Bo"], "the name is that of the account that is left"
    assert not users_merged(story, "Ana", into="Bo"), "hearing it again is nothing new"


def test_a_user_who_is_merged_into_somebody_new_is_known_by_that_account_too(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    assert users_merged(story, "Ana", into="Bo")
    assert story.person("Bo") == story.person("Ana")


def test_a_merge_of_users_whom_nobody_knows_makes_nobody(story: Story) -> None:
    assert not users_merged(story, "Ana", into="Bo")
    assert everybody(story) == 0


def test_what_waits_for_both_goes_out_as_one_message(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Bo", "KS-1")
    story.done("KS-1")
    assert [notice.state for notice in story.notices()] == ["held", "held"]
    users_merged(story, "Ana", into="Bo")
    assert sorted(notice.state for notice in story.notices()) == ["cancelled", "held"]
    assert to(story.send_all()) == [("Bo", "delivered")]
    assert story.send_all() == []


def test_who_was_told_under_one_name_is_told_only_what_is_owed_to_the_other(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.send_all()
    story.ask("Bo", "KS-2")
    users_merged(story, "Ana", into="Bo")
    assert story.send_all() == []
    story.done("KS-2")
    (sent,) = story.send_all()
    assert "KS-2 thing" in sent.text and "KS-1 thing" not in sent.text


def test_what_both_were_told_stays_told(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Bo", "KS-1")
    story.done("KS-1")
    assert len(story.send_all()) == 2
    users_merged(story, "Ana", into="Bo")
    assert story.conn.scalar(select(func.count(told.c.person_id.distinct()))) == 1
    story.look("KS-1")
    assert story.send_all() == []


def test_parts_that_were_chosen_under_both_names_are_wanted_together(narrowed: Story) -> None:
    narrowed.ask("Cy", "KS-1")
    narrowed.narrow("Cy", "KS-1", to=["KS-2"])
    users_merged(narrowed, "Cy", into="Bo")
    assert narrowed.shares("102") == narrowed.shares("103") == {"KS-2": "1/2", "KS-3": "1/2"}
    assert narrowed.conn.scalar(select(func.count()).select_from(choices)) == 1


def test_who_opted_out_under_one_name_is_told_nothing_under_the_other(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Bo", "KS-1")
    story.opt_out("Bo")
    users_merged(story, "Bo", into="Ana")
    story.done("KS-1")
    assert story.send_all() == []


# --- who is proven


def test_everybody_but_a_bare_visitor_of_the_forum_is_proven(story: Story) -> None:
    story.ticket("Ana")
    story.post("9")
    story.vote("Bo", "9")
    story.record(Voted("9", BARE, story.now))
    assert proven(story, "zendesk", "zd-ana") and proven(story, "forum", "f-bo")
    assert not proven(story, "forum", "f-kim")


def test_a_visitor_who_proves_an_address_counts_from_then_on_where_they_voted(story: Story) -> None:
    story.issue("KS-1")
    story.post("9", placed="KS-1")
    story.record(Voted("9", BARE, story.now))
    touched = Touched(changed=False)
    known = replace(BARE, emails=("kim@example.com",))
    who = people.person(story.conn, story.workspace.id, known, touched, story.now)
    assert proven(story, "forum", "f-kim")
    assert touched.changed and touched.asks == people.asks_of(story.conn, story.workspace.id, who)
    assert touched.persons == {who}
    assert [want.object_id for want in touched.wanted] == ["kim@example.com"], "whose company is looked for"


def test_a_visitor_who_turns_out_to_be_a_user_of_the_helpdesk_is_proven(story: Story) -> None:
    story.post("9")
    story.record(Voted("9", BARE, story.now))
    story.ticket("Kim")
    story.vote("Kim", "9")
    assert proven(story, "forum", "f-kim")
    assert people.by_address(story.conn, story.workspace.id, "forum", "f-kim") == story.person("Kim")
