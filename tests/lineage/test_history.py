"""§6: every change is one row: what, when it happened, when we heard, who, and its cause."""

import dataclasses
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeAlias, get_type_hints

import pytest
from sqlalchemy import Row, select

from lineage import agent_changes, changes, engineer_changes, merging, operator_changes, requester_changes
from lineage.kept import PRIVATE
from lineage.ledger import APPLY
from lineage.questions import ranking
from lineage.tables import history, history_about
from lineage.terms import Kind, Origin
from tests.lineage.cast import member, person
from tests.lineage.story import Story

Made: TypeAlias = Callable[[Story, datetime], changes.Change]

EARLIER = timedelta(hours=3)
OWN_WORDS = "{{ earlier }}\n\nWell: {{ news }}"

EVERY: Mapping[type, tuple[str, Made]] = {
    changes.IssueSeen: (
        "",
        lambda s, at: dataclasses.replace(s.tracker.seen("KS-1"), status="Doing", updated=at),
    ),
    changes.IssueDeleted: ("", lambda s, at: changes.IssueDeleted(s.id("KS-1"), at)),
    changes.IssueUnreadable: ("", lambda s, at: changes.IssueUnreadable(s.id("KS-1"), at)),
    changes.VersionSeen: ("", lambda s, _at: changes.VersionSeen("7", "2.0", True)),
    changes.TicketSeen: (
        "",
        lambda s, at: dataclasses.replace(s.tickets["101"], status="solved", updated=at),
    ),
    changes.PostSeen: ("olga", lambda s, at: changes.PostSeen("10", "Dark mode", member("Cy"), at, "olga")),
    changes.Voted: ("", lambda s, at: changes.Voted("9", member("Cy"), at, "me too")),
    changes.VoteWithdrawn: ("", lambda s, at: changes.VoteWithdrawn("9", member("Bo"), at)),
    changes.Linked: ("olga", lambda s, at: changes.Linked(ticket("102"), s.id("KS-1"), "olga", at)),
    changes.Unlinked: ("olga", lambda s, at: changes.Unlinked(ticket("101"), s.id("KS-1"), True, "olga", at)),
    requester_changes.NotMeant: (
        "requester",
        lambda s, at: requester_changes.NotMeant(ticket("101"), "another thing", "requester", at),
    ),
    requester_changes.RemarksSettled: (
        "olga",
        lambda s, at: requester_changes.RemarksSettled(ticket("101"), "olga", at),
    ),
    requester_changes.LinkRevoked: (
        "olga",
        lambda s, at: requester_changes.LinkRevoked(ticket("101"), "olga", at),
    ),
    requester_changes.RequestWithdrawn: (
        "requester",
        lambda s, at: requester_changes.RequestWithdrawn(ticket("101"), "requester", at),
    ),
    requester_changes.RequestResumed: (
        "requester",
        lambda s, at: requester_changes.RequestResumed(ticket("101"), "requester", at),
    ),
    changes.PartsChosen: (
        "olga",
        lambda s, at: changes.PartsChosen(s.person("Ana"), s.id("KS-1"), (s.id("KS-2"),), "olga", at),
    ),
    engineer_changes.Assigned: (
        "erin",
        lambda s, at: engineer_changes.Assigned(s.id("KS-1"), {s.person("Ana"): (s.id("KS-2"),)}, "erin", at),
    ),
    engineer_changes.PutBack: (
        "erin",
        lambda s, at: engineer_changes.PutBack(s.id("KS-1"), True, "The rest", (), "erin", at),
    ),
    changes.KeepsPart: ("olga", lambda s, at: changes.KeepsPart(s.id("KS-1"), True, "olga", at)),
    changes.Sized: ("olga", lambda s, at: changes.Sized(s.id("KS-1"), {s.id("KS-2"): 3}, "olga", at)),
    changes.Titled: ("olga", lambda s, at: changes.Titled(s.id("KS-1"), "PDF", False, "olga", at)),
    changes.CompanySeen: (
        "",
        lambda s, at: changes.CompanySeen(
            "5", "Acme", 7, 0, at, emails=("ana@example.com",), why=("Ana's deal",)
        ),
    ),
    changes.ChildrenAreParts: (
        "olga",
        lambda s, at: changes.ChildrenAreParts(s.id("KS-1"), True, "olga", at),
    ),
    changes.MappingChanged: ("olga", lambda s, at: changes.MappingChanged({}, {"1": "declined"}, "olga", at)),
    changes.OptedOut: ("olga", lambda s, at: changes.OptedOut(s.person("Ana"), "olga", at)),
    requester_changes.OptedIn: (
        "requester",
        lambda s, at: requester_changes.OptedIn(s.person("Ana"), "requester", at),
    ),
    operator_changes.WordingSet: (
        "olga",
        lambda s, at: operator_changes.WordingSet(Kind.DELIVERED, "en", OWN_WORDS, "olga", at),
    ),
    operator_changes.LinkImported: (
        "olga",
        lambda s, at: operator_changes.LinkImported(ticket("102"), s.id("KS-1"), "olga", at, at),
    ),
    operator_changes.FindingImported: (
        "olga",
        lambda s, at: operator_changes.FindingImported(
            Origin("finding", "call-1"),
            s.id("KS-1"),
            "Di",
            "di@example.com",
            "Delta",
            "Too slow.",
            "olga",
            at,
            at,
        ),
    ),
    agent_changes.NotThis: (
        "olga",
        lambda s, at: agent_changes.NotThis(ticket("102"), s.id("KS-1"), "olga", at),
    ),
    agent_changes.MaybeThis: (
        "olga",
        lambda s, at: agent_changes.MaybeThis(ticket("102"), s.id("KS-1"), "olga", at),
    ),
    changes.PolicyChanged: ("olga", lambda s, at: changes.PolicyChanged("olga", at)),
    changes.UsersMerged: ("", lambda s, at: changes.UsersMerged("zd-ana", person("Di"), at)),
    changes.Erased: ("olga", lambda s, at: changes.Erased(s.person("Ana"), "olga", at)),
}

