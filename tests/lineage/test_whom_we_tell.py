"""§5: where a person is answered, and who is not told at all."""

from tests.lineage.story import Story


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
