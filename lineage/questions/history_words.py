"""The history in plain words: one sentence for what a row says, for colleagues."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from lineage.votes import placing_of

Kept: TypeAlias = Mapping[str, Any]
"""A change as `lineage/kept.py` keeps it, or what `lineage.history.note` was given."""


@dataclass(frozen=True, slots=True)
class Names:
    """What issues and people are called now, by id."""

    issues: Mapping[str, str]
    people: Mapping[str, str]

    def issue(self, ident: object) -> str:
        return self.issues.get(str(ident), f"issue {ident}")

    def person(self, ident: object) -> str:
        return self.people.get(str(ident), "the requester")

    def every(self, idents: Iterable[object]) -> str:
        return ", ".join(self.issue(one) for one in idents)


Words: TypeAlias = Callable[[Kept, Names], str]


def in_words(kind: str, change: Kept, effects: Sequence[Sequence[str]], names: Names) -> str:
    """What happened, and what it made of issues. A kind that nobody wrote words for keeps its name."""
    words = WORDS[kind](change, names) if kind in WORDS else kind
    came_of_it = [_effect(names, *effect) for effect in effects]
    return "; ".join([one for one in (words, *dict.fromkeys(came_of_it)) if one])


def issues_in(change: Kept, effects: Sequence[Sequence[str]]) -> set[str]:
    """The ids of the issues that the words will name."""
    named = {change.get("item"), *(change.get("parts") or ()), *(change.get("sizes") or ())}
    named |= {fact["item"] for fact in change.get("facts") or ()}
    named |= {
        one for item, what, was, now in effects for one in (item, *((was, now) if what in LINKS else ()))
    }
    return {one for one in named if one}


def place(where: str) -> str:
    """An address as people say it.

    >>> place("zendesk:ticket:7"), place("forum:post:9")
    ('ticket 7', 'forum post 9')
    """
    system, _, rest = where.partition(":")
    what, _, ident = rest.partition(":")
    named = {
        "followup": "a follow-up on ticket", "community": "community post",
        "proactive": "a new ticket for community vote",
    }.get(what, what)  # fmt: skip
    return f"{'' if system == 'zendesk' else system + ' '}{named} {ident}".strip()


LINKS = {"merged": "is a duplicate of", "split": "was split into"}


def _effect(names: Names, item: str, what: str, was: str, now: str) -> str:
    key = names.issue(item)
    if what in LINKS:
        link = f"{key} {LINKS[what]} {names.issue(now or was)}"
        return link if now else f"no longer: {link}"
    if what == "state" and was == now:
        return f"{key} is {now} anew"
    return f"{key} has another summary" if what == "summary" else f"{what} of {key}: {was} to {now}"


def _origin(change: Kept) -> str:
    return place(f"{change['origin']['kind']}:{change['origin']['id']}")


def _post(change: Kept) -> str:
    return place(str(placing_of(change["post"])))


def _seen(change: Kept, names: Names) -> str:
    return f"{names.issue(change['item'])} was read: {change['status']}"


def _ticket(change: Kept, _names: Names) -> str:
    into = change.get("merged_into")
    return f"ticket {change['ticket']} is " + (
        f"merged into ticket {into}" if into else str(change["status"])
    )


def _chosen(change: Kept, names: Names) -> str:
    parts = names.every(change["parts"]) if change["parts"] else "all its parts"
    return f"of {names.issue(change['item'])}, {names.person(change['person'])} wants {parts}"


def _assigned(change: Kept, names: Names) -> str:
    some = sum(1 for parts in change["wants"].values() if parts)
    every = len(change["wants"]) - some
    return f"of {names.issue(change['item'])}, {some} want some of its parts and {every} all of them"


def _put_back(change: Kept, names: Names) -> str:
    whose, since = change.get("whose"), str(change.get("since") or "")
    if whose:
        return f"what {whose} did to {names.issue(change['item'])} on {since[:10]} was undone"
    return f"what was decided of {names.issue(change['item'])} was taken back"


def _unlinked(change: Kept, names: Names) -> str:
    kept = "the requester still counts" if change["keep"] else "the ask is withdrawn"
    return f"{_origin(change)} was unlinked from {names.issue(change['item'])}: {kept}"


def _keeps(change: Kept, names: Names) -> str:
    what = "keeps a part of its own" if change["keeps"] else "is a mere container"
    return f"{names.issue(change['item'])} {what}"


def _children(change: Kept, names: Names) -> str:
    return f"the children of {names.issue(change['item'])} are {'' if change['are'] else 'not '}its parts"


def _sized(change: Kept, names: Names) -> str:
    sizes = ", ".join(f"{names.issue(part)} {size}" for part, size in change["sizes"].items())
    return f"sizes of the parts of {names.issue(change['item'])}: {sizes or 'all alike'}"


def _titled(change: Kept, names: Names) -> str:
    of = f"{'the part that it kept of ' if change['own_part'] else ''}{names.issue(change['item'])}"
    return f"public title of {of}: {change['title'] or 'none'}"


def _wording(change: Kept, _names: Names) -> str:
    what = "is the operator's own" if change["template"] else "is ours again"
    return f"the wording of {change['kind']} in {change['language']} {what}"


def _policy(change: Kept, _names: Names) -> str:
    policy = change.get("policy") or {}
    said = ", ".join(f"{name} {_said(value)}" for name, value in policy.items())
    return f"the policy is: {said}" if said else "the policy was changed"


def _said(value: Any) -> str:
    return "+".join(value) if isinstance(value, list) else str(value)


def _message(change: Kept, names: Names) -> str:
    facts = {f"{names.issue(fact['item'])} {fact['happened']}": None for fact in change["facts"]}
    about = f" ({', '.join(facts)})" if facts else ""
    return f"message {change['notice']} to {names.person(change['person'])}{about}"


def _told(change: Kept, names: Names) -> str:
    facts = {
        f"no longer: {said}" if fact["kind"] == "correction" else said: None
        for fact in change["facts"]
        for said in [f"{names.issue(fact['item'])} {fact['happened']}"]
    }
    approved = f", approved by {change['approved_by']}" if change.get("approved_by") else ""
    unmailed = ", but no mail was sent" if change.get("mailed") is False else ""
    return (
        f"{names.person(change['person'])} was told at {place(change['place'])}: {', '.join(facts)} "
        f"(message {change['notice']}{approved}{unmailed})"
    )


def _recalled(change: Kept, names: Names) -> str:
    told = _told({**change, "notice": ""}, names).partition(" (message")[0]
    return f"{told} (read back from there after a restore)"


def _approved(change: Kept, names: Names) -> str:
    later = f", to go out not before {change['not_before'][:16]} UTC" if change.get("not_before") else ""
    return f"{_message(change, names)} was approved as {change['digest']}{later}"


def _cancelled(change: Kept, names: Names) -> str:
    verb = "was dismissed" if change["message"] == "correction" else "was cancelled"
    doubt = ", though it may have left" if change.get("in_doubt") else ""
    return f"{_message(change, names)} {verb}{doubt}"


WORDS: Mapping[str, Words] = {
    "IssueSeen": _seen,
    "IssueDeleted": lambda change, names: f"{names.issue(change['item'])} was deleted",
    "IssueUnreadable": lambda change, names: f"{names.issue(change['item'])} cannot be read any more",
    "VersionSeen": lambda change, _: (
        "a version was " + ("released" if change["released"] else "not released")
    ),
    "TicketSeen": _ticket,
    "PostSeen": lambda change, _: f"{_post(change)} was published",
    "Voted": lambda change, _: f"a vote for {_post(change)}",
    "VoteWithdrawn": lambda change, _: f"a vote for {_post(change)} was taken back",
    "Linked": lambda change, names: f"{_origin(change)} was linked to {names.issue(change['item'])}",
    "Unlinked": _unlinked,
    "NotThis": lambda change, names: f"{_origin(change)} is not about {names.issue(change['item'])}",
    "MaybeThis": lambda change, names: f"{_origin(change)} may be about {names.issue(change['item'])} again",
    "LinkImported": lambda change, names: (
        f"{_origin(change)} was linked to {names.issue(change['item'])} elsewhere, and imported"
    ),
    "FindingImported": lambda change, names: (
        f"what was heard elsewhere about {names.issue(change['item'])} was imported"
    ),
    "RequestWithdrawn": lambda change, _: f"{_origin(change)}: the requester needs it no longer",
    "RequestResumed": lambda change, _: f"{_origin(change)}: the requester needs it after all",
    "NotMeant": lambda change, _: f"{_origin(change)}: the requester says that it was not meant so",
    "RemarksSettled": lambda change, _: f"{_origin(change)}: what the requester said was dealt with",
    "LinkRevoked": lambda change, _: f"{_origin(change)}: the links to its page were revoked",
    "PartsChosen": _chosen,
    "Assigned": _assigned,
    "PutBack": _put_back,
    "KeepsPart": _keeps,
    "ChildrenAreParts": _children,
    "Sized": _sized,
    "Titled": _titled,
    "CompanySeen": lambda change, _: f"company {change['company']} was valued",
    "UsersMerged": lambda _change, _names: "two users of the helpdesk were merged into one",
    "Erased": lambda _change, _names: "the requester asked to be forgotten",
    "OptedOut": lambda change, names: f"{names.person(change['person'])} wants no news",
    "OptedIn": lambda change, names: f"{names.person(change['person'])} wants news again",
    "WordingSet": _wording,
    "PolicyChanged": _policy,
    "Approved": _approved,
    "Edited": lambda change, names: f"{_message(change, names)} was edited: {change['into']}",
    "Paused": lambda _change, _names: "everything that goes out was paused",
    "Resumed": lambda _change, _names: "what goes out goes on",
    "Cancelled": _cancelled,
    "Retried": lambda change, names: f"{_message(change, names)} was tried again",
    "Told": _told,
    "Recalled": _recalled,
    "PostPublished": lambda change, _: f"forum post {change['post']} was published again",
    "PostRefused": lambda change, _: f"forum post {change['post']} was refused",
    "MappingChanged": lambda _change, _names: "the meaning of links or resolutions was changed",
}
"""The sentence of every kind of row."""
