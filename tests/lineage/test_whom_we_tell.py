"""§5: where a person is answered, and who is not told at all."""

from tests.lineage.sent import to
from tests.lineage.story import Story


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
