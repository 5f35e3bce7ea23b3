"""Rules 9 and 12, §4: ends that cannot be read, versions that change, tickets that come back, late news."""

from dataclasses import replace
from datetime import timedelta

from lineage.changes import IssueUnreadable
from lineage.terms import EdgeKind
from tests.lineage.sent import to
from tests.lineage.story import Story

MERGED = {"KS-2": "1"}


def unreadable(story: Story, key: str) -> None:
    story.record(IssueUnreadable(story.id(key), story.now))


def merged(story: Story) -> str:
    story.issue("KS-1", "KS-2")
    ana = story.ask("Ana", "KS-1")
    story.duplicate("KS-1", of="KS-2")
    return ana


def test_a_link_stands_while_one_end_cannot_be_read(story: Story) -> None:
    ana = merged(story)
    unreadable(story, "KS-2")
    story.tracker.unlink("KS-1", "KS-2", at=story.now)
    story.look("KS-1")
    story.look("KS-1")
    assert story.shares(ana) == MERGED
    story.look("KS-2")
    assert story.shares(ana) == {"KS-1": "1"}, "it could be read again, and did not list it either"


def test_a_link_that_both_ends_denied_is_gone_whatever_becomes_of_them(story: Story) -> None:
    ana = merged(story)
    story.disconnect("KS-1", "KS-2")
    unreadable(story, "KS-2")
    story.deleted("KS-2")
    assert story.shares(ana) == {"KS-1": "1"}


def test_what_was_merged_into_something_deleted_waits_there(story: Story) -> None:
    ana = merged(story)
    story.deleted("KS-2")
    story.look("KS-1")
    assert story.shares(ana) == MERGED and story.state("KS-2") == "gone"
    assert story.standing(ana) == "waiting 0/1"


def test_a_link_whose_other_end_was_never_read_stands_until_it_is(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.tracker.make("KS-2", at=story.now)
    story.later()
    story.tracker.link(EdgeKind.MERGED, "KS-1", "KS-2", at=story.now)
    story.look("KS-1")
    story.tracker.unlink("KS-1", "KS-2", at=story.now)
    story.look("KS-1")
    assert story.shares(ana) == MERGED
    story.look("KS-2")
    assert story.shares(ana) == {"KS-1": "1"}


def test_an_older_reading_of_one_end_takes_no_link_away_and_brings_none_back(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    ana = story.ask("Ana", "KS-1")
    before = story.tracker.seen("KS-1")
    story.duplicate("KS-1", of="KS-2")
    linked = story.tracker.seen("KS-1")
    assert not story.record(before)
    assert story.shares(ana) == MERGED
    story.disconnect("KS-1", "KS-2")
    assert not story.record(linked)
    assert story.shares(ana) == {"KS-1": "1"}


def test_a_version_that_is_taken_away_or_renamed_holds_nothing_back(story: Story) -> None:
    story.policy(deliver="release")
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.fix_version("KS-1", "2.0")
    story.done("KS-1")
    story.record(replace(story.tracker.version("2.0"), name="2.0 (autumn)"))
    assert story.standing(ana) == "started 0/1"
    story.change("KS-1", versions=())
    assert story.standing(ana) == "delivered 1/1", "with no fix version, done is enough"


def test_a_release_that_is_taken_back_within_the_quiet_period_is_not_told(story: Story) -> None:
    story.policy(deliver="release")
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.fix_version("KS-1", "2.0")
    story.done("KS-1")
    story.release("2.0")
    story.release("2.0", released=False)
    assert story.send_all() == []
    story.release("2.0")
    assert to(story.send_all()) == [("Ana", "delivered")]
    story.release("2.0", released=False)
    assert [notice.kind for notice in story.notices(state="awaiting_approval")] == ["correction"]


def test_of_several_versions_the_last_one_delivers(story: Story) -> None:
    story.policy(deliver="release")
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.change("KS-1", versions=(story.tracker.version("2.0"), story.tracker.version("2.1")))
    story.done("KS-1")
    story.release("2.0")
    assert story.standing(ana) == "started 0/1"
    story.release("2.1")
    assert story.standing(ana) == "delivered 1/1"


def test_a_ticket_that_is_restored_is_answered_again(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1", status="deleted")
    story.done("KS-1")
    assert [notice.state for notice in story.notices()] == ["blocked"]
    story.ticket_changes(ana, status="open")
    assert to(story.send_all()) == [("Ana", "delivered")]


def test_who_is_made_the_requester_again_is_told(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    before = story.tickets[ana].requester
    story.ticket_changes(ana, requester=replace(before, id="zd-bo", name="Bo", emails=("bo@example.com",)))
    story.done("KS-1")
    assert story.send_all() == []
    story.ticket_changes(ana, requester=before)
    assert to(story.send_all()) == [("Ana", "delivered")]


def test_what_was_done_long_ago_by_jiras_time_and_heard_only_now_is_told_in_time(story: Story) -> None:
    """The request was there before: only the news of it is late."""
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.now += timedelta(days=3)
    at = story.now - timedelta(days=2)
    story.change("KS-1", category="done", status="Done", resolution_id="1", meaning="delivered", state_at=at)
    assert to(story.send_all()) == [("Ana", "delivered")]


def test_a_moved_issue_keeps_its_links_its_title_and_what_was_told(story: Story) -> None:
    ana = merged(story)
    story.done("KS-2")
    story.send_all()
    story.later()
    story.tracker.move("KS-2", "OPS-7", at=story.now)
    story.look("OPS-7", "KS-1")
    assert story.shares(ana) == {"OPS-7": "1"}
    assert story.send_all() == []
