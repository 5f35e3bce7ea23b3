"""§5: who is owed which words, told as histories; what goes out is what `send_all` gives."""

import pytest

from lineage.errors import LineageError
from lineage.notices import approve
from tests.lineage.story import Sent, Story

ALL = "That was everything you asked for."


def to(sent: list[Sent]) -> list[tuple[str, str]]:
    """Who heard which kind of news."""
    return sorted((one.to, one.kind) for one in sent)


@pytest.fixture
def split(story: Story) -> Story:
    """Ana asks for KS-1, which is split into KS-2 and KS-3 and keeps nothing."""
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2", "KS-3"])
    story.keeps_part("KS-1", False)
    return story


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


# --- where


def test_a_closed_ticket_is_answered_by_a_follow_up(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1", status="closed")
    story.done("KS-1")
    (sent,) = story.send_all()
    assert sent.place == f"zendesk:followup:{ana}" and f"About {ana}" in sent.text


def test_an_open_ticket_is_preferred_to_a_newer_closed_one(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.ask("Ana", "KS-1", status="closed")
    story.done("KS-1")
    assert [sent.place for sent in story.send_all()] == [f"zendesk:ticket:{ana}"]


def test_a_ticket_is_preferred_to_the_forum(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.post("9", placed="KS-1")
    story.vote("Ana", "9")
    story.done("KS-1")
    assert [sent.place for sent in story.send_all()] == [f"zendesk:ticket:{ana}"]


def test_with_no_place_left_it_is_blocked(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1", status="deleted")
    story.done("KS-1")
    assert [notice.state for notice in story.notices()] == ["blocked"]


def test_a_request_with_a_zendesk_community_vote_is_answered_there(story: Story) -> None:
    """A second kind of Zendesk origin, to come: nothing of the rules may rest on there being only tickets."""
    story.issue("KS-1")
    story.community_vote("Ana", "77", "KS-1")
    story.done("KS-1")
    (sent,) = story.send_all()
    assert sent.place == "zendesk:community:77" and "Ana" not in sent.text


# --- who is not told


def test_who_opted_out_is_skipped_visibly_and_once(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.opt_out("Ana")
    story.done("KS-1")
    story.look("KS-1")
    story.title("KS-1", "Another title")
    assert story.send_all() == []
    assert [(n.state, n.reason) for n in story.notices()] == [("skipped", "opted out")]
    assert story.asked(ana).next == "nothing: opted out"


def test_who_opts_out_within_the_quiet_period_is_not_told(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.opt_out("Ana")
    assert story.send_all() == []
    assert [notice.state for notice in story.notices()] == ["skipped"]


def test_staff_are_not_told(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Sam", "KS-1", staff=True)
    story.done("KS-1")
    assert [(n.state, n.reason) for n in story.notices()] == [("skipped", "works for us")]


def test_who_is_suspended_is_told_once_the_suspension_is_lifted(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1", suspended=True)
    story.done("KS-1")
    assert [notice.state for notice in story.notices()] == ["blocked"]
    story.ticket_changes(ana, requester=type(story.tickets[ana].requester)("zendesk", "zd-ana", "Ana"))
    assert to(story.send_all()) == [("Ana", "delivered")]


def test_what_has_no_public_title_is_blocked_until_it_has_one(story: Story) -> None:
    story.issue("KS-1", title=None)
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    (notice,) = story.notices()
    assert notice.state == "blocked" and notice.reason.startswith("KS-1 has no public title")
    story.title("KS-1", "Export to PDF")
    (sent,) = story.send_all()
    assert "Export to PDF" in sent.text


# --- which kinds


def test_declined_waits_for_a_person(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.decline("KS-1")
    assert story.send_all() == []
    story.approve(story.notices(state="awaiting_approval")[0])
    assert to(story.send_all()) == [("Ana", "declined")]


def test_no_automatic_message_gives_away_what_was_declined(split: Story) -> None:
    split.decline("KS-3")
    split.done("KS-2")
    (sent,) = split.send_all()
    assert sent.kind == "part_delivered"
    assert ALL not in sent.text and "✗" not in sent.text
    assert [notice.kind for notice in split.notices(state="awaiting_approval")] == ["declined"]


def test_what_is_known_to_be_declined_is_said_again_with_the_last_part(split: Story) -> None:
    split.decline("KS-3")
    split.approve(split.notices()[0])
    assert to(split.send_all()) == [("Ana", "declined")]
    split.done("KS-2")
    (sent,) = split.send_all()
    assert sent.kind == "delivered" and "✗" in sent.text and ALL not in sent.text
    assert split.send_all() == []


def test_the_rest_that_is_declined_is_told_after_approval(split: Story) -> None:
    split.done("KS-2")
    split.send_all()
    split.decline("KS-3")
    (draft,) = split.notices(state="awaiting_approval")
    assert draft.kind == "declined" and "✗" in draft.text and ALL not in draft.text
    split.approve(draft)
    assert to(split.send_all()) == [("Ana", "declined")]


def test_an_ask_that_became_final_after_a_promise_is_owed_a_closing_message(split: Story) -> None:
    split.done("KS-2")
    split.send_all()
    split.duplicate("KS-3", of="KS-2")
    (sent,) = split.send_all()
    assert sent.kind == "delivered" and ALL in sent.text
    assert split.send_all() == []


def test_an_own_part_that_nobody_explained_says_nothing(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    story.done("KS-1")
    assert story.send_all() == [] and story.notices() == []
    story.keeps_part("KS-1", True)
    assert to(story.send_all()) == [("Ana", "part_delivered")]
    assert story.asked(ana).next == "when KS-2 is done"


def test_a_container_that_closes_says_nothing_of_its_own(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    story.done("KS-1")
    story.keeps_part("KS-1", False)
    assert story.send_all() == []
    story.done("KS-2")
    assert to(story.send_all()) == [("Ana", "delivered")]


def test_linked_and_started_are_said_only_where_the_workspace_wants_it(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    story.start("KS-1")
    assert story.send_all() == []
    story.policy(auto_kinds=("linked", "started", "part_delivered", "delivered"))
    story.ask("Bo", "KS-2")
    assert to(story.send_all()) == [("Bo", "linked")]
    story.start("KS-2")
    assert to(story.send_all()) == [("Bo", "started")]
    story.reopen("KS-2")
    story.start("KS-2")
    assert story.send_all() == []
    story.done("KS-2")
    assert to(story.send_all()) == [("Bo", "delivered")]


def test_where_nothing_goes_out_by_itself_everything_waits_for_approval(story: Story) -> None:
    story.policy(auto_kinds=())
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    assert story.asked(ana).next == "when KS-1 is done, and a person approves the words"
    story.done("KS-1")
    assert story.send_all() == []
    assert [notice.kind for notice in story.notices(state="awaiting_approval")] == ["delivered"]


def test_done_is_told_when_it_is_released(story: Story) -> None:
    story.policy(deliver="release")
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.fix_version("KS-1", "2.0")
    story.done("KS-1")
    assert story.send_all() == []
    assert story.asked(ana).next == "when KS-1 is released"
    story.release("2.0")
    assert to(story.send_all()) == [("Ana", "delivered")]


# --- what people decide


def test_an_approval_holds_for_exactly_these_words(story: Story) -> None:
    story.issue("KS-1")
    story.done("KS-1")
    story.ask("Ana", "KS-1")
    (draft,) = story.notices()
    story.title("KS-1", "Other words")
    with pytest.raises(LineageError, match="says something else by now"):
        approve(story.conn, story.workspace, draft.id, digest=draft.digest, by="agent", now=story.now)


def test_other_words_than_those_approved_need_approval_again(story: Story) -> None:
    story.issue("KS-1")
    story.done("KS-1")
    story.ask("Ana", "KS-1")
    story.approve(story.notices()[0])
    story.title("KS-1", "Other words")
    assert story.send_all() == []
    (again,) = story.notices()
    assert again.state == "awaiting_approval"
    story.approve(again)
    assert "Other words" in story.send_all()[0].text


def test_a_message_can_be_approved_before_its_quiet_period_is_over(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.approve(story.notices()[0])
    assert to(story.send_due()) == [("Ana", "delivered")]


def test_what_a_person_cancelled_is_not_planned_again_until_it_becomes_true_anew(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.cancel(story.notices()[0])
    story.look("KS-1")
    story.title("KS-1", "Other words")
    assert story.send_all() == []
    story.reopen("KS-1")
    story.done("KS-1")
    assert to(story.send_all()) == [("Ana", "delivered")]


def test_what_has_left_cannot_be_cancelled_or_approved(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.send_all()
    (notice,) = story.notices()
    with pytest.raises(LineageError, match="cannot be cancelled"):
        story.cancel(notice)
    with pytest.raises(LineageError, match="nothing to approve"):
        story.approve(notice)


def test_an_unlinked_request_is_told_nothing_unless_it_is_kept(story: Story) -> None:
    story.issue("KS-1")
    ana, bo = story.ask("Ana", "KS-1"), story.ask("Bo", "KS-1")
    story.done("KS-1")
    story.unlink(ana, "KS-1")
    story.unlink(bo, "KS-1", keep=True)
    assert to(story.send_all()) == [("Bo", "delivered")]
