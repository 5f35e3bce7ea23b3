"""An operator's own wording in the life of a workspace: set, approved anew, sent, and never in the way."""

import pytest
from sqlalchemy import select, update

from lineage import changes
from lineage.errors import LineageError
from lineage.operator_changes import WordingSet
from lineage.outcomes import notices, wordings
from lineage.questions import history_of, own_wordings, preview
from lineage.requester_changes import OptedIn
from lineage.tables import history
from lineage.terms import Kind
from lineage.wording import STARTER
from tests.lineage.story import Story

OURS = "It is ready now:"
OWN = "{{ greeting }}\n\nGood news from {{ company }}.\n\n{{ earlier }}\n\n{{ news }}\n\n{{ page }}"
HIDDEN = "internal codename ORCHID"


def word(story: Story, template: str, *, kind: Kind = Kind.DELIVERED, language: str = "en") -> bool:
    return story.record(WordingSet(kind, language, template, "olga@example.com", story.now))


@pytest.fixture
def asked(story: Story) -> Story:
    story.issue("KS-1", title="Export to PDF", summary=HIDDEN)
    story.ask("Ana", "KS-1")
    return story


def test_news_is_said_in_the_operators_words(asked: Story) -> None:
    word(asked, OWN)
    asked.done("KS-1")
    (sent,) = asked.send_all()
    assert "Good news from" in sent.text and OURS in sent.text and "✓ Export to PDF" in sent.text


def test_what_waits_is_worded_anew_at_once_and_ours_comes_back(asked: Story) -> None:
    asked.done("KS-1")
    (before,) = asked.notices(state="held")
    word(asked, OWN)
    (after,) = asked.notices(state="held")
    assert (after.id, after.due_at) == (before.id, before.due_at)
    assert after.digest != before.digest and "Good news" in after.text
    word(asked, "")
    (again,) = asked.notices(state="held")
    assert (again.digest, again.text) == (before.digest, before.text)


def test_approved_words_that_change_need_approval_again(asked: Story) -> None:
    asked.policy(auto_kinds=())
    asked.done("KS-1")
    (waiting,) = asked.notices(state="awaiting_approval")
    asked.approve(waiting)
    word(asked, OWN)
    assert asked.send_all() == []
    (anew,) = asked.notices(state="awaiting_approval")
    assert anew.digest != waiting.digest and anew.approved_by is None
    with pytest.raises(LineageError, match="says something else by now"):
        asked.approve(waiting)
    asked.approve(anew)
    assert "Good news" in asked.send_all()[0].text


@pytest.mark.parametrize(("kind", "language"), [(Kind.DECLINED, "en"), (Kind.DELIVERED, "fr")])
def test_a_template_is_for_its_kind_and_language_alone(asked: Story, kind: Kind, language: str) -> None:
    word(asked, OWN, kind=kind, language=language)
    asked.done("KS-1")
    assert "Good news" not in asked.send_all()[0].text


def test_what_fails_at_sending_is_said_in_ours_and_the_notice_says_why(asked: Story) -> None:
    word(asked, OWN)
    asked.done("KS-1")
    broken = update(wordings).values(template="{{ greeting }} {{ gone }}")  # as an older version kept it
    asked.conn.execute(broken)
    (sent,) = asked.send_all()
    assert "Good news" not in sent.text and OURS in sent.text
    reason = asked.conn.scalar(select(notices.c.reason))
    assert str(reason).startswith("our own wording was used: Line 1: a message knows no “gone”.")


def test_what_cannot_be_used_is_not_kept(asked: Story) -> None:
    for template, why in (("Hi", "must name everything"), ("{{ 7*7 }}", "Mul is not for messages")):
        with pytest.raises(LineageError, match=why):
            word(asked, template)
    with pytest.raises(LineageError, match="We write in en, de"):
        word(asked, OWN, language="zh")
    assert own_wordings(asked.conn, asked.workspace) == {}


