import re
import threading
from collections import Counter

import pytest
import requests
from sqlalchemy import select
from structlog.testing import capture_logs

from plugin.forum import links
from plugin.forum.links import Link
from plugin.forum.tables import forum_links, forum_mails, forum_members
from plugin.forum.visits import path_within
from store import workspaces
from store.database import reading, transaction
from tests.plugin.forum.conftest import Scene


def _link(scene: Scene, email: str) -> str:
    """The path of the newest link, within the forum."""
    found = re.search(r"(/sign-in/\S+)", scene.newest_mail(email))
    assert found
    return found[1]


def _ask(scene: Scene, email: str, then: str = "") -> str:
    with transaction(scene.state.engine) as conn:
        link = Link(email, then or f"/f/{scene.workspace.slug}/")
        return links.issue(conn, scene.workspace.id, link, now=scene.clock.now())


def test_a_mailed_link_signs_in_and_the_name_is_shown(scene: Scene) -> None:
    ana = scene.member("Ana")
    assert "Ana" in ana.page()
    assert "Sign out" in ana.page()


def test_who_signs_out_is_a_stranger_again(scene: Scene) -> None:
    ana = scene.member("Ana")
    ana._send("/", "/sign-out")
    assert "Sign in" in ana.page()


def test_the_address_is_kept_in_lower_case_and_makes_one_member(scene: Scene) -> None:
    for typed in ("Ana@Example.com", " ana@example.com "):
        scene.visitor().sign_in(typed, "Ana", newest_mail=lambda _: scene.newest_mail("ana@example.com"))
    with reading(scene.state.engine) as conn:
        assert list(conn.scalars(select(forum_members.c.email))) == ["ana@example.com"]


def test_opening_the_link_uses_nothing_up_but_the_button_does(scene: Scene) -> None:
    scene.member("Ana")
    path = f"/sign-in/{_ask(scene, 'ana@example.com')}"
    browser = scene.visitor()
    assert scene.get(path).status_code == 200
    assert scene.get(path).status_code == 200
    browser._send(path, path, name="Ana")
    assert scene.get(path).status_code == 410
    with pytest.raises(requests.HTTPError):
        scene.visitor()._send(path, path, name="Ana")


def test_a_link_works_for_fifteen_minutes(scene: Scene) -> None:
    path = f"/sign-in/{_ask(scene, 'ana@example.com')}"
    scene.clock.advance(14 * 60)
    assert scene.get(path).status_code == 200
    scene.clock.advance(61)
    assert scene.get(path).status_code == 410


def test_a_tampered_link_does_not_work(scene: Scene) -> None:
    token = _ask(scene, "ana@example.com")
    for wrong in (token[:-1], token + "A", token.swapcase(), "x", "a" * 3000):
        assert scene.get(f"/sign-in/{wrong}").status_code == 410


def test_a_link_of_one_forum_does_not_open_another(scene: Scene) -> None:
    with transaction(scene.state.engine) as conn:
        workspaces.add(conn, slug="other", name="Other", now=scene.clock.now())
    token = _ask(scene, "ana@example.com")
    assert requests.get(f"{scene.url}/f/other/sign-in/{token}", timeout=5).status_code == 410


def test_a_session_of_one_forum_is_none_in_another(scene: Scene) -> None:
    with transaction(scene.state.engine) as conn:
        workspaces.add(conn, slug="other", name="Other", now=scene.clock.now())
    ana = scene.member("Ana")
    page = ana._browser.get(f"{scene.url}/f/other/", timeout=5).text
    assert "Ana" not in page
    assert "Sign in" in page


def test_of_many_who_use_a_link_at_once_one_gets_in(scene: Scene) -> None:
    token = _ask(scene, "ana@example.com")
    outcomes: Counter[bool] = Counter()

    def use() -> None:
        with transaction(scene.state.engine) as conn:
            outcomes[links.use(conn, scene.workspace.id, token, now=scene.clock.now()) is not None] += 1

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == {True: 1, False: 7}


def test_neither_the_link_nor_the_mail_can_be_read_in_the_database(scene: Scene) -> None:
    scene.visitor()._send("/sign-in", "/sign-in", email="ana@example.com")
    token = _link(scene, "ana@example.com").removeprefix("/sign-in/")
    with reading(scene.state.engine) as conn:
        rows = [str(row) for table in (forum_links, forum_mails) for row in conn.execute(select(table))]
    assert len(rows) == 2
    assert not [row for row in rows if token in row]


def test_known_and_unknown_addresses_get_the_same_answer(scene: Scene) -> None:
    scene.member("Ana")
    answers = []
    for email in ("ana@example.com", "nobody@example.com"):
        answer = scene.visitor()._send("/sign-in", "/sign-in", email=email)
        answers.append((answer.url, re.sub(r'value="[^"]*"', "", answer.text)))
    assert answers[0] == answers[1]


def test_without_a_mail_server_the_link_is_printed(scene: Scene) -> None:
    with capture_logs() as lines:
        scene.visitor()._send("/sign-in", "/sign-in", email="ana@example.com")
    [line] = [line for line in lines if line["event"] == "sign_in_link"]
    assert line["link"].startswith("http://127.0.0.1:8080/f/acme/sign-in/")


@pytest.mark.parametrize("typed", ["", "ana", "ana@", "ana@localhost", "a@b.com\nBcc: x@y.com", "a b@c.de"])
def test_what_is_no_address_is_said_so(scene: Scene, typed: str) -> None:
    with pytest.raises(requests.HTTPError) as refused:
        scene.visitor()._send("/sign-in", "/sign-in", email=typed)
    assert refused.value.response.status_code == 422
    assert "not an e-mail address" in refused.value.response.text


def test_one_address_gets_five_links_in_a_quarter_of_an_hour(scene: Scene) -> None:
    visitor = scene.visitor()
    for _ in range(5):
        visitor._send("/sign-in", "/sign-in", email="ana@example.com")
    with pytest.raises(requests.HTTPError) as refused:
        visitor._send("/sign-in", "/sign-in", email="ANA@example.com")
    assert refused.value.response.status_code == 429
    assert "Wait a little" in refused.value.response.text
    visitor._send("/sign-in", "/sign-in", email="ben@example.com")


def test_a_name_is_asked_for_and_the_link_stays_good_meanwhile(scene: Scene) -> None:
    path = f"/sign-in/{_ask(scene, 'ana@example.com')}"
    with pytest.raises(requests.HTTPError) as asked:
        scene.visitor()._send(path, path, name=" \u202e ")
    assert asked.value.response.status_code == 422
    assert scene.get(path).status_code == 200


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/f/acme/\\..\\..",
        "/f/acme//evil.example",
        "/f/acme/../other/",
        "/f/acme/%2e%2e/other/",
        "/f/acme/%2f%2fevil.example",
        "/f/acme/\r\nLocation: x",
        "/f/acme/%0d%0aX: y",
        "/f/other/",
        "javascript:alert(1)",
        "http://[",
        "",
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(wanted: str) -> None:
    assert path_within("acme", wanted) == "/f/acme/"


def test_one_comes_back_to_where_one_was(scene: Scene) -> None:
    post_id = scene.published(scene.member("Ana"), "Export to PDF")
    asked = scene.get("/new?title=x").headers["Location"]
    assert asked == "/f/acme/sign-in?then=/f/acme/new?title%3Dx"
    token = _ask(scene, "ben@example.com", f"/f/acme/posts/{post_id}")
    answer = scene.visitor()._send(f"/sign-in/{token}", f"/sign-in/{token}", name="Ben")
    assert answer.url == f"{scene.url}/f/acme/posts/{post_id}"
