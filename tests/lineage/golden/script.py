"""More words for histories: what happens seldom enough to have no place in the common vocabulary."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from lineage import changes
from lineage.changes import OrganisationSeen, PersonSeen
from lineage.operator_changes import FindingImported, LinkImported
from lineage.terms import EdgeKind, Origin
from tests.lineage.cast import person
from tests.lineage.story import Story


@dataclass
class Script(Story):
    """A story whose persons speak English and can be named by who they are."""

    def key(self, ident: str) -> str:
        """The key of the issue with this id."""
        return next(key for key, issue in self.tracker.issues.items() if issue.item == ident)

    # --- the tracker

    def link_in_jira(self, kind: str, src: str, dst: str, *, link_id: str) -> None:
        """A link of a given id: `merged` or `split`."""
        self.connect(EdgeKind(kind), (src, dst), link_id=link_id)

    def container(self, key: str, *, into: tuple[str, ...]) -> None:
        """The issue is split, and a person says that it keeps nothing."""
        self.split(key, into=into)
        self.keeps_part(key, False)

    def move(self, key: str, to: str) -> None:
        """The issue goes to another project and gets another key."""
        self.later()
        self.tracker.move(key, to, at=self.now)
        self.look(to)

    def hide(self, key: str) -> None:
        """Reading the issue answers 404: nobody can say whether it is deleted or hidden."""
        self.record(changes.IssueUnreadable(self.id(key), self.now))

    def clone(self, key: str, to: str) -> None:
        """A copy of the issue, linked to it in a way that nobody has mapped."""
        self.issue(to, unmapped_links=("Cloners",))
        self.change(key, unmapped_links=("Cloners",))

    def parents(self, key: str, *, of: tuple[str, ...]) -> None:
        """The issue is the parent of these: an epic, or one with sub-tasks."""
        self.later()
        for child in of:
            self.tracker.adopt(child, key, at=self.now)
        self.look(key, *of)

    def children_are_parts(self, key: str, said: bool) -> None:
        """A person marks the children of the issue as its parts, or takes that back."""
        self.record(changes.ChildrenAreParts(self.id(key), said, "agent", self.now))

    def finish_unheard(self, key: str) -> None:
        """Done in Jira, and nobody has told us yet."""
        self.later()
        done = {"category": "done", "status": "Done", "resolution_id": "1", "meaning": "delivered"}
        self.tracker.change(key, at=self.now, **done)

    def close(self, key: str, *, resolution_id: str, meaning: str | None = None) -> None:
        """Closed with a resolution of this id, and what the workspace takes it to mean (None: unmapped)."""
        self.change(key, category="done", status="Closed", resolution_id=resolution_id, meaning=meaning)

    def close_as_duplicate(self, key: str, *, of: str) -> None:
        """As people do it: the link, and the resolution Duplicate."""
        self.duplicate(key, of=of)
        self.close(key, resolution_id="3", meaning="closed")

    def fix_versions(self, key: str, *names: str) -> None:
        """The issue goes out with all of these versions."""
        self.change(key, versions=tuple(self.tracker.version(name) for name in names))

    # --- the helpdesk and the forum

    def merge_ticket(self, number: str, *, into: str) -> None:
        self.ticket_changes(number, status="closed", merged_into=into)

    def close_ticket(self, number: str) -> None:
        self.ticket_changes(number, status="closed")

    def hand_over(self, number: str, *, to: str) -> None:
        """The ticket gets another requester."""
        self.ticket_changes(number, requester=person(to))

    def move_ticket(self, number: str, *, org: str) -> None:
        """The ticket gets another organisation."""
        self.ticket_changes(number, organisation=OrganisationSeen(org.lower(), org))

    def works_for_us(self, number: str) -> None:
        """The requester of this ticket turns out to be staff."""
        self.ticket_changes(number, requester=replace(self.tickets[number].requester, staff=True))

    def suspend(self, number: str) -> None:
        """The requester of this ticket is suspended in the helpdesk."""
        self.ticket_changes(number, requester=replace(self.tickets[number].requester, suspended=True))

    def are_one(self, who: str, other: str) -> None:
        """The helpdesk shows that the address of the second is one of the first's."""
        one, two = person(who), person(other)
        both = PersonSeen("zendesk", one.id, who, (*one.emails, *two.emails), "en")
        self.ticket(who, requester=both)

    def take_off(self, post: str, key: str) -> None:
        """The post asks for this issue no more."""
        self.record(changes.Unlinked(Origin("forum:post", post), self.id(key), False, "agent", self.now))

    def stranger_votes(self, who: str, post: str) -> None:
        """Somebody in the forum who has proven no address."""
        visitor = PersonSeen("forum", f"f-{who.lower()}", who, (), "en")
        self.record(changes.Voted(post, visitor, self.now))

    def erase(self, who: str) -> None:
        """The person asked to be forgotten."""
        self.record(changes.Erased(self.person(who), "operator", self.now))

    def users_merge(self, who: str, *, into: str) -> None:
        """In the helpdesk the first user becomes the second; only the second is there any more."""
        self.record(changes.UsersMerged(person(who).id, person(into), self.now))

    # --- what is taken over from elsewhere

    def import_link(self, number: str, key: str, *, linked: datetime | None = None) -> bool:
        """This ticket was linked to this issue elsewhere, at that time; all of it is as of now."""
        self.later()
        origin = Origin("zendesk:ticket", number)
        return self.again(LinkImported(origin, self.id(key), "operator", linked or self.now, self.now))

    def finding(self, who: str, key: str, *, company: str = "") -> bool:
        """Somebody said in an interview, the day before, that they need this."""
        self.later()
        origin, said = Origin("finding:interview", f"{who}-{key}"), self.now - timedelta(days=1)
        email = person(who).emails[0]
        heard = FindingImported(
            origin, self.id(key), who, email, company, "I need it", "operator", said, self.now
        )
        return self.again(heard)

    # --- what people decide

    def policy_by_itself(self, *kinds: str, **more: Any) -> None:
        """These kinds of news go out without anybody's approval."""
        self.policy(auto_kinds=kinds, **more)

    def policy_of_project(self, project: str, *, deliver: str) -> None:
        """What delivered means in one project, whatever the workspace says."""
        self.policy(deliver_in={project: deliver})

    def approve_drafts(self) -> None:
        """A person approves whatever waits for it, as it is worded now."""
        for draft in self.notices(state="awaiting_approval"):
            self.approve(draft)

    def dismiss_drafts(self) -> None:
        """A person decides not to send what waits for approval."""
        for draft in self.notices(state="awaiting_approval"):
            self.cancel(draft)

    def cancel_held(self) -> None:
        """A person decides not to send what waits for its quiet period to end."""
        for notice in self.notices(state="held"):
            self.cancel(notice)
