"""What an issue sounds like: kept in line with the facts, in any order; forgotten with the person."""

import random

import pytest
from sqlalchemy import select

from lineage.changes import Erased
from lineage.decided import decisions
from lineage.engineer_changes import PutBack
from lineage.likeness import keeping, marking
from lineage.likeness.features import Kind, feature
from lineage.likeness.finder import Finder
from lineage.likeness.packed import pack, unpack
from lineage.likeness.tables import likenesses
from lineage.terms import ItemId
from tests.lineage.story import Story


def _work(story: Story) -> None:
    """What the worker does, one item after the other."""
    for claimed in keeping.SHELF.claim(story.conn, now=story.now, lease_s=20, limit=100):
        keeping.work(story.conn, story.workspace, claimed)


def _kept(story: Story) -> dict[str, str]:
    rows = story.conn.execute(select(likenesses.c.item_id, likenesses.c.features))
    return {row.item_id: row.features for row in rows}


def _first(story: Story, text: str) -> list[str]:
    return [one.item for one in Finder().alike(story.conn, story.workspace, text, most=5)]


def _has(story: Story, item: ItemId, stem: str) -> bool:
    return feature(Kind.WORD, stem) in unpack(_kept(story)[item])["feature"]


def test_a_ticket_in_german_finds_the_issue_in_english(story: Story) -> None:
    story.issue("KS-1", title="Export a report to PDF")
    story.issue("KS-2", title="Sign in with a passkey")
    _work(story)
    assert _first(story, "Ich möchte die Auswertung als PDF herunterladen")[0] == story.id("KS-1")
    assert _first(story, "Passwort? Lieber mein YubiKey!")[0] == story.id("KS-2")


def test_nonsense_finds_nothing(story: Story) -> None:
    story.issue("KS-1", title="Export a report to PDF")
    _work(story)
    assert _first(story, "Thanks a lot, and a nice weekend to you!") == []
    assert _first(story, "") == []


def test_what_was_linked_is_found_by_its_own_words_and_no_more_once_it_is_taken_back(story: Story) -> None:
    story.issue("KS-1", title="Mosaic")
    number = story.ask("Ana", "KS-1", subject="Flux capacitor", words="The flux capacitor hums loudly")
    _work(story)
    assert _first(story, "our flux capacitor hums") == [story.id("KS-1")]
    story.unlink(number, "KS-1")
    _work(story)
    assert _first(story, "our flux capacitor hums") == []


def test_a_finder_hears_of_what_changed_since(story: Story) -> None:
    story.issue("KS-1", title="Mosaic")
    _work(story)
    finder = Finder()
    assert not finder.alike(story.conn, story.workspace, "flux capacitor", most=5)
    story.title("KS-1", "Flux capacitor")
    _work(story)
    assert [one.item for one in finder.alike(story.conn, story.workspace, "flux capacitor", most=5)]
    story.title("KS-1", "Mosaic again")
    _work(story)
    assert not finder.alike(story.conn, story.workspace, "flux capacitor", most=5)


def test_a_title_that_is_put_back_takes_its_words_along(story: Story) -> None:
    story.issue("KS-1", title="Mosaic")
    story.split("KS-1", into=["KS-2"])
    here = story.id("KS-1")
    before = decisions(story.conn, story.workspace.id, here, [])
    story.title("KS-1", "Capacitor", own_part=True)
    _work(story)
    assert _has(story, here, "capacit")
    story.record(PutBack(here, before.keeps, before.own_title, before.choices, "Erin", story.now))
    _work(story)
    assert not _has(story, here, "capacit")
    assert keeping.look(story.conn, story.workspace, {here}, mend=False) == []


def test_the_history_is_read_on_where_the_worker_stopped(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking, "AT_ONCE", 2)
    for number in range(5):
        story.issue(f"KS-{number}", title=f"Capacitor {number}")
    assert len(marking.unheard(story.conn, story.workspace.id)) == 5
    rounds = 0
    while marking.behind(story.conn):
        _work(story)
        rounds += 1
    assert rounds == 5, "an issue and its title each, two at a time"
    assert all(_has(story, story.id(f"KS-{number}"), "capacit") for number in range(5))


def test_an_issue_that_is_read_again_unchanged_is_not_worked_out_again(story: Story) -> None:
    story.issue("KS-1", title="Mosaic")
    _work(story)
    story.start("KS-1")
    assert not keeping.SHELF.claim(story.conn, now=story.now, lease_s=20, limit=100)
    assert marking.behind(story.conn) == [], "it was read all the same"


def test_the_words_of_somebody_who_is_forgotten_go_at_once(story: Story) -> None:
    story.issue("KS-1", title="Mosaic")
    story.ask("Ana", "KS-1", words="Capacitor")
    _work(story)
    assert _has(story, story.id("KS-1"), "capacit")
    story.record(Erased(story.person("Ana"), "operator", story.now))
    assert not _has(story, story.id("KS-1"), "capacit"), "before any worker ran"


def test_a_rebuild_finds_nothing_to_mend_and_mends_what_was_spoiled(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    _work(story)
    every, before = {story.id("KS-1"), story.id("KS-2")}, _kept(story)
    assert keeping.look(story.conn, story.workspace, every, mend=False) == []
    story.conn.execute(likenesses.update().values(features=""))
    assert len(keeping.look(story.conn, story.workspace, every, mend=True)) == 2
    assert _kept(story) == before


def test_the_same_texts_in_any_order_are_kept_alike() -> None:
    texts = [f"word{n % 7} thing{n % 5} export {n}" for n in range(60)]
    shuffled = list(texts)
    random.Random(3).shuffle(shuffled)
    assert pack("Export", texts) == pack("Export", shuffled)
