"""The people of the story: what each of them does, over HTTP, on the pages that they really have."""

import re
import time
from html import unescape
from typing import Any
from urllib.parse import urljoin

import requests

from sandbox.demo.cast import Customer
from sandbox.demo.forms import Form, Page
from sandbox.demo.running import direct
from sandbox.jira import Jira
from sandbox.zendesk import Zendesk
from sandbox.zendesk.records import Ticket

TIMEOUT_S = 20.0
LATER = re.compile(r'hx-get="([^"]+)" hx-trigger="load"')


class Browser:
    """One person's browser: cookies, and whoever answers no is an error. Raises requests.HTTPError."""

    def __init__(self, *, language: str = "en") -> None:
        self._session = direct()
        self._session.headers["Accept-Language"] = language

    def get(self, url: str, **headers: str) -> requests.Response:
        return _fine(self._session.get(url, headers=headers, timeout=TIMEOUT_S))

    def post(self, url: str, fields: Any, **headers: str) -> requests.Response:
        return _fine(self._session.post(url, data=fields, headers=headers, timeout=TIMEOUT_S))


def _fine(answer: requests.Response) -> requests.Response:
    if not answer.ok:
        words = " ".join(re.sub(r"<[^>]*>", " ", answer.text).split())[:300]
        asked = answer.request
        raise requests.HTTPError(
            f"{asked.method} {asked.url} answered {answer.status_code}: {words}", response=answer
        )
    return answer


class Frame:
    """A page of ours inside a vendor's page: it holds a key, and sends it with every fragment it asks for."""

    def __init__(self, browser: Browser, first: requests.Response) -> None:
        page = Page(first.text)
        self.html = first.text
        self.base = urljoin(first.url, page.body["data-base"])
        self._browser = browser
        self._proof = {"Authorization": f"Bearer {page.meta['kithspark-bearer']}", "HX-Request": "true"}

    def show(self, path: str = "") -> None:
        self.html = self._browser.get(self.base + path, **self._proof).text

    def send(self, form: Form, fields: list[tuple[str, str]]) -> None:
        """What it answers is what the frame shows then."""
        self.html = self._browser.post(urljoin(self.base, form.target), fields, **self._proof).text

    def load_the_rest(self) -> None:
        """What comes by itself a moment after the page, as a browser asks for it."""
        for there in LATER.findall(self.html):
            self.html += self._browser.get(urljoin(self.base, unescape(there)), **self._proof).text

    @property
    def page(self) -> Page:
        return Page(self.html)

    @property
    def words(self) -> str:
        """What stands there, without the markup."""
        return " ".join(re.sub(r"<[^>]*>", " ", self.html).split())


class Agent:
    """Somebody in customer service, with a ticket open and the sidebar beside it."""

    def __init__(self, zendesk: Zendesk) -> None:
        self._zendesk = zendesk
        self._browser = Browser()

    def sidebar(self, ticket: Ticket) -> Frame:
        """Open the ticket's page, and with it the sidebar: by the form that the vendor signed."""
        page = Page(self._browser.get(f"{self._zendesk.url}/agent/tickets/{ticket.id}").text)
        form = next(one for one in page.forms if any(name == "token" for name, _ in one.fields))
        frame = Frame(self._browser, self._browser.post(form.target, form.fields))
        frame.show(f"/tickets/{ticket.id}")
        return frame

    def link_by_search(self, ticket: Ticket, words: str, issue_id: str, *, title: str) -> Frame:
        """Search Jira for the issue, link it, and say in the customer's words what it is."""
        frame = self.sidebar(ticket)
        screen = frame.html
        frame.show(f"/tickets/{ticket.id}/search?q={words}")
        form = frame.page.form("/link", issue=issue_id)
        frame.html = screen
        frame.send(form, form.fields)
        return self.entitle(frame, issue_id, title)

    def link_by_suggestion(self, ticket: Ticket, issue_id: str) -> Frame:
        """Take the suggestion that names this issue. Raises NoSuchForm where it is not suggested."""
        frame = self.sidebar(ticket)
        form = frame.page.form("/link", issue=issue_id)
        frame.send(form, form.fields)
        return frame

    def entitle(self, frame: Frame, issue_id: str, title: str) -> Frame:
        """Set what customers read of an issue that this request passes."""
        form = frame.page.form("/title", issue=issue_id)
        frame.send(form, form.filled(title=title))
        return frame

    def narrow(self, ticket: Ticket, whole_id: str, part_id: str) -> Frame:
        """This requester asked for one part only."""
        frame = self.sidebar(ticket)
        form = frame.page.form("/parts", issue=whole_id)
        frame.send(form, form.filled(part=part_id))
        return frame

    def close(self, ticket: Ticket) -> None:
        url = f"{self._zendesk.url}/agent/tickets/{ticket.id}"
        self._browser.post(url, {"do": "status", "status": "closed"})


