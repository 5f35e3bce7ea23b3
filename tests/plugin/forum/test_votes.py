import threading

import pytest
import requests
from sqlalchemy import select

from lineage.tables import persons
from lineage.tables import requests as asked
from plugin.forum import members, votes
from store.database import reading, transaction
from tests.plugin.forum.conftest import Scene


def test_a_member_has_one_vote_and_can_take_it_back(scene: Scene) -> None:
    post_id = scene.published(scene.member("Ana"), "Export to PDF")
    ben = scene.member("Ben")
    ben.vote(post_id)
    assert scene.votes(post_id) == 2
    with pytest.raises(LookupError):  # the page offers nothing but to take it back
        ben.vote(post_id)
    ben.take_back(post_id)
    assert scene.votes(post_id) == 1
    ben.vote(post_id)
    assert scene.votes(post_id) == 2


def test_votes_cast_at_the_same_moment_count_once(scene: Scene) -> None:
    post_id = scene.published(scene.member("Ana"), "Export to PDF")
    scene.member("Ben")
    with reading(scene.state.engine) as conn:
        ben = members.by_email(conn, scene.workspace.id, "ben@example.com")
    assert ben is not None

    def cast() -> None:
        with transaction(scene.state.engine) as conn:
            votes.cast(conn, scene.workspace, post_id, ben, why="", now=scene.clock.now())

    threads = [threading.Thread(target=cast) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert scene.votes(post_id) == 2


def test_each_vote_is_a_request_of_a_real_person_in_their_words(scene: Scene) -> None:
    post_id = scene.published(scene.member("Ana"), "Export to PDF", "We print every day.")
    ben = scene.member("Ben")
    ben.vote(post_id, "Our auditor wants PDF.")
    with reading(scene.state.engine) as conn:
        query = select(persons.c.name, asked.c.words, asked.c.withdrawn_at).join(
            persons, persons.c.id == asked.c.person_id
        )
        found = {(row.name, row.words, row.withdrawn_at) for row in conn.execute(query)}
    assert found == {("Ana", "We print every day.", None), ("Ben", "Our auditor wants PDF.", None)}


def test_a_vote_taken_back_is_a_request_withdrawn_and_may_come_again(scene: Scene) -> None:
    post_id = scene.published(scene.member("Ana"), "Export to PDF")
    ben = scene.member("Ben")
    states = []
    for act in (ben.vote, ben.take_back, ben.vote):
        act(post_id)
        with reading(scene.state.engine) as conn:
            query = select(asked.c.withdrawn_at).where(asked.c.origin.like(f"forum:vote:{post_id}:%"))
            states.append([at is None for at in conn.scalars(query.order_by(asked.c.id))])
    assert states == [[True, True], [True, False], [True, True]]


def test_a_stranger_who_wants_to_vote_is_asked_to_sign_in(scene: Scene) -> None:
    post_id = scene.published(scene.member("Ana"), "Export to PDF")
    page = scene.visitor().page("/")
    assert f"/f/acme/sign-in?then=/f/acme/posts/{post_id}" in page
    assert '<form class="vote' not in page


def test_a_script_gets_the_button_alone(scene: Scene) -> None:
    post_id = scene.published(scene.member("Ana"), "Export to PDF")
    ben = scene.member("Ben")
    token = ben.page("/").split('name="csrf_token" value="')[1].split('"')[0]
    answer = ben._browser.post(
        f"{scene.url}/f/acme/posts/{post_id}/vote",
        {"csrf_token": token},
        headers={"HX-Request": "true"},
        timeout=5,
    )
    assert answer.text.lstrip().startswith('<form class="vote voted"')
    assert "<html" not in answer.text


def test_a_script_whose_session_ended_is_sent_to_sign_in(scene: Scene) -> None:
    post_id = scene.published(scene.member("Ana"), "Export to PDF")
    browser = requests.Session()
    page = browser.get(f"{scene.url}/f/acme/sign-in", timeout=5).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = browser.post(
        f"{scene.url}/f/acme/posts/{post_id}/vote",
        {"csrf_token": token},
        headers={"HX-Request": "true"},
        timeout=5,
    )
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == f"/f/acme/sign-in?then=/f/acme/posts/{post_id}"
