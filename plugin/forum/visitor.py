"""A customer with a browser that runs no scripts: what the demo and the tests use the forum with.

It goes in by the front door, over HTTP, and reads the forms of the pages that it gets.
"""

from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import urlsplit

import requests

TIMEOUT_S = 10.0


class Visitor:
    """One browser at one forum. Every method raises requests.HTTPError if the forum says no."""

    def __init__(self, url: str, slug: str) -> None:
        """`url`: the base address of Kithspark."""
        self._url = url.rstrip("/")
        self._home = f"/f/{slug}"
        self._browser = requests.Session()

    def sign_in(self, email: str, name: str, *, newest_mail: Callable[[str], str]) -> None:
        """`newest_mail`: the text of the newest mail to an address."""
        self._send("/sign-in", "/sign-in", email=email)
        words = newest_mail(email).split()
        link = next(word for word in words if f"{self._home}/sign-in/" in word)
        path = urlsplit(link).path.removeprefix(self._home)
        self._send(path, path, name=name)

    def post(self, title: str, words: str) -> int:
        """The number of the new post, which is held until somebody has looked at it."""
        answer = self._send("/new", "/new", title=title, words=words)
        return int(urlsplit(answer.url).path.rsplit("/", 1)[-1])

    def vote(self, post_id: int, why: str = "") -> None:
        self._send(f"/posts/{post_id}", f"/posts/{post_id}/vote", why=why)

    def take_back(self, post_id: int) -> None:
        self._send(f"/posts/{post_id}", f"/posts/{post_id}/unvote")

    def page(self, path: str = "/") -> str:
        """The HTML of one page of the forum; `path` is within it."""
        return self._checked(self._browser.get(f"{self._url}{self._home}{path}", timeout=TIMEOUT_S)).text

    def _send(self, path: str, action: str, **typed: str) -> requests.Response:
        """Opens a page, fills in its form for `action`, and sends it."""
        form = _Form(f"{self._home}{action}")
        form.feed(self.page(path))
        if not form.found:
            raise LookupError(f"The page {path} has no form for {action}.")
        address = f"{self._url}{self._home}{action}"
        return self._checked(self._browser.post(address, {**form.fields, **typed}, timeout=TIMEOUT_S))

    def _checked(self, answer: requests.Response) -> requests.Response:
        answer.raise_for_status()
        return answer


class _Form(HTMLParser):
    """The fields that the form for one address comes with."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.found = False
        self.fields: dict[str, str] = {}
        self._action = action
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._inside = given.get("action") == self._action
            self.found |= self._inside
        elif tag == "input" and self._inside and (name := given.get("name")):
            self.fields[name] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