class Engineer:
    """Somebody who works in Jira."""

    def __init__(self, jira: Jira) -> None:
        self._jira = jira
        self._browser = Browser()

    def panel(self, key: str) -> Frame:
        """Open the issue's page, and with it the panel: by the address that the vendor signed."""
        page = Page(self._browser.get(f"{self._jira.url}/browse/{key}").text)
        frame = Frame(self._browser, self._browser.get(page.frames[0]))
        frame.load_the_rest()
        return frame

    def only_a_container(self, key: str) -> Frame:
        """Say in the panel that nothing of the split issue is left in itself."""
        frame = self.panel(key)
        form = frame.page.form("/keeps-part", button=("keeps", "no"))
        frame.send(form, form.filled(keeps="no"))
        confirm = frame.page.form("/keeps-part")
        frame.send(confirm, confirm.fields)
        return frame

    def entitle(self, key: str, title: str) -> Frame:
        """Say in the panel what customers may read of an issue."""
        frame = self.panel(key)
        form = frame.page.form("/title")
        frame.send(form, form.filled(title=title))
        return frame

    def split(self, key: str, into: list[str]) -> None:
        self._do(key, deed="split", into="\n".join(into))

    def plan_for(self, key: str, version: str) -> None:
        self._do(key, deed="fix versions", new=version)

    def duplicate(self, key: str, of: str) -> None:
        self._do(key, deed="duplicate", of=of)

    def done(self, key: str) -> None:
        done = self._jira.site.resolution_called("Done").id
        self._do(key, deed="go", to="done", resolution=done)

    def reopen(self, key: str) -> None:
        self._do(key, deed="go", to="new")

    def release(self, name: str) -> None:
        version = next(one for one in self._jira.site.versions.values() if one.name == name)
        self._browser.post(f"{self._jira.url}/versions/{version.id}", {"back": "/"})

    def _do(self, key: str, **fields: str) -> None:
        self._browser.post(f"{self._jira.url}/browse/{key}/do", fields)


class Writer:
    """A customer with a mail program and, if they like, the forum."""

    def __init__(self, who: Customer, zendesk: Zendesk, forum: str) -> None:
        """`forum`: the address of its board."""
        self.who = who
        self._zendesk = zendesk
        self._forum = forum.rstrip("/")
        self._browser = Browser(language=who.language)

    def write(self, subject: str, words: str) -> Ticket:
        """Write to support: a new ticket."""
        before = {one.id for one in self._zendesk.tickets()}
        self._browser.post(
            f"{self._zendesk.url}/inbox/{self.who.email}", {"subject": subject, "words": words}
        )
        return next(one for one in self._zendesk.tickets() if one.id not in before)

    def sign_in(self) -> None:
        """By the link that comes by mail."""
        before = len(self._links())
        self._send("/sign-in", "/sign-in", email=self.who.email)
        link = self._wait_for_a_link(before)
        form = Page(self._browser.get(link).text).form(link[link.index("/f/") :])
        self._browser.post(urljoin(link, form.target), form.filled(name=self.who.name))

    def post(self, title: str, words: str) -> int:
        """The number of the new post."""
        answer = self._send("/new", "/new", title=title, words=words)
        return int(answer.url.rstrip("/").rpartition("/")[2])

    def vote(self, post: int) -> None:
        self._send(f"/posts/{post}", f"/posts/{post}/vote")

    def _send(self, path: str, target: str, **typed: str) -> requests.Response:
        form = Page(self._browser.get(self._forum + path).text).form(target)
        return self._browser.post(urljoin(self._forum, form.target), form.filled(**typed))

    def _links(self) -> list[str]:
        """The sign-in links that came, oldest first."""
        found = [
            re.search(r"https?://\S+/sign-in/\S+", one.body) for one in self._zendesk.mails(self.who.email)
        ]
        return [match.group() for match in found if match]

    def _wait_for_a_link(self, before: int) -> str:
        """The newest, once there are more than `before`. Raises LookupError."""
        until = time.monotonic() + TIMEOUT_S
        while time.monotonic() < until:
            if len(links := self._links()) > before:
                return links[-1]
            time.sleep(0.02)
        raise LookupError(f"No sign-in link came to {self.who.email}.")
