from urllib.parse import quote

import pytest

from plugin.forum.words import excerpt, folded, stems
from tests.plugin.forum.conftest import Scene


@pytest.fixture
def titles(scene: Scene) -> Scene:
    ana = scene.member("Ana")
    scene.published(ana, "Export reports to PDF", "Our auditor prints them.")
    scene.published(ana, "Dark mode", "My eyes.")
    scene.published(ana, "Zeitplan für Exporte", "Jede Woche ein Bericht.")
    return scene


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("exporting a report", "Export reports to PDF"),
        ("EXPORTE", "Zeitplan für Exporte"),
        ("fur zeitplane", "Zeitplan für Exporte"),
        ("dark", "Dark mode"),
        ("auditor", "Export reports to PDF"),
        ("my eyes hurt in dark mode", "Dark mode"),
    ],
)
def test_search_finds_what_is_alike_and_shows_the_nearest_first(
    titles: Scene, typed: str, first: str
) -> None:
    page = titles.visitor().page(f"/?q={typed}")
    found = [
        part.split("</bdi></a></h2>")[0].rsplit("<bdi>", 1)[1] for part in page.split('<li class="card">')[1:]
    ]
    assert found[0] == first


def test_search_that_finds_nothing_offers_to_ask_for_it(titles: Scene) -> None:
    page = titles.visitor().page("/?q=teleportation")
    assert "Nobody has asked for that yet" in page
    assert "/f/acme/new?title=teleportation" in page


@pytest.mark.parametrize("typed", ["%", "_", "100%_", "\\", "'", "a%' OR 1=1"])
def test_signs_in_a_search_mean_themselves(titles: Scene, typed: str) -> None:
    assert "Dark mode" not in titles.get(f"/?q={quote(typed)}").text


def test_a_script_gets_the_list_alone_but_a_page_from_history_is_whole(titles: Scene) -> None:
    assert "<html" not in titles.get("/?q=dark", **{"HX-Request": "true"}).text
    whole = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in titles.get("/?q=dark", **whole).text


def test_while_one_writes_a_title_posts_like_it_are_shown(titles: Scene) -> None:
    assert "Is it one of these?" in titles.get("/alike?title=export+to+pd").text
    assert titles.get("/alike?title=").text.strip() == ""
    assert "Export reports to PDF" in titles.member("Ben").page("/new?title=pdf+export")


def test_the_board_is_sorted_by_votes_or_by_age(titles: Scene) -> None:
    ben = titles.member("Ben")
    ben.vote(2)
    page = titles.visitor().page("/")
    assert page.index("Dark mode") < page.index("Zeitplan")
    assert page.index("Dark mode") < page.index("Export reports")
    page = titles.visitor().page("/?sort=new")
    assert page.index("Zeitplan") < page.index("Dark mode") < page.index("Export reports")


@pytest.mark.parametrize(
    "query", ["?page=-1", "?page=abc", "?page=99999999999999999999", "?sort=x", "?q=%00"]
)
def test_odd_addresses_are_read_kindly(titles: Scene, query: str) -> None:
    assert titles.get(f"/{query}").status_code == 200


def test_words_are_compared_without_case_accents_and_endings() -> None:
    assert folded("ÉXPORT Straße") == "export strasse"
    assert set(stems("Exporting the exports")) == {"export", "expo", "the"}
    assert stems("a ? !") == []


def test_an_excerpt_is_plain_and_ends_at_a_word() -> None:
    assert excerpt("*We* need <b>it</b> & [that](https://example.com)") == "We need <b>it</b> & that"
    assert excerpt("word " * 100, 22) == "word word word word …"
