"""One issue and who waits for it, in two statements."""

from lineage.questions import asks_on, waiting_for
from tests.lineage.story import Story
from tests.lineage.test_cost_of_questions import counted, many


def test_it_says_of_each_what_the_long_question_says(narrowed: Story) -> None:
    narrowed.ask("Cy", "KS-2", org="Acme")
    narrowed.company("Acme", customer=10_001, of=["Ana"])
    narrowed.done("KS-2")
    for key in ("KS-1", "KS-2", "KS-3"):
        found = waiting_for(narrowed.conn, narrowed.workspace, narrowed.id(key), limit=9)
        assert found is not None
        views = {view.ask_id: view for view in asks_on(narrowed.conn, narrowed.workspace, narrowed.id(key))}
        assert {one.ask_id for one in found.waiters} == views.keys()
        for one in found.waiters:
            view = views[one.ask_id]
            assert (one.standing, one.delivered, one.parts) == (view.standing, view.delivered, view.parts)
            assert (one.words, one.company, one.choices) == (view.words, view.company, view.choices)
    assert found is not None
    assert [one.person_name for one in found.waiters] == ["Ana", "Bo"], "who is worth more comes first"


def test_it_takes_two_statements_for_one_and_for_many(story: Story) -> None:
    many(story, 1)
    for number in range(30):
        with counted(story) as made:
            found = waiting_for(story.conn, story.workspace, story.id("KS-1"), limit=5)
        assert found is not None
        assert (len(made), found.total, len(found.waiters)) == (2, number + 1, min(number + 1, 5))
        story.ask(f"Q{number}", "KS-1", org=f"Q{number}")
