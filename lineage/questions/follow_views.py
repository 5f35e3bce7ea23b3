"""What a requester's own page shows, and what colleagues see of it. Of the first nothing is internal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lineage.questions.views import Shape, moment
from lineage.terms import AskId, PersonId, RequestId, Standing, State


@dataclass(frozen=True, slots=True)
class FollowPart:
    """One part of what was asked for. `title` is None while nobody has set one that customers may read.

    `state` is delivered, started, declined or open: of the rest a requester is told nothing.
    """

    title: str | None
    state: State


@dataclass(frozen=True, slots=True)
class FollowAsk:
    """One thing that was asked for: `delivered` of its `parts` are out. `about`: its public title, if any."""

    ask_id: AskId
    about: str | None
    parts: tuple[FollowPart, ...]
    standing: Standing
    delivered: int


@dataclass(frozen=True, slots=True)
class FollowTold:
    """One message: its words without links to anybody's page, when, and where (as notices name places)."""

    text: str
    at: datetime
    where: str


@dataclass(frozen=True, slots=True)
class Remark:
    """That it was not what they meant, in their words (which may be none)."""

    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FollowView:
    """Where one request went, for whoever made it. `withdrawn_at`: they need it no longer."""

    how: Literal["ticket", "vote"]
    subject: str
    words: str
    asked_at: datetime
    withdrawn_at: datetime | None
    asks: tuple[FollowAsk, ...]
    told: tuple[FollowTold, ...]
    remarks: tuple[Remark, ...]
    opted_out_at: datetime | None = None
    """Since when this person wants to be told nothing at all."""


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """The request whose page a link opens. `language`: the tag of the letters about it, where it is known."""

    workspace_id: int
    request_id: RequestId
    person_id: PersonId
    origin: str
    language: str | None


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """A requester's page as a colleague sees it. `url` is None until the web app was served once."""

    request_id: RequestId
    origin: str
    person_name: str
    subject: str
    asked_at: datetime
    url: str | None
    withdrawn_at: datetime | None
    remarks: tuple[Remark, ...]

    def as_json(self) -> Shape:
        return {
            "origin": self.origin, "asked_at": moment(self.asked_at), "url": self.url,
            "withdrawn_at": moment(self.withdrawn_at),
            "remarks": [{"words": one.words, "at": moment(one.at)} for one in self.remarks],
        }  # fmt: skip
