"""Reads the forms of a page, as somebody would who fills them in: by hand, or by a script such as htmx."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass(slots=True)
class Form:
    """`target`: where it goes. `fields` as they are filled in; `buttons` that send a value: (name, value)."""

    target: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, **typed: str) -> list[tuple[str, str]]:
        """What is sent: the fields as they are, with those that were `typed` instead."""
        return [(name, value) for name, value in self.fields if name not in typed] + list(typed.items())


class NoSuchForm(LookupError):
    """The page has no form for this."""


class Page(HTMLParser):
    """The forms of one page, its data attributes, and the frames that it shows."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.meta: dict[str, str] = {}
        self.body: dict[str, str] = {}
        self.frames: list[str] = []
        self._open: Form | None = None
        self._select = ""
        self._first_option = False
        self.feed(html)

    def form(self, target: str, *, button: tuple[str, str] | None = None, **fields: str) -> Form:
        """The first form whose target ends so, with these fields (and this button). Raises NoSuchForm."""
        for one in self.forms:
            fits = all((name, value) in one.fields for name, value in fields.items())
            if one.target.endswith(target) and fits and (button is None or button in one.buttons):
                return one
        there = sorted({one.target for one in self.forms})
        raise NoSuchForm(f"There is no form for {target} with {fields or 'anything'}; there are {there}.")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and "name" in given:
            self.meta[given["name"]] = given.get("content", "")
        elif tag == "body":
            self.body = given
        elif tag == "iframe" and given.get("src"):
            self.frames.append(given["src"])
        elif tag == "form":
            self._open = Form(given.get("hx-post") or given.get("action") or "")
            self.forms.append(self._open)
        elif self._open is not None:
            self._field(tag, given, self._open)

    def _field(self, tag: str, given: dict[str, str], form: Form) -> None:
        name = given.get("name", "")
        if tag == "select":
            self._select, self._first_option = name, True
        elif tag == "option" and self._select:
            if self._first_option or "selected" in given:
                form.fields = [one for one in form.fields if one[0] != self._select]
                form.fields.append((self._select, given.get("value", "")))
            self._first_option = False
        elif tag == "button" and name:
            form.buttons.append((name, given.get("value", "")))
        elif tag in ("input", "textarea") and name:
            ticked = given.get("type") not in ("checkbox", "radio") or "checked" in given
            if ticked:
                form.fields.append((name, given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""
