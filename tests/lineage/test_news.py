"""§5: who is owed which words, told as histories; what goes out is what `send_all` gives."""

from tests.lineage.sent import to
from tests.lineage.story import Story

ALL = "That was everything you asked for."


# --- one outcome, one message


def test_what_is_done_is_told_once_to_everybody_who_asked(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Bo", "KS-1")
    story.done("KS-1")
    assert to(story.send_all()) == [("Ana", "delivered"), ("Bo", "delivered")]
    assert ALL in story.sent[0].text
    story.look("KS-1")
    assert story.send_all() == []


def test_nothing_goes_out_within_the_quiet_period(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.later(minutes=14)
    assert story.send_due() == []
    story.later(minutes=2)
    assert to(story.send_due()) == [("Ana", "delivered")]


def test_nothing_goes_out_while_the_workspace_is_paused(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.policy(paused=True)
    assert story.send_all() == []
    assert story.asked(ana).next == "goes out once the pause of this workspace is over"
    story.policy(paused=False)
    assert to(story.send_all()) == [("Ana", "delivered")]


def test_everything_owed_at_one_moment_is_one_message(split: Story) -> None:
    split.done("KS-2")
    split.later(minutes=5)
    split.done("KS-3")
    assert to(split.send_all()) == [("Ana", "delivered")]


def test_a_part_is_told_truthfully_and_the_last_one_says_that_it_was_all(split: Story) -> None:
    split.done("KS-2")
    (first,) = split.send_all()
    assert first.kind == "part_delivered"
    assert "The KS-2 thing" in first.text and "The KS-3 thing" in first.text and ALL not in first.text
    assert "1 of 2" in split.asked("101").told[0].text.replace("One of two", "1 of 2")
    split.done("KS-3")
    (last,) = split.send_all()
    assert last.kind == "delivered" and ALL in last.text


def test_who_wants_only_one_part_hears_of_that_one_only(split: Story) -> None:
    split.ask("Bo", "KS-1")
    split.narrow("Bo", "KS-1", to=["KS-3"])
    split.done("KS-2")
    assert to(split.send_all()) == [("Ana", "part_delivered")]
    split.done("KS-3")
    assert to(split.send_all()) == [("Ana", "delivered"), ("Bo", "delivered")]


def test_two_tickets_of_one_person_are_one_message_and_a_note_on_the_other(story: Story) -> None:
    story.issue("KS-1")
    older, newer = story.ask("Ana", "KS-1"), story.ask("Ana", "KS-1")
    story.done("KS-1")
    assert [(sent.to, sent.place) for sent in story.send_all()] == [("Ana", f"zendesk:ticket:{newer}")]
    assert [note.place for note in story.notes] == [f"zendesk:ticket:{older}"]
    assert f"ticket #{newer}" in story.notes[0].text
    assert [len(story.asked(number).told) for number in (older, newer)] == [1, 1]


def test_internal_words_reach_no_customer(split: Story) -> None:
    split.done("KS-2")
    split.done("KS-3")
    for sent in split.send_all():
        assert "internal" not in sent.text and "KS-2:" not in sent.text


# --- reopened, repeated, undone


def test_what_is_reopened_within_the_quiet_period_is_not_told(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.reopen("KS-1")
    (notice,) = story.notices()
    assert (notice.state, notice.reason) == ("cancelled", "nothing is owed any more")
    assert story.send_all() == []


def test_becoming_true_again_starts_the_quiet_period_anew(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.later(minutes=14)
    story.reopen("KS-1")
    story.done("KS-1")
    story.later(minutes=10)
    assert story.send_due() == []
    story.later(minutes=10)
    assert to(story.send_due()) == [("Ana", "delivered")]


def test_what_was_told_and_is_reopened_is_corrected_by_a_person_only(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.send_all()
    story.reopen("KS-1")
    assert story.send_all() == []
    (draft,) = story.notices(state="awaiting_approval")
    assert draft.kind == "correction" and "The KS-1 thing" in draft.text
    story.approve(draft)
    assert to(story.send_all()) == [("Ana", "correction")]
    story.done("KS-1")
    assert to(story.send_all()) == [("Ana", "delivered")], "once it was taken back it can be told again"


def test_a_correction_goes_out_by_itself_under_no_policy(story: Story) -> None:
    story.policy(auto_kinds=("part_delivered", "delivered", "declined", "started", "linked"))
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.send_all()
    story.reopen("KS-1")
    assert story.send_all() == []
    assert [notice.kind for notice in story.notices(state="awaiting_approval")] == ["correction"]


def test_a_dismissed_correction_leaves_what_was_told_standing(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.send_all()
    story.reopen("KS-1")
    story.cancel(story.notices(state="awaiting_approval")[0])
    story.done("KS-1")
    assert story.send_all() == []
    assert story.notices(state="awaiting_approval") == []


def test_a_correction_that_is_true_again_is_not_sent(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.send_all()
    story.reopen("KS-1")
    story.done("KS-1")
    assert [notice.state for notice in story.notices()] == ["confirmed", "cancelled"]
    assert story.send_all() == []


def test_merging_and_unmerging_what_was_told_makes_no_second_message(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.done("KS-2")
    story.send_all()
    story.duplicate("KS-1", of="KS-2")
    assert story.send_all() == []
    story.disconnect("KS-1", "KS-2")
    assert story.send_all() == [] and len(story.notices()) == 1


def test_what_was_told_and_is_merged_into_something_open_is_corrected(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.send_all()
    story.duplicate("KS-1", of="KS-2")
    assert [notice.kind for notice in story.notices(state="awaiting_approval")] == ["correction"]


def test_what_was_told_and_is_split_afterwards_is_corrected(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.send_all()
    story.split("KS-1", into=["KS-2"])
    assert [notice.kind for notice in story.notices(state="awaiting_approval")] == ["correction"]


def test_another_ask_of_the_same_person_that_nobody_answered_is_still_owed(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    story.ask("Ana", "KS-2")
    story.done("KS-1")
    story.send_all()
    story.duplicate("KS-2", of="KS-1")
    (draft,) = story.notices(state="awaiting_approval")
    assert draft.kind == "delivered"


def test_what_joins_a_waiting_message_waits_a_quiet_period_too(split: Story) -> None:
    split.done("KS-2")
    split.later(minutes=12)
    split.done("KS-3")
    split.later(minutes=10)
    assert split.send_due() == []
    split.later(minutes=5)
    assert to(split.send_due()) == [("Ana", "delivered")]


def test_what_becomes_true_again_beside_other_news_waits_anew(split: Story) -> None:
    split.done("KS-2")
    split.done("KS-3")
    split.later(minutes=10)
    split.reopen("KS-3")
    split.done("KS-3")
    split.later(minutes=10)
    assert split.send_due() == []
    split.later(minutes=5)
    assert to(split.send_due()) == [("Ana", "delivered")]


# --- late


def test_who_is_linked_to_something_finished_is_told_once_a_person_says_so(story: Story) -> None:
    story.issue("KS-1")
    story.done("KS-1")
    ana = story.ask("Ana", "KS-1")
    assert story.send_all() == []
    assert story.asked(ana).next == "draft waits for approval"
    story.approve(story.notices(state="awaiting_approval")[0])
    assert to(story.send_all()) == [("Ana", "delivered")]


def test_what_is_merged_into_something_finished_is_told_once_a_person_says_so(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    story.done("KS-2")
    story.duplicate("KS-1", of="KS-2")
    assert story.send_all() == []
    assert [notice.kind for notice in story.notices(state="awaiting_approval")] == ["delivered"]


def test_a_vote_cast_after_delivery_is_owed_nothing(story: Story) -> None:
    story.issue("KS-1")
    story.post("9", placed="KS-1")
    story.vote("Ana", "9")
    story.done("KS-1")
    story.vote("Bo", "9")
    assert to(story.send_all()) == [("Ana", "delivered")]
    assert story.notices(state="awaiting_approval") == []


def test_a_vote_is_answered_on_its_post(story: Story) -> None:
    story.issue("KS-1")
    story.post("9", placed="KS-1")
    story.vote("Ana", "9")
    story.done("KS-1")
    (sent,) = story.send_all()
    assert sent.place == "forum:post:9" and "Ana" not in sent.text
