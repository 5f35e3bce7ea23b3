"""The words of a fresh Jira site: statuses, resolutions, link types, issue types, people."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Status:
    """A step of the workflow. `category` is Jira's stable key: new, indeterminate or done."""

    id: str
    name: str
    category: str


@dataclass(frozen=True, slots=True)
class Named:
    """A resolution or an issue type: an id and what people call it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class LinkType:
    """A kind of issue link: the source says `outward` of the destination, which says `inward` back."""

    id: str
    name: str
    inward: str
    outward: str


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who works in this Jira."""

    account_id: str
    name: str
    email: str


CATEGORIES = {
    "new": (2, "blue-gray", "To Do"),
    "indeterminate": (4, "yellow", "In Progress"),
    "done": (3, "green", "Done"),
}
"""Status category key to Jira's id, colour name and English name."""

STATUSES = (
    Status("10000", "To Do", "new"),
    Status("3", "In Progress", "indeterminate"),
    Status("10001", "Done", "done"),
)

TRANSITIONS = {"11": STATUSES[0], "21": STATUSES[1], "31": STATUSES[2]}
"""Transition id to where it leads: as in Jira's simplified workflow, from anywhere to anywhere."""

RESOLUTIONS = (
    Named("10000", "Done"),
    Named("10001", "Won't Do"),
    Named("10002", "Duplicate"),
    Named("10003", "Cannot Reproduce"),
    Named("10004", "Declined"),
    Named("10005", "Parked by steering group"),
)

LINK_TYPES = (
    LinkType("10000", "Blocks", "is blocked by", "blocks"),
    LinkType("10001", "Cloners", "is cloned by", "clones"),
    LinkType("10002", "Duplicate", "is duplicated by", "duplicates"),
    LinkType("10003", "Relates", "relates to", "relates to"),
    LinkType("10004", "Issue split", "split from", "split to"),
)

ISSUE_TYPES = (
    Named("10001", "Story"),
    Named("10002", "Task"),
    Named("10003", "Sub-task"),
    Named("10004", "Bug"),
    Named("10000", "Epic"),
)

USERS = (
    User("5b10a2844c20165700ede21a", "Erin Engineer", "erin@kites.example"),
    User("5b10a2844c20165700ede21b", "Paul Planner", "paul@kites.example"),
    User("5b10a2844c20165700ede21c", "Kithspark Service", "service@kites.example"),
)
