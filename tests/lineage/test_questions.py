"""What screens and commands ask, and the JSON that scripts read."""

from lineage.questions import (
    asks_of_person,
    asks_of_ticket,
    asks_on,
    edges_at,
    item,
    titles,
)
from lineage.terms import ItemId, Standing
from tests.lineage.story import Story

MANY = 30


# --- items


def test_an_item_is_found_by_its_key_and_by_its_id(narrowed: Story) -> None:
    by_key, by_id = (item(narrowed.conn, narrowed.workspace, name) for name in ("KS-1", "10001"))
    assert by_key is not None and by_key == by_id
    assert (by_key.key, by_key.split, by_key.parts) == (
        "KS-1",
        True,
        (narrowed.id("KS-2"), narrowed.id("KS-3")),
    )
    assert (by_key.keeps_part, by_key.public_title, by_key.url) == (
        False, "The KS-1 thing", "https://jira.example/browse/KS-1",
    )  # fmt: skip
    assert item(narrowed.conn, narrowed.workspace, "KS-99") is None


def test_titles_are_the_public_ones(narrowed: Story) -> None:
    narrowed.issue("KS-7", title=None)
    wanted = [narrowed.id("KS-1"), narrowed.id("KS-7"), ItemId("99999")]
    assert titles(narrowed.conn, narrowed.workspace, wanted) == {"10001": "The KS-1 thing", "10007": None}


def test_an_item_shows_its_versions(story: Story) -> None:
    story.issue("KS-1")
    story.fix_version("KS-1", "2.0")
    story.release("2.0")
    found = item(story.conn, story.workspace, "KS-1")
    assert found is not None and found.versions == (("2.0", True),)


# --- asks


def test_an_ask_says_where_it_went_and_what_comes_next(narrowed: Story) -> None:
    ana = narrowed.asked("101")
    assert (ana.person_name, ana.person_email, ana.company) == ("Ana", "ana@example.com", "Acme")
    assert [(step.kind, step.src_key, step.dst_key) for step in ana.path] == [
        ("linked", "zendesk:ticket:101", "KS-1"),
        ("split", "KS-1", "KS-2"),
        ("split", "KS-1", "KS-3"),
    ]
    assert (ana.standing, ana.delivered, ana.parts) == (Standing.WAITING, 0, 2)
    assert [carrier.title for carrier in ana.carriers] == ["The KS-2 thing", "The KS-3 thing"]
    assert ana.next == "when KS-2 or KS-3 is done"
    assert narrowed.asked("102").next == "when KS-3 is done"


def test_the_next_sentence_follows_the_notice(narrowed: Story) -> None:
    narrowed.done("KS-2")
    assert narrowed.asked("101").next.startswith("goes out on 2 Mar 2026, ")
    narrowed.send_all()
    assert narrowed.asked("101").next == "when KS-3 is done"
    narrowed.done("KS-3")
    narrowed.send_all()
    assert narrowed.asked("101").next == narrowed.asked("102").next == "nothing more: that was everything"


def test_the_next_sentence_asks_the_person_who_can_answer(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.change("KS-1", category="done", resolution_id="77", meaning=None)
    assert story.asked(ana).next == "when somebody says what the resolution of KS-1 means, or reopens it"
    story.reopen("KS-1")
    story.split("KS-1", into=["KS-2"])
    story.done("KS-1")
    assert story.asked(ana).next == "when KS-2 is done"
    story.deleted("KS-2")
    story.reopen("KS-1")
    story.decline("KS-1")
    story.unlink(ana, "KS-1")
    assert story.asked(ana).next == "nothing more: the request was withdrawn"


def test_what_was_told_stands_with_its_words(narrowed: Story) -> None:
    narrowed.done("KS-2")
    (sent,) = narrowed.send_all()
    (told,) = narrowed.asked("101").told
    assert (told.kind, told.issues, told.where) == ("part_delivered", ("KS-2",), "zendesk:ticket:101")
    assert told.text == sent.text
    assert narrowed.asked("102").told == ()


def test_a_correction_is_something_told_too(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.send_all()
    story.reopen("KS-1")
    story.approve(story.notices(state="awaiting_approval")[0])
    story.send_all()
    assert [told.kind for told in story.asked(ana).told] == ["delivered", "correction"]


def test_the_asks_on_an_item_are_those_that_rest_on_it_or_passed_it(narrowed: Story) -> None:
    assert narrowed.on("KS-1") == ["Ana", "Bo"]
    assert narrowed.on("KS-2") == ["Ana"]
    assert narrowed.on("KS-3") == ["Ana", "Bo"]
    assert narrowed.on("KS-99") == []


def test_of_many_asks_on_an_item_the_oldest_are_given(story: Story) -> None:
    story.issue("KS-1")
    for number in range(4):
        story.ask(f"P{number}", "KS-1")
    found = asks_on(story.conn, story.workspace, story.id("KS-1"), limit=2)
    assert [ask.person_name for ask in found] == ["P0", "P1"]


def test_a_person_is_found_by_any_address_in_any_case(narrowed: Story) -> None:
    found = asks_of_person(narrowed.conn, narrowed.workspace, "ANA@example.com")
    assert [ask.origin for ask in found] == ["zendesk:ticket:101"]
    assert asks_of_person(narrowed.conn, narrowed.workspace, "nobody@example.com") == []


def test_a_follow_up_shows_the_asks_that_it_answers(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1", status="closed")
    story.done("KS-1")
    story.send_all()
    followup = str(int(ana) + 1)
    assert [ask.origin for ask in asks_of_ticket(story.conn, story.workspace, followup)] == [
        f"zendesk:ticket:{ana}"
    ]


def test_an_ask_as_json_is_what_the_contract_says(narrowed: Story) -> None:
    narrowed.done("KS-3")
    narrowed.send_all()
    shape = narrowed.asked("102").as_json()
    assert set(shape) == {
        "issue", "linked_at", "linked_by", "carriers", "path", "standing", "delivered", "parts", "told",
    }  # fmt: skip
    assert shape["issue"]["key"] == "KS-1" and shape["linked_by"] == "agent"
    assert shape["linked_at"].startswith("2026-03-02T") and shape["linked_at"].endswith("Z")
    assert [(one["issue"]["key"], one["share"]) for one in shape["carriers"]] == [("KS-3", "1")]
    assert shape["path"][1]["kind"] == "split" and shape["path"][1]["from"] == "KS-1"
    assert (shape["standing"], shape["delivered"], shape["parts"]) == ("delivered", 1, 1)
    (told,) = shape["told"]
    assert (told["kind"], told["where"], told["issues"][0]["key"]) == (
        "delivered",
        "zendesk:ticket:102",
        "KS-3",
    )


# --- links


def test_edges_say_which_of_them_stand_and_why_not(narrowed: Story) -> None:
    narrowed.duplicate("KS-2", of="KS-1")
    found = edges_at(narrowed.conn, narrowed.workspace, narrowed.id("KS-2"))
    assert [(edge.kind, edge.src_key, edge.dst_key, edge.stands) for edge in found] == [
        ("split", "KS-1", "KS-2", False),
        ("merged", "KS-2", "KS-1", True),
    ]
    assert found[0].why == "the part was merged back into what it was split from"
    assert found[1].as_json() == {
        "kind": "merged", "from": "KS-2", "to": "KS-1", "link_id": "1003", "stands": True,
    }  # fmt: skip