def test_the_history_says_who_changed_what_and_nothing_is_changed_twice(asked: Story) -> None:
    assert word(asked, OWN)
    assert not word(asked, OWN + "\n")
    assert word(asked, "")
    assert not word(asked, "")
    rows = asked.conn.execute(
        select(history.c.who, history.c.change).where(history.c.kind == "WordingSet").order_by(history.c.id)
    ).all()
    assert [(row.who, row.change["kind"], row.change["template"]) for row in rows] == [
        ("olga@example.com", "delivered", OWN), ("olga@example.com", "delivered", ""),
    ]  # fmt: skip


# --- the preview


def test_a_preview_shows_what_waits_just_as_it_would_leave(asked: Story) -> None:
    asked.done("KS-1")
    (case,) = preview(asked.conn, asked.workspace, Kind.DELIVERED, "en", OWN)
    assert case.waits and case.person_name == "Ana" and case.where == "zendesk:ticket:101"
    word(asked, OWN)
    (sent,) = asked.send_all()
    assert sent.text == case.text
    assert "<p>Good news from" in case.html


@pytest.mark.parametrize("kind", Kind)
def test_before_there_is_news_real_requests_are_shown_as_if(asked: Story, kind: Kind) -> None:
    asked.issue("KS-2", title="Dark mode")
    asked.split("KS-1", into=["KS-3", "KS-4"])
    asked.keeps_part("KS-1", keeps=False)
    asked.ask("Bo", "KS-2")
    asked.issue("KS-9", title=None, summary=HIDDEN)
    asked.ask("Cy", "KS-9")  # of which customers may read nothing
    shown = preview(asked.conn, asked.workspace, kind, "de", STARTER)
    named = {case.person_name for case in shown}
    assert named == ({"Ana"} if kind is Kind.PART_DELIVERED else {"Ana", "Bo"})
    assert all(not case.waits and case.text.startswith("Hallo ") for case in shown)
    assert HIDDEN not in repr(shown) and "KS-" not in "".join(case.where for case in shown)
    before = asked.conn.execute(select(notices)).all()
    assert asked.conn.execute(select(notices)).all() == before


@pytest.mark.parametrize(
    "template",
    [
        "{{ news }}{{ summary }}", "{% for s in sections %}{{ s.summary }}{{ s.item }}{{ s }}{% endfor %}",
        "{{ news }}{{ sections }}{{ corrections }}", "{{ news }}{{ self._TemplateReference__context }}",
    ],
)  # fmt: skip
def test_no_template_reaches_an_internal_text(asked: Story, template: str) -> None:
    asked.done("KS-1")
    for case in preview(asked.conn, asked.workspace, Kind.DELIVERED, "en", template):
        assert HIDDEN not in case.text + case.html and "KS-1" not in case.text


# --- wanting no news


def test_who_wants_no_news_is_skipped_with_the_reason_and_told_again_from_the_next_on(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    first, second = story.ask("Ana", "KS-1"), story.ask("Ana", "KS-2")
    story.opt_out("Ana")
    story.done("KS-1")
    assert story.send_all() == []
    assert [one.reason for one in story.notices(state="skipped")] == ["opted out"]
    assert story.asked(first).next == "nothing: opted out"
    assert story.record(OptedIn(story.person("Ana"), "the requester", story.now))
    assert not story.record(OptedIn(story.person("Ana"), "the requester", story.now))
    assert story.send_all() == [], "what was skipped stays skipped"
    story.done("KS-2")
    (sent,) = story.send_all()
    assert sent.place == f"zendesk:ticket:{second}"
    entries = history_of(story.conn, story.workspace, person_id=story.person("Ana"))
    assert any("wants news again" in entry.what for entry in entries)


def test_opting_out_counts_on(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.record(changes.OptedOut(story.person("Ana"), "the requester", story.now))
    assert story.on("KS-1") == ["Ana"]
