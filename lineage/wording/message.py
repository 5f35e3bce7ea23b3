"""What a message is made of: titles that customers may read, states and days. Never an internal text."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lineage.terms import Kind, Standing, State


@dataclass(frozen=True, slots=True)
class Line:
    """One part of what was asked for, by its public title."""

    title: str
    state: State
    fresh: bool
    """Whether this is what the message tells; the other lines say where the rest stands."""


@dataclass(frozen=True, slots=True)
class Section:
    """One thing that was asked for: `delivered` of `parts` are out."""

    asked_at: datetime
    asked_how: Literal["ticket", "vote"]
    lines: tuple[Line, ...]
    delivered: int
    parts: int
    standing: Standing
    final: bool
    """Whether nothing more is to follow. Where it is false the message says that we will write again."""
    about: str = ""
    """The public title of what was asked for, where the lines do not say it already."""
    follow_url: str = ""
    """The page of this request, where the message speaks of several; else `Message.follow_url` says it."""


@dataclass(frozen=True, slots=True)
class Retraction:
    """Something we told (delivered, declined or started) that is not true any more."""

    title: str
    said: State
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """Everything owed to one person at one moment."""

    kind: Kind
    language: str
    """A language tag as a vendor writes it, such as `de-AT`; who has an unknown one reads English."""
    name: str
    sections: tuple[Section, ...]
    retractions: tuple[Retraction, ...] = ()
    follow_url: str | None = None
    """The request's own page. Whoever has the link may read it, so a public entry never shows it."""
    followup_subject: str | None = None
    """The subject of the closed ticket that this answers."""
    public: bool = False
    """A forum entry that everybody reads: no name, no "you asked", no link of one person."""
    sender: str = ""
    """The company's name, for the last line."""
    own: str = ""
    """The operator's own template for this kind and language; empty where ours is used."""


@dataclass(frozen=True, slots=True)
class Written:
    """The same words twice. `language` is that of the words, such as `de`.

    `trouble`: why the operator's own template was not used, though there is one.
    """

    text: str
    html: str
    language: str
    trouble: str = ""
