"""What people type is shown as what they typed, whatever it is."""

from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
import requests

from plugin.app_state import Kithspark
from plugin.forum.words import as_html, one_line, tidy
from tests.plugin.forum.conftest import Scene, forum_app
from tests.plugin.forum.hostile import PAYLOADS, Hostile, fill

OURS = {
    *("html", "head", "meta", "title", "link", "script", "body", "a", "header", "div", "nav", "bdi", "form"),
    *("input", "button", "main", "footer", "p", "article", "h1", "h2", "time", "section", "svg", "path", "b"),
    *(
        "span",
        "strong",
        "details",
        "summary",
        "label",
        "textarea",
        "ol",
        "li",
        "ul",
        "em",
        "code",
        "pre",
        "br",
    ),
    *("blockquote", "i"),
}


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.links: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        addresses = [given.get(name) or "" for name in ("href", "src", "action", "hx-get", "hx-post")]
        if (
            tag not in OURS
            or any(name.startswith("on") or name in ("style", "srcdoc", "autofocus") for name in given)
            or (tag == "script" and not (given.get("src") or "").startswith("/static/"))
            or (tag == "meta" and "http-equiv" in given)
            or (tag in ("form", "link", "input") and any("evil" in address for address in addresses))
            or any(a.strip().lower().startswith(("javascript", "data", "vbscript")) for a in addresses)
        ):
            wrong = self.get_starttag_text()
            self.wrong.append(wrong or tag)
        if tag == "a" and (given.get("href") or "").startswith("http"):
            self.links.append(given)


def _wrong(page: str) -> list[str]:
    parser = _Page()
    parser.feed(page)
    return parser.wrong


@pytest.fixture
def hostile(scene: Scene) -> Hostile:
    return fill(scene)


def test_nothing_that_people_type_becomes_markup_of_ours(hostile: Hostile) -> None:
    eve = hostile.author
    for post_id, payload in zip(hostile.posts, PAYLOADS, strict=True):
        assert not _wrong(eve.page(f"/posts/{post_id}")), payload
    for path in ("/", "/?page=2", "/?sort=new", "/alike?title=script+alert"):
        assert not _wrong(eve.page(path)), path


def test_nothing_in_an_address_becomes_markup_of_ours(scene: Scene) -> None:
    ana = scene.member("Ana")
    for payload in PAYLOADS:
        typed = quote(payload)
        for path in (f"/?q={typed}", f"/?sort={typed}", f"/new?title={typed}", f"/alike?title={typed}"):
            assert not _wrong(ana.page(path)), payload
        assert not _wrong(scene.get(f"/sign-in?then={typed}").text), payload


@pytest.mark.parametrize("payload", PAYLOADS)
def test_words_hold_nothing_but_plain_markup(payload: str) -> None:
    page = _Page()
    page.feed(as_html(payload))
    assert not page.wrong
    assert all(link.get("rel") == "nofollow ugc noopener noreferrer" for link in page.links)


def test_links_earn_nothing_and_pictures_are_not_fetched() -> None:
    shown = as_html("[here](https://example.com) ![pixel](https://evil.example/p.gif)")
    assert '<a href="https://example.com" rel="nofollow ugc noopener noreferrer">here</a>' in shown
    assert "<img" not in shown


def test_marks_that_turn_text_around_are_taken_out() -> None:
    assert one_line("a\u202eb\u2066c\x00d\n e") == "abcd e"
    assert tidy("one\r\ntwo\x07") == "one\ntwo"
    assert one_line("می\u200cخواهم") == "می\u200cخواهم"


def test_every_page_says_how_it_may_be_used(scene: Scene) -> None:
    for path in ("/", "/sign-in", "/posts/1", "/sign-in/x", "/new"):
        headers = scene.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_no_page_brings_a_script_or_style_of_its_own(scene: Scene) -> None:
    post_id = scene.published(scene.member("Ana"), "Export to PDF")
    for path in ("/", "/sign-in", f"/posts/{post_id}"):
        page = scene.get(path).text
        assert "<style" not in page
        assert page.count("<script") == page.count('<script src="/static/')


def test_a_form_that_is_not_ours_is_refused(scene: Scene) -> None:
    post_id = scene.published(scene.member("Ana"), "Export to PDF")
    ben = scene.member("Ben")
    for path in (f"/posts/{post_id}/vote", f"/posts/{post_id}/unvote", "/new", "/sign-out", "/sign-in"):
        for form in ({}, {"csrf_token": "wrong"}, {"csrf_token": ben.page("/new")[:50]}):
            answer = ben._browser.post(f"{scene.url}/f/acme{path}", form, timeout=5)
            assert answer.status_code == 400, path
            assert "That form was not ours" in answer.text
    assert scene.votes(post_id) == 1


def test_every_route_that_changes_something_asks_for_our_form(scene: Scene) -> None:
    posts = [rule for rule in scene.app.url_map.iter_rules() if "POST" in (rule.methods or set())]
    assert len(posts) == 6
    for rule in posts:
        path = str(rule).replace("<slug>", "acme").replace("<int:post_id>", "1").replace("<token>", "x")
        assert requests.post(f"{scene.url}{path}", timeout=5).status_code == 400, path


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(scene: Scene) -> None:
    cookie = scene.get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_over_https_the_cookie_is_bound_to_the_host(state: Kithspark) -> None:
    settings = state.settings.model_copy(update={"public_url": "https://ideas.example.com"})
    app = forum_app(replace(state, settings=settings))
    assert app.config["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert app.config["SESSION_COOKIE_SECURE"]
    assert app.config["SESSION_COOKIE_HTTPONLY"]


def test_reading_sets_no_cookie(scene: Scene) -> None:
    assert "Set-Cookie" not in scene.get("/").headers
