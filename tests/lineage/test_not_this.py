"""What agents say of a wrong suggestion: it counts against it, as a link counts for it."""

import pytest
from sqlalchemy import select

from lineage.agent_changes import MaybeThis, NotThis
from lineage.changes import Erased
from lineage.errors import Unknown
from lineage.likeness import ranks
from lineage.likeness.finder import Alike, Finder
from lineage.likeness.tables import rejections
from lineage.questions import history_of, rejected_for
from lineage.tables import history
from lineage.terms import Origin
from tests.lineage.story import Story
from tests.lineage.test_likeness import _work

LIKE = "the pdf of our invoices is cut off at the right"
HUM = "Another invoice whose pdf is cut off at the right"


@pytest.fixture
def two(story: Story) -> Story:
    """Two issues that sound alike to a ticket of Ana's; the first is nearer by its words."""
    story.issue("KS-1", title="The pdf of an invoice is cut off")
    story.issue("KS-2", title="Print an invoice, pdf with margins")
    story.issue("KS-3", title="Sign in with a passkey")
    story.ticket("Ana", subject="PDF", words=LIKE)
    _work(story)
    assert order(story) == [story.id("KS-1"), story.id("KS-2")]
    return story


def order(story: Story, text: str = HUM) -> list[str]:
    return [one.item for one in _scores(story, text)]


def _scores(story: Story, text: str = HUM) -> list[Alike]:
    return Finder().alike(story.conn, story.workspace, text, most=5)


def says(story: Story, kind: type[NotThis] | type[MaybeThis], key: str = "KS-1", ticket: str = "101") -> bool:
    done = story.record(kind(Origin("zendesk:ticket", ticket), story.id(key), by="Agnes", at=story.now))
    _work(story)
    return done


def test_it_counts_against_the_issue_for_texts_like_this_one_and_for_no_others(two: Story) -> None:
    passkey = _scores(two, "sign in by passkey")
    assert says(two, NotThis)
    assert order(two) == [two.id("KS-2"), two.id("KS-1")]
    assert _scores(two, "sign in by passkey") == passkey


def test_taken_back_it_is_as_before(two: Story) -> None:
    before = _scores(two)
    says(two, NotThis)
    assert not says(two, NotThis)
    says(two, MaybeThis)
    assert _scores(two) == before and not says(two, MaybeThis)


def test_as_many_links_outweigh_it(two: Story) -> None:
    says(two, NotThis)
    number = two.ticket("Bo", subject="PDF", words=LIKE)
    two.link(number, "KS-1")
    _work(two)
    assert order(two)[0] == two.id("KS-1")


def test_what_is_linked_after_all_is_no_evidence_against(two: Story) -> None:
    says(two, NotThis)
    two.link("101", "KS-1")
    _work(two)
    assert order(two)[0] == two.id("KS-1")
    two.unlink("101", "KS-1")
    _work(two)
    assert order(two)[0] == two.id("KS-2")


def test_the_more_say_so_the_more_it_counts_and_it_never_goes_below_a_tenth(two: Story) -> None:
    def first() -> float:
        return next(one.score for one in _scores(two) if one.item == two.id("KS-1"))

    scores = [first()]
    for who in ("Ana", "Bo", "Cy", "Di"):
        number = "101" if who == "Ana" else two.ticket(who, subject="PDF", words=LIKE)
        says(two, NotThis, ticket=number)
        scores.append(first())
    assert scores == sorted(scores, reverse=True) and len(set(scores)) == len(scores)
    assert scores[-1] >= scores[0] * (1 - ranks.AGAINST)


def test_it_is_in_the_history_with_who_said_it_and_hides_it_for_that_request_alone(two: Story) -> None:
    says(two, NotThis)
    (entry,) = [
        one for one in history_of(two.conn, two.workspace, item_id=two.id("KS-1")) if one.who == "Agnes"
    ]
    assert entry.what == "ticket 101 is not about KS-1"
    assert rejected_for(two.conn, two.workspace, Origin("zendesk:ticket", "101")) == {two.id("KS-1")}
    other = two.ticket("Bo")
    assert rejected_for(two.conn, two.workspace, Origin("zendesk:ticket", other)) == set()


def test_it_is_said_once_and_of_what_is_known(two: Story) -> None:
    with pytest.raises(Unknown):
        says(two, NotThis, ticket="999")
    says(two, NotThis)
    rows = two.conn.execute(select(history.c.id).where(history.c.kind == "NotThis")).all()
    assert len(rows) == len(two.conn.execute(select(rejections)).all()) == 1


def test_the_words_of_who_is_forgotten_count_against_nothing_at_once(two: Story) -> None:
    before = _scores(two)
    says(two, NotThis)
    two.record(Erased(two.person("Ana"), by="x", at=two.now))
    assert _scores(two) == before
