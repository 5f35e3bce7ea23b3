"""What the panel says of other issues: nothing that names one which its reader may not browse in Jira."""

from collections.abc import Iterator
from typing import Any

import pytest

from lineage.terms import ItemId
from plugin.jira import hiding
from sandbox.zendesk.records import Ticket
from tests.plugin.house import House
from tests.plugin.jira.conftest import Panel, open_panel, works

HIDDEN = ("KS-3", "Scheduled exports", "Every Monday by mail")
"""The key, the summary and the public title of what is hidden."""


@pytest.fixture
def reader(split: House) -> Panel:
    """Beside KS-1, whose part KS-3 is hidden from them; it has a public title."""
    open_panel(split, "KS-3").post("/title", title=HIDDEN[2])
    open_panel(split, "KS-2").post("/title", title="One report")
    open_panel(split, "KS-1").post("/title", title="Export")
    hide(split, "KS-3")
    return open_panel(split, "KS-1")


def hide(house: House, key: str) -> None:
    house.jira.site.hidden.add((house.jira.user.account_id, house.jira.issue(key).id))
    house.clock.advance(60)


def show(house: House) -> None:
    house.jira.site.hidden.clear()
    house.clock.advance(60)


def every_page(panel: Panel, ticket: Ticket) -> Iterator[tuple[str, str]]:
    """Every screen and fragment of the panel by its name, the forms and their previews too."""
    [ask] = panel.house.asks(ticket.id)
    yield "panel", panel.get().text
    for path in ("/closing", "/lineage", "/why", "/waiting", "/split", "/split?close=yes", "/fresh"):
        yield path, panel.get(path).text
    yield "/closing of KS-2", open_panel(panel.house, "KS-2").get("/closing").text
    part: dict[str, Any] = {"part": ["A new one", ""], "title": ["", ""], "keeps": "yes", "own_title": "Rest"}
    for close in ("yes", "no"):
        yield f"preview of close={close}", panel.post("/split/preview", close=close, **part).text
        yield f"form of close={close}", panel.post("/split/form", close=close, propose="yes", **part).text
    decisions: dict[str, dict[str, Any]] = {
        "keeps-part": {"keeps": "no"}, "children": {"parts": "yes"},
        "parts": {"ask": str(ask.ask_id), "part": [panel.house.item_id("KS-2")]},
    }  # fmt: skip
    for what, form in decisions.items():
        yield f"preview of {what}", panel.post(f"/preview/{what}", **form).text
        yield what, panel.post(f"/{what}", **form).text
        yield f"undo of {what}", panel.get("/undo").text
    yield "panel after that", panel.get().text


def test_no_page_of_the_panel_names_an_issue_that_its_reader_may_not_browse(
    split: House, ticket: Ticket, reader: Panel
) -> None:
    ident = split.item_id("KS-3")
    for name, page in every_page(reader, ticket):
        for said in (*HIDDEN, f"item:{ident}", f'value="{ident}"'):
            assert said not in page, (name, said)


def test_the_same_pages_name_it_to_whoever_may(split: House, ticket: Ticket, reader: Panel) -> None:
    show(split)
    naming = {name for name, page in every_page(reader, ticket) if "KS-3" in page or HIDDEN[2] in page}
    assert {
        "panel",
        "/closing of KS-2",
        "/lineage",
        "/split",
        "preview of close=yes",
        "preview of parts",
    } <= naming


def test_a_hidden_part_is_counted_and_what_was_chosen_of_it_stays(
    split: House, ticket: Ticket, reader: Panel
) -> None:
    assert "1 part is an issue you may not see" in reader.page
    [ask], second, third = split.asks(ticket.id), split.item_id("KS-2"), split.item_id("KS-3")
    assert "only the ticked parts" in reader.post("/parts", ask=str(ask.ask_id), part=[second]).text
    assert _carriers(split, ticket) == ["KS-2", "KS-3"]  # they wanted all of it, the hidden one too
    assert "wants KS-2 and 1 issue you may not see" in reader.get().text
    reader.post("/parts", ask=str(ask.ask_id), part=[split.item_id("KS-1")])
    assert _carriers(split, ticket) == ["KS-1", "KS-3"]
    show(split)
    reader.post("/parts", ask=str(ask.ask_id), part=[third])
    hide(split, "KS-3")
    reader.post("/parts", ask=str(ask.ask_id))
    assert _carriers(split, ticket) == ["KS-3"]


