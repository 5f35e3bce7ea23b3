"""A small part of JQL: comparisons, lists, AND, OR, NOT, brackets, ORDER BY. Reading only; no evaluation."""

import re
from dataclasses import dataclass, field
from typing import TypeAlias


class BadJql(Exception):
    """Jira would answer 400 with these words."""


@dataclass(frozen=True, slots=True)
class Test:
    """`field operator values`; `empty` stands in the values as None."""

    field: str
    operator: str
    values: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """Several conditions under `and` or `or`; a single one under `not`."""

    word: str
    parts: tuple["Condition", ...]


Condition: TypeAlias = Test | Joined


@dataclass(frozen=True, slots=True)
class Query:
    """A condition (None: unbounded) and the order: (field, descending)."""

    where: Condition | None
    order: tuple[tuple[str, bool], ...] = ()


TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
      | (?P<operator>!=|<=|>=|!~|=|<|>|~)
      | (?P<mark>[(),])
      | (?P<word>issue\.property\[[^\]]+\](?:\.[\w.]+)?|[^\s"'!=<>~(),]+)
    )""",
    re.VERBOSE,
)


def read(text: str) -> Query:
    """Raises BadJql."""
    return _Reader(text).query()


@dataclass
class _Reader:
    """A cursor over the tokens of one query."""

    text: str
    tokens: list[tuple[str, str]] = field(default_factory=list)
    at: int = 0

    def __post_init__(self) -> None:
        rest = self.text.strip()
        while rest:
            found = TOKEN.match(rest)
            if found is None or found.lastgroup is None:
                raise BadJql(f"Error in the JQL Query: unexpected input near '{rest[:20]}'.")
            self.tokens.append((found.lastgroup, found.group(found.lastgroup)))
            rest = rest[found.end() :].strip()

    def query(self) -> Query:
        where = None if self._is("order") or not self.tokens else self._either()
        order: list[tuple[str, bool]] = []
        if self._take("order"):
            self._need("by")
            order = self._order()
        if self.at < len(self.tokens):
            raise BadJql(f"Error in the JQL Query: unexpected '{self.tokens[self.at][1]}'.")
        return Query(where, tuple(order))

    def _order(self) -> list[tuple[str, bool]]:
        order = []
        while True:
            name = self._next()
            descending = self._take("desc")
            if not descending:
                self._take("asc")
            order.append((name, descending))
            if not self._take(","):
                break
        if len(order) > 7:
            raise BadJql("The ORDER BY clause can contain a maximum of 7 fields.")
        return order

    def _either(self) -> Condition:
        parts = [self._both()]
        while self._take("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Joined("or", tuple(parts))

    def _both(self) -> Condition:
        parts = [self._one()]
        while self._take("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Joined("and", tuple(parts))

    def _one(self) -> Condition:
        if self._take("not"):
            return Joined("not", (self._one(),))
        if self._take("("):
            inner = self._either()
            self._need(")")
            return inner
        return self._test()

    def _test(self) -> Test:
        name = self._next()
        if self._take("is"):
            operator = "!=" if self._take("not") else "="
            if not (self._take("empty") or self._take("null")):
                raise BadJql("Error in the JQL Query: IS must be followed by EMPTY.")
            return Test(name, operator, (None,))
        if self._take("in"):
            return Test(name, "in", self._list())
        if self._take("not"):
            self._need("in")
            return Test(name, "not in", self._list())
        kind, operator = self._peek()
        if kind != "operator":
            raise BadJql(f"Error in the JQL Query: expecting an operator but got '{operator}'.")
        self.at += 1
        return Test(name, operator, (self._next(),))

    def _list(self) -> tuple[str | None, ...]:
        self._need("(")
        values: list[str | None] = [self._next()]
        while self._take(","):
            values.append(self._next())
        self._need(")")
        return tuple(values)

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "the end")

    def _is(self, word: str) -> bool:
        kind, text = self._peek()
        return kind in ("word", "mark") and text.lower() == word

    def _take(self, word: str) -> bool:
        taken = self._is(word)
        self.at += taken
        return taken

    def _need(self, word: str) -> None:
        if not self._take(word):
            raise BadJql(f"Error in the JQL Query: expecting '{word}' but got '{self._peek()[1]}'.")

    def _next(self) -> str:
        kind, text = self._peek()
        if kind not in ("word", "text"):
            raise BadJql(f"Error in the JQL Query: expecting a value but got '{text}'.")
        self.at += 1
        return re.sub(r"\\(.)", r"\1", text[1:-1]) if kind == "text" else text
