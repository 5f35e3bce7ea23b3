"""A requester who wants no more messages says so on their page, and takes it back there."""

import re

import pytest
from sqlalchemy import update

from lineage.tables import persons, requests
from store.database import transaction
from tests.plugin.follow.conftest import Reader, finish, works
from tests.plugin.house import House

QUIET_S = 16 * 60
STOPPED = {
    "en": "you want no messages", "de": "Sie möchten keine Nachrichten",
    "fr": "vous ne voulez pas de messages",
    "es": "no quiere mensajes", "pt": "você não quer mensagens", "ja": "ご連絡を停止しています",
}  # fmt: skip


def test_who_stops_all_messages_is_told_nothing_until_they_want_it_again(
    house: House, reader: Reader
) -> None:
    assert 'href="' + reader.link + '/no-news"' in reader.reads()
    assert "none of your requests" in reader.get("/no-news").text
    reader.post("/no-news")
    page = reader.reads()
    assert STOPPED["en"] in page and "/no-news" not in page
    finish(house, "KS-2")
    works(house, later_s=QUIET_S)
    assert len(house.zendesk.public_comments(reader.ticket)) == 1  # what they wrote themselves
    assert [(one.state, one.reason) for one in house.plan()] == [("skipped", "opted out")]
    assert "1 of 2 parts is ready." in reader.reads(), "the page still shows where it stands"

    reader.post("/news")
    assert STOPPED["en"] not in reader.reads()
    finish(house, "KS-3")
    works(house, later_s=QUIET_S)
    (said,) = house.zendesk.public_comments(reader.ticket)[1:]
    assert "The last part is ready now:" in said["body"]


@pytest.mark.parametrize("language", STOPPED)
def test_the_whole_road_is_in_the_language_of_the_reader(house: House, reader: Reader, language: str) -> None:
    with transaction(house.state.engine) as conn:
        conn.execute(update(requests).values(language=language))
        conn.execute(update(persons).values(language=language))
    asked = reader.get("/no-news").text
    reader.post("/no-news")
    assert STOPPED[language] in reader.reads()
    pages = (asked, reader.reads())
    english = re.compile(r"No more messages|Write to me again|Back<")
    assert language == "en" or not any(english.search(page) for page in pages)


def test_doing_it_twice_or_with_a_forged_form_changes_nothing_more(house: House, reader: Reader) -> None:
    reader.post("/no-news")
    before = house.changes()
    reader.post("/no-news")
    assert reader.post("/news", form="forged").status_code == 400
    assert reader.get("/news").status_code in (404, 405)
    assert house.changes() == before