BEFORE: Mapping[type, type] = {
    requester_changes.RemarksSettled: requester_changes.NotMeant,
    agent_changes.MaybeThis: agent_changes.NotThis,
    requester_changes.RequestResumed: requester_changes.RequestWithdrawn,
    requester_changes.OptedIn: changes.OptedOut,
}
"""What has to happen first, for it to be news."""

OF_OURS_OR_UNDATED = {changes.PostSeen, changes.VersionSeen}
"""A post is published when we hear of it, and Jira does not say when a version was released."""


def ticket(number: str) -> Origin:
    return Origin("zendesk:ticket", number)


def rows(story: Story) -> list[Row[Any]]:
    return list(story.conn.execute(select(history).order_by(history.c.id)).all())


@pytest.fixture
def scene(split: Story) -> Story:
    """Ana's ticket 101 is on KS-1, split into KS-2 and KS-3; 102 is Di's, unlinked; Bo voted for post 9."""
    split.ticket("Di")
    split.post("9", placed="KS-1")
    split.vote("Bo", "9")
    return split


def test_the_table_of_changes_is_whole() -> None:
    assert EVERY.keys() == APPLY.keys()


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_every_change_leaves_one_row_that_says_what_when_and_who(scene: Story, kind: type) -> None:
    who, make = EVERY[kind]
    if first := BEFORE.get(kind):
        scene.again(EVERY[first][1](scene, scene.now))
    before, scene.now = rows(scene), scene.now + 2 * EARLIER
    change = make(scene, scene.now - EARLIER)
    assert scene.again(change, "a cause")
    *same, row = rows(scene)
    assert same == before
    assert (row.kind, row.cause, row.who, row.heard_at) == (kind.__name__, "a cause", who, scene.now)
    assert row.happened_at == (scene.now if kind in OF_OURS_OR_UNDATED else scene.now - EARLIER)
    assert not scene.again(change, "a cause")
    assert rows(scene) == [*before, row]


def test_whoever_is_seen_is_private_wherever_a_change_holds_them() -> None:
    for kind in APPLY:
        hints = get_type_hints(kind)
        shown = {
            name
            for name, hint in hints.items()
            if changes.PersonSeen in (hint, *getattr(hint, "__args__", ()))
        }
        assert shown <= PRIVATE.get(kind, frozenset()), f"{kind.__name__} would keep who somebody is for ever"


