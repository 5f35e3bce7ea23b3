"""Every word that a requester's page needs, for each language to fill in."""

from collections.abc import Mapping
from dataclasses import dataclass

from lineage.terms import Standing, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Each may hold HTML's special letters; none is HTML. What stands in braces is filled in by the page."""

    tag: str
    to_the_content: str
    title: str
    asked_on: str
    voted_on: str
    only_you: str

    became: str
    standings: Mapping[Standing, str]
    one_out: str
    """Of several parts, where exactly one is out; `standings` has the others."""
    one_out_rest_declined: str
    states: Mapping[State, str]
    nameless: str
    nameless_part: str
    undecided: str

    picture_label: str
    picture: Mapping[str, str]
    """What `picture.html` says of a public picture; `states` and the next two go with it."""
    picture_how: Mapping[str, str]
    """How a line leads on, by the English words of `plugin/picture.py`."""
    picture_tools: Mapping[str, str]
    """What `static/lineage.js` says."""

    wrote: str
    wrote_nothing: str
    places: Mapping[str, str]
    elsewhere: str

    change: str
    no_longer: str
    no_longer_question: str
    no_longer_means: str
    withdrawn_on: str
    after_all: str
    not_meant: str
    not_meant_question: str
    not_meant_label: str
    not_meant_goes_to: str
    not_meant_on: str
    send: str
    back: str

    dead: str
    dead_advice: str
    stale: str
    stale_advice: str
    too_often: str
    too_often_advice: str

    def standing(self, standing: Standing, delivered: int, parts: int) -> str:
        """How far it is, in one sentence."""
        said = self.standings[standing]
        if delivered == 1 and standing is Standing.PART_DELIVERED:
            said = self.one_out
        if delivered == 1 and standing is Standing.DELIVERED_IN_PART:
            said = self.one_out_rest_declined
        return said.format(d=delivered, n=parts)

    @property
    def picture_says(self) -> Mapping[str, object]:
        whole = {"states": self.states, "how": self.picture_how, "tools": self.picture_tools}
        return {**self.picture, "ready": self.states[State.DELIVERED], "whole": self.nameless, **whole}

    def place(self, where: str) -> str:
        """Where a message was written, by the name that notices give the place."""
        system, _, rest = where.partition(":")
        kind, _, number = rest.partition(":")
        return self.places.get(f"{system}:{kind}", self.elsewhere).format(number)