def test_a_forged_form_chooses_no_hidden_part(split: House, ticket: Ticket, reader: Panel) -> None:
    [ask], second, third = split.asks(ticket.id), split.item_id("KS-2"), split.item_id("KS-3")
    show(split)
    reader.post("/parts", ask=str(ask.ask_id), part=[second])
    hide(split, "KS-3")
    reader.post("/parts", ask=str(ask.ask_id), part=[second, third])
    assert _carriers(split, ticket) == ["KS-2"]
    form: dict[str, Any] = {
        "close": "no", "keeps": "yes", "part": "KS-3", "title": "", f"want-{ask.person_id}": f"item:{third}"
    }  # fmt: skip
    assert "There is no issue KS-3" in reader.post("/split/preview", **form).text
    reader.post("/split", **form | {"part": "A third one", "click": "a" * 32})
    works(split)
    assert _carriers(split, ticket) == ["KS-2"]


def test_a_split_by_somebody_who_does_not_see_a_part_leaves_the_wish_for_it(
    split: House, ticket: Ticket, reader: Panel
) -> None:
    [ask] = split.asks(ticket.id)
    show(split)
    reader.post("/parts", ask=str(ask.ask_id), part=[split.item_id("KS-2"), split.item_id("KS-3")])
    hide(split, "KS-3")
    page = reader.get("/split").text
    assert "as chosen before: KS-2 and 1 issue you may not see" in page
    form: dict[str, Any] = {"close": "no", "keeps": "yes", "part": "A third one", "title": ""}
    reader.post("/split", **form, **{f"want-{ask.person_id}": "as-is", "click": "b" * 32})
    works(split)
    assert _carriers(split, ticket) == ["KS-2", "KS-3"]


def test_a_link_that_is_set_aside_does_not_name_its_hidden_end(split: House, ticket: Ticket) -> None:
    split.jira.link("Duplicate", "KS-2", "KS-3")
    split.jira.link("Duplicate", "KS-3", "KS-2")
    split.reads("KS-2", "KS-3")
    hide(split, "KS-3")
    page = open_panel(split, "KS-2").page
    assert "an issue you may not see" in page and "is set aside" in page
    assert "KS-3" not in page


def test_a_hidden_issue_without_a_public_title_is_not_named_as_what_blocks(
    split: House, ticket: Ticket
) -> None:
    open_panel(split, "KS-2").post("/title", title="One report")
    assert "KS-3" in open_panel(split, "KS-2").get("/closing").text
    hide(split, "KS-3")
    page = open_panel(split, "KS-2").get("/closing").text
    assert "an issue you may not see has no public title" in page
    assert "KS-3" not in page


def test_what_somebody_else_did_meanwhile_does_not_name_it(
    split: House, ticket: Ticket, reader: Panel
) -> None:
    [ask] = split.asks(ticket.id)
    other = open_panel(split, "KS-1")
    show(split)
    seen = reader.get().text.partition('name="seen" value="')[2].partition('"')[0]
    other.post("/parts", ask=str(ask.ask_id), part=[split.item_id("KS-3")])
    hide(split, "KS-3")
    page = reader.post("/keeps-part", keeps="no", seen=seen).text
    assert "this changed while you were here" in page
    assert "something with an issue you may not see" in page
    assert "KS-3" not in page
    form: dict[str, Any] = {"close": "no", "keeps": "yes", "part": "A third one", "title": "", "seen": seen}
    page = reader.post("/split", **form, click="c" * 32).text
    assert "something with an issue you may not see" in page and "KS-3" not in page


def test_what_was_made_is_not_named_to_whoever_may_not_see_it(split: House, ticket: Ticket) -> None:
    panel = open_panel(split, "KS-1")
    form: dict[str, Any] = {"close": "no", "keeps": "yes", "part": "A third one", "title": ""}
    panel.post("/split", **form, click="d" * 32)
    act = panel.get().text.partition("/acts/")[2].partition('"')[0]
    works(split)
    assert "Done: the parts are KS-4" in panel.get(f"/acts/{act}").text
    assert "KS-4 stays in Jira" in panel.get("/undo").text
    hide(split, "KS-4")
    assert "KS-4" not in panel.get(f"/acts/{act}").text
    assert "1 issue you may not see stays in Jira" in panel.get("/undo").text


def test_labels_that_name_what_is_hidden_are_counted_together() -> None:
    seen, hidden = ItemId("1"), ItemId("2")
    hear = (("blocked: KS-2 and so on", 2), ("done", 2), ("blocked: KS-2 and KS-1", 1))
    named = {label: frozenset({seen, hidden}) for label, _n in hear if label != "done"}
    found = dict(hiding.labels(hear, named, {seen}))
    assert found.pop("done") == 2
    assert list(found.values()) == [3] and "KS" not in "".join(found)
    assert hiding.labels(hear, named, {seen, hidden}) == hear


def _carriers(house: House, ticket: Ticket) -> list[str]:
    return sorted(carrier.item.key for carrier in house.asks(ticket.id)[0].carriers)