def test_the_history_holds_nobodys_name_address_or_words(scene: Story) -> None:
    """So nothing in it has to be written anew when somebody is forgotten."""
    for _, make in EVERY.values():
        if make is not EVERY[changes.IssueDeleted][1]:
            scene.again(make(scene, scene.now))
    scene.done("KS-2")
    scene.send_all()
    kept = str([tuple(row) for row in rows(scene)]).lower()
    words = [seen.words for seen in scene.tickets.values()] + [
        seen.subject for seen in scene.tickets.values()
    ]
    for private in ("ana", "bo", "cy@", "example.com", "me too", "dark mode", "post 9", "acme corp", *words):
        assert f"'{private.lower()}" not in kept and f" {private.lower()} " not in kept, private
    assert "@example" not in kept and "needs this" not in kept


def test_what_an_item_became_is_kept_with_what_it_was(scene: Story) -> None:
    scene.start("KS-2")
    (row,) = rows(scene)[-1:]
    item = scene.id("KS-2")
    assert row.effects == [[item, "status", "Open", "In Progress"], [item, "state", "open", "started"]]


def test_a_release_is_kept_with_what_it_delivered(scene: Story) -> None:
    scene.policy(deliver="release")
    scene.fix_version("KS-3", "2.0")
    scene.done("KS-3")
    scene.release("2.0")
    assert rows(scene)[-1].effects == [[scene.id("KS-3"), "state", "started", "delivered"]]


def test_the_policy_is_kept_as_it_was_set(scene: Story) -> None:
    scene.policy(hold_s=60, auto_kinds=("delivered",))
    kept = rows(scene)[-1].change["policy"]
    assert (kept["hold_s"], kept["auto_kinds"], kept["deliver"]) == (60, ["delivered"], "done")


def test_an_address_that_is_new_leaves_a_row(scene: Story) -> None:
    before = len(rows(scene))
    seen = scene.tickets["101"]
    more = dataclasses.replace(seen.requester, emails=(*seen.requester.emails, "ana@home.example"))
    assert scene.ticket_changes("101", requester=more)
    assert len(rows(scene)) == before + 1


def test_a_helpdesk_organisation_that_turns_out_to_be_a_known_company_counts_and_leaves_a_row(
    story: Story,
) -> None:
    """The amounts are the same as before: only whose they are is news."""
    story.issue("KS-1")
    story.ticket("Ana")
    story.company("Acme", customer=5, of=["Ana"])
    story.ask("Bo", "KS-1", org="Acme")
    before = len(rows(story))
    assert story.company("Acme", customer=5, of=["Ana", "Bo"])
    assert len(rows(story)) == before + 1
    (found,) = ranking(story.conn, story.workspace)
    assert found.customer.minor == 5


def test_a_person_whose_company_becomes_known_leaves_a_row(story: Story) -> None:
    story.ticket("Ana")
    story.company("Acme", customer=5, of=["Ana"])
    story.ticket("Bo", org="Globex")
    story.company("Globex", customer=5, of=["Bo"])
    story.ticket("Cy", org="Globex")
    before = len(rows(story))
    assert story.company("Globex", customer=5, of=["Bo", "Cy"])
    assert not story.company("Globex", customer=5, of=["Bo", "Cy"])
    assert len(rows(story)) == before + 1


def test_what_was_about_two_persons_is_about_the_one_that_they_are(scene: Story) -> None:
    ana, di = scene.person("Ana"), scene.person("Di")
    before = about(scene, ana) | about(scene, di)
    merging.merge(scene.conn, scene.workspace.id, keep=ana, gone=di, now=scene.now)
    assert about(scene, ana) == before
    assert about(scene, di) == set()


def test_rows_about_both_persons_are_found_once_when_they_are_one(scene: Story) -> None:
    ana, di = scene.person("Ana"), scene.person("Di")
    shared = {"workspace_id": scene.workspace.id, "role": "person", "history_id": rows(scene)[0].id}
    scene.conn.execute(history_about.insert(), [shared | {"ref": str(one)} for one in (ana, di)])
    merging.merge(scene.conn, scene.workspace.id, keep=ana, gone=di, now=scene.now)
    assert rows(scene)[0].id in about(scene, ana)


def about(story: Story, who: int) -> set[int]:
    table = history_about
    query = select(table.c.history_id).where(table.c.role == "person", table.c.ref == str(who))
    return set(story.conn.scalars(query))


def test_who_is_who_stays_out_also_when_two_turn_out_to_be_one(scene: Story) -> None:
    both = dataclasses.replace(person("Di"), emails=("di@example.com", "ana@example.com"))
    scene.ticket_changes("102", requester=both)
    assert scene.person("Ana") == scene.person("Di")
    assert "@" not in str([row.change for row in rows(scene)])
