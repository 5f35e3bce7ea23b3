import pytest
import requests
from sqlalchemy import func, select

from plugin.forum.tables import forum_moderations, forum_posts
from store.database import reading
from tests.plugin.forum.conftest import Scene


def test_an_empty_board_says_what_to_do(scene: Scene) -> None:
    page = scene.visitor().page()
    assert "Nothing here yet" in page
    assert "Write the first post" in page


def test_a_new_post_is_held_and_only_its_author_sees_it(scene: Scene) -> None:
    ana, ben = scene.member("Ana"), scene.member("Ben")
    post_id = ana.post("Export to PDF", "We print 300 reports a month.")
    assert "Waiting for review" in ana.page(f"/posts/{post_id}")
    assert "Export to PDF" in ana.page("/")
    for other in (ben, scene.visitor()):
        assert "Export to PDF" not in other.page("/")
        assert "Export to PDF" not in other.page("/?q=export")
        assert "Export to PDF" not in other.page("/alike?title=export")
        with pytest.raises(requests.HTTPError) as missing:
            other.page(f"/posts/{post_id}")
        assert missing.value.response.status_code == 404


def test_a_held_post_and_none_at_all_look_the_same_to_others(scene: Scene) -> None:
    post_id = scene.member("Ana").post("Export to PDF", "Please.")
    held, none = scene.get(f"/posts/{post_id}"), scene.get("/posts/999999")
    assert held.status_code == none.status_code == 404
    assert held.text == none.text


def test_a_held_post_cannot_be_voted_for_by_others(scene: Scene) -> None:
    post_id = scene.member("Ana").post("Export to PDF", "Please.")
    ben = scene.member("Ben")
    form = {"csrf_token": _token(ben.page("/new"))}
    address = f"{scene.url}/f/acme/posts/{post_id}/vote"
    assert ben._browser.post(address, form, timeout=5).status_code == 404
    assert scene.votes(post_id) == 0


def test_a_published_post_counts_its_authors_own_vote(scene: Scene) -> None:
    ana = scene.member("Ana")
    post_id = scene.published(ana, "Export to PDF")
    assert scene.votes(post_id) == 1
    assert "Your vote counts" in ana.page(f"/posts/{post_id}")
    assert "Export to PDF" in scene.visitor().page("/")


def test_a_refused_post_tells_its_author_why_and_nobody_else(scene: Scene) -> None:
    ana = scene.member("Ana")
    post_id = ana.post("Buy my watches", "Cheap.")
    scene.decide(post_id, "refuse", "This forum is for wishes about our product.")
    page = ana.page(f"/posts/{post_id}")
    assert "Not published" in page
    assert "wishes about our product" in page
    assert scene.get(f"/posts/{post_id}").status_code == 404


def test_a_refusal_needs_a_reason(scene: Scene) -> None:
    post_id = scene.member("Ana").post("Export", "Please.")
    with pytest.raises(ValueError, match="Say why"):
        scene.decide(post_id, "refuse", "  ")


def test_a_published_post_can_be_taken_down_and_put_back_with_its_votes(scene: Scene) -> None:
    post_id = scene.published(scene.member("Ana"), "Export to PDF")
    scene.member("Ben").vote(post_id)
    scene.decide(post_id, "refuse", "It names a person.")
    assert scene.get(f"/posts/{post_id}").status_code == 404
    assert scene.decide(post_id, "publish")
    assert scene.get(f"/posts/{post_id}").status_code == 200
    assert scene.votes(post_id) == 2


def test_a_form_sent_twice_makes_one_post(scene: Scene) -> None:
    ana = scene.member("Ana")
    page = ana.page("/new")
    form = {"csrf_token": _token(page), "form": "same", "title": "Export", "words": "Please."}
    places = {
        ana._browser.post(f"{scene.url}/f/acme/new", form, timeout=5, allow_redirects=False).headers[
            "Location"
        ]
        for _ in range(2)
    }
    assert len(places) == 1
    with reading(scene.state.engine) as conn:
        for table in (forum_posts, forum_moderations):
            assert conn.scalar(select(func.count()).select_from(table)) == 1


@pytest.mark.parametrize(
    ("title", "words", "says"),
    [
        ("", "Please.", "Give it a title"),
        ("\u202e\u200b", "Please.", "Give it a title"),
        ("x" * 121, "Please.", "at most 120"),
        ("Export", "", "Say what you are trying to do"),
        ("Export", "y" * 4001, "shorter by 1 characters"),
    ],
)
def test_what_is_wrong_with_a_post_is_said_beside_it_and_nothing_is_lost(
    scene: Scene, title: str, words: str, says: str
) -> None:
    with pytest.raises(requests.HTTPError) as refused:
        scene.member("Ana").post(title, words)
    page = refused.value.response
    assert page.status_code == 422
    assert says in page.text
    assert words in page.text


def test_who_writes_must_sign_in_first(scene: Scene) -> None:
    assert scene.get("/new").headers["Location"].startswith("/f/acme/sign-in?then=")


def test_an_unknown_forum_is_a_plain_404(scene: Scene) -> None:
    answer = requests.get(f"{scene.url}/f/nobody/", timeout=5)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


def _token(page: str) -> str:
    return page.split('name="csrf_token" value="')[1].split('"', maxsplit=1)[0]
