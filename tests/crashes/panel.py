"""An engineer splits, closes in part or undoes it in the panel, and what is to be true in Jira then."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from requests import ConnectionError as Broken
from requests.exceptions import ChunkedEncodingError

from lineage import questions
from lineage.terms import ItemId
from sandbox.demo.forms import Form
from sandbox.demo.people import Frame
from store.database import reading
from tests.crashes.story import Story

RETRY = re.compile(r'hx-post="([^"]+/retry)"')
FIRST, SECOND = "Export one report", "Send it every Monday"
WANT = {"Ann": "1", "Ben": "2", "Cam": "all"}


@dataclass
class Panel:
    """The panel of the story's issue. What was sent can be sent again: whoever gets no answer does that."""

    story: Story
    wrong: list[str] = field(default_factory=list)
    _sent: tuple[Frame, Form] | None = None

    def __post_init__(self) -> None:
        self.story.further = lambda: self.wrong

    @property
    def item(self) -> ItemId:
        return ItemId(self.story.town.jira.issue(self.story.key).id)

    def asks_for(self, *parts: str, close: bool = False, wants: Mapping[str, str] = WANT) -> None:
        """The form is filled in, and what follows is looked at; nothing is sent yet that does anything."""
        frame = self._open()
        frame.show("/split?close=yes" if close else "/split")
        form = frame.page.form("/split/preview")
        typed = [("part", self.summary(part)) for part in parts] + [("title", part) for part in parts]
        typed += [(f"want-{number}", wants[name]) for name, number in self._people()]
        typed += [("own_title", "What is out")] if close else [("keeps", "no")]
        names = {name for name, _value in typed}
        frame.send(form, [one for one in form.fields if one[0] not in names] + typed)
        self._sent = frame, frame.page.form("/split")

    def asks_to_undo(self) -> None:
        frame = self._open()
        frame.show("/undo")
        self._sent = frame, frame.page.form("/undo")

    def sends(self) -> None:
        """Maybe without an answer."""
        assert self._sent is not None
        frame, form = self._sent
        with suppress(Broken, ChunkedEncodingError):
            frame.send(form, form.fields)

    def tries_again(self) -> None:
        """The button beside what Jira refused, where it says so."""
        frame = self._open()
        if button := RETRY.search(frame.html):
            frame.send(Form(button[1]), [])

    def parts(self, *names: str) -> list[str]:
        """Their keys. Each was made once beside the issue, and is linked to it once; nothing else is."""
        jira, keys = self.story.town.jira, []
        with jira.site.lock:
            every, links = list(jira.site.issues.values()), list(jira.site.links.values())
        ends = [one.destination for one in links if one.source == self.item]
        for summary in map(self.summary, names):
            made = [one for one in every if one.summary == summary]
            self._be(f"issues “{summary}”", len(made), 1)
            self._be(f"links to “{summary}”", sum(ends.count(one.id) for one in made), 1)
            keys += [one.key for one in made[:1]]
        self._be("links", len(ends), len(names))
        return keys

    def summary(self, part: str) -> str:
        """No two stories make issues of one name."""
        return f"{part} of {self.story.key}"

    def carried(self, expected: dict[str, set[str]]) -> None:
        """Whose wishes rest on which issues."""
        with reading(self.story.town.app.engine) as conn:
            found = questions.waiting_for(conn, self.story.town.workspace, self.item, limit=10)
            assert found is not None
            asks = questions.ask_views(conn, self.story.town.workspace, [one.ask_id for one in found.waiters])
        there: dict[str, set[str]] = {}
        for ask in asks:
            there.setdefault(ask.person_name, set()).update(one.item.key for one in ask.carriers)
        self._be("wishes", there, expected)

    def _be(self, what: str, there: object, due: object) -> None:
        if there != due:
            self.wrong.append(f"{what}: {there}, not {due}")

    def _open(self) -> Frame:
        return self.story.town.panel(self.story.key)

    def _people(self) -> list[tuple[str, int]]:
        with reading(self.story.town.app.engine) as conn:
            found = questions.waiting_for(conn, self.story.town.workspace, self.item, limit=10)
        assert found is not None
        return sorted({(one.person_name, one.person_id) for one in found.waiters})
