"""The history answers: what became of an issue or an ask; who was told what, where, by whose yes."""

from lineage import changes, notices, outcomes
from lineage.ledger import APPLY
from lineage.questions import HistoryEntry, history_of
from lineage.questions.history_words import WORDS
from lineage.tables import persons
from lineage.terms import ItemId, Origin
from tests.lineage.story import Story
from tests.lineage.test_cost_of_questions import counted


def of_item(story: Story, key: str, limit: int = 100) -> list[str]:
    found = history_of(story.conn, story.workspace, item_id=story.id(key), limit=limit)
    return [_said(one) for one in found]


def of_ask(story: Story, number: str) -> list[str]:
    found = history_of(story.conn, story.workspace, asks=[ask.ask_id for ask in story.asks_of(number)])
    return [_said(one) for one in found]


def of_person(story: Story, who: str) -> list[str]:
    return [_said(one) for one in history_of(story.conn, story.workspace, person_id=story.person(who))]


def _said(entry: HistoryEntry) -> str:
    return f"{entry.what} ({entry.who})"


def test_the_path_of_an_ask_is_told_from_its_ticket_to_what_was_said(narrowed: Story) -> None:
    narrowed.issue("KS-9")
    narrowed.duplicate("KS-3", of="KS-9")
    narrowed.done("KS-9")
    narrowed.send_all()
    (notice,) = narrowed.notices(person_id=narrowed.person("Bo"))
    assert of_ask(narrowed, "102") == [
        "KS-1 was read: Open (Jira)",
        "public title of KS-1: The KS-1 thing (agent)",
        "KS-3 was read: Open (Jira)",
        "public title of KS-3: The KS-3 thing (agent)",
        "KS-1 was read: Open; KS-1 was split into KS-2; KS-1 was split into KS-3 (Jira)",
        "KS-1 is a mere container (agent)",
        "ticket 102 is open (Zendesk)",
        "ticket 102 was linked to KS-1 (agent)",
        "of KS-1, Bo wants KS-3 (agent)",
        "KS-9 was read: Open (Jira)",
        "public title of KS-9: The KS-9 thing (agent)",
        "KS-3 was read: Open; KS-3 is a duplicate of KS-9 (Jira)",
        "KS-9 was read: Done; status of KS-9: Open to Done; state of KS-9: open to delivered (Jira)",
        f"Bo was told at ticket 102: KS-9 delivered (message {notice.id}) (Kithspark)",
    ]


def test_who_was_told_what_where_by_whose_yes(split: Story) -> None:
    split.decline("KS-2")
    (draft,) = split.notices(state="awaiting_approval")
    split.approve(draft)
    split.send_all()
    message = f"message {draft.id}"
    assert of_person(split, "Ana")[-2:] == [
        f"{message} to Ana (KS-2 declined) was approved as {draft.digest} (agent)",
        f"Ana was told at ticket 101: KS-2 declined ({message}, approved by agent) (Kithspark)",
    ]
    assert of_item(split, "KS-2")[-2:] == of_person(split, "Ana")[-2:] == of_ask(split, "101")[-2:]
    assert not any(message in said for said in of_item(split, "KS-3"))


def test_what_was_kept_back_and_what_was_taken_back_is_told(split: Story) -> None:
    split.done("KS-2")
    split.send_all()
    split.reopen("KS-2")
    (correction,) = split.notices(state="awaiting_approval")
    split.cancel(correction)
    split.done("KS-3")
    (held,) = split.notices(state="held")
    split.cancel(held)
    deeds = [said for said in of_person(split, "Ana") if said.startswith("message")]
    assert deeds == [
        f"message {correction.id} to Ana (KS-2 delivered) was dismissed (agent)",
        f"message {held.id} to Ana (KS-3 delivered) was cancelled (agent)",
    ]


def test_a_retry_says_who_tried_again(split: Story) -> None:
    split.done("KS-2")
    (notice,) = split.notices(state="held")
    split.conn.execute(outcomes.notices.update().values(state="blocked", parked_at=split.now))
    notices.retry(split.conn, split.workspace, notice.id, now=split.now, by="olga")
    assert of_item(split, "KS-2")[-1] == f"message {notice.id} to Ana (KS-2 delivered) was tried again (olga)"


def test_a_link_is_told_at_both_ends_when_it_comes_and_when_it_goes(split: Story) -> None:
    split.disconnect("KS-1", "KS-3")
    for key in ("KS-1", "KS-3"):
        links = [said for said in of_item(split, key) if "KS-1 was split into KS-3" in said]
        assert len(links) == 2 and "no longer: KS-1 was split into KS-3" in links[1]


def test_the_history_of_an_ask_leaves_out_what_others_asked_on_the_same_issue(narrowed: Story) -> None:
    assert any("Bo wants KS-3" in said for said in of_ask(narrowed, "102"))
    assert not any("Bo" in said or "102" in said for said in of_ask(narrowed, "101"))
    assert any("ticket 102 was linked to KS-1" in said for said in of_item(narrowed, "KS-1"))


def test_a_vote_is_told_with_the_placing_of_its_post(story: Story) -> None:
    story.issue("KS-1")
    story.post("9")
    story.vote("Ana", "9")
    story.record(changes.Linked(Origin("forum:post", "9"), story.id("KS-1"), "olga", story.now))
    assert of_person(story, "Ana") == [
        "forum post 9 was published ()",
        "a vote for forum post 9 (the voter)",
        "forum post 9 was linked to KS-1 (olga)",
    ]


def test_only_the_newest_are_told_where_there_are_many(split: Story) -> None:
    every = of_item(split, "KS-1")
    assert of_item(split, "KS-1", limit=2) == every[-2:]


def test_somebody_who_is_erased_has_no_name_in_the_history(narrowed: Story) -> None:
    narrowed.conn.execute(persons.update().values(erased_at=narrowed.now))
    assert "of KS-1, the requester wants KS-3 (agent)" in of_ask(narrowed, "102")


def test_of_what_was_never_heard_of_nothing_is_told(story: Story) -> None:
    assert history_of(story.conn, story.workspace, item_id=ItemId("404")) == []
    assert history_of(story.conn, story.workspace) == []


def test_every_kind_of_change_has_words() -> None:
    assert {kind.__name__ for kind in APPLY} <= WORDS.keys()


def test_the_history_takes_as_many_statements_for_many_rows_as_for_few(split: Story) -> None:
    def cost() -> tuple[int, int, int]:
        spent = []
        for ask in (of_item, of_ask):
            with counted(split) as made:
                ask(split, "KS-1" if ask is of_item else "101")
            spent.append(len(made))
        with counted(split) as made:
            of_person(split, "Ana")
        return spent[0], spent[1], len(made)

    for_few = cost()
    for number in range(30):
        split.ask(f"P{number}", "KS-1")
        split.change("KS-2", status=f"Stage {number}")
    split.narrow("Ana", "KS-1", to=["KS-2"])
    assert max(a - b for a, b in zip(cost(), for_few, strict=True)) <= 1  # a person is named by now
    assert max(for_few) <= 20
