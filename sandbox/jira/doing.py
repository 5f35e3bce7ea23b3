"""What can be done to a Jira site. Each deed leaves its history, stamps `updated`, and is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.jira.state import HistoryEntry, Issue, Link, Project, Site, Version
from sandbox.jira.telling import Teller
from sandbox.jira.words import LinkType, Named, Status, User


def item(
    field: str, old: tuple[str | None, str | None], new: tuple[str | None, str | None]
) -> dict[str, Any]:
    """One changelog item; `old` and `new` are (id, words). Jira gives no fieldId for Link and Key."""
    ids = {"Fix Version": "fixVersions", "Link": "", "Key": ""}
    field_id = ids.get(field, field)
    shown: dict[str, Any] = {"field": field, "fieldtype": "jira"}
    if field_id:
        shown["fieldId"] = field_id
    return {**shown, "from": old[0], "fromString": old[1], "to": new[0], "toString": new[1]}


@dataclass(frozen=True)
class Doing:
    """The deeds. Call them with the site's lock held, or through `sandbox.jira.Jira`, which takes it."""

    site: Site
    tell: Teller

    def add_project(self, key: str, name: str, *, public: bool, by: User) -> Project:
        project = Project(self.site.new_id("project"), key.upper(), name, public)
        self.site.projects[project.id] = project
        self.tell.project("project_created", project, by=by)
        return project

    def create(
        self,
        project: Project,
        summary: str,
        *,
        by: User,
        kind: Named,
        description: str = "",
        number: int | None = None,
        parent: Issue | None = None,
    ) -> Issue:
        """`number` asks for a key: 9 for `KS-9`. Raises ValueError where that key is taken."""
        site = self.site
        number = number or project.last_number + 1
        key = f"{project.key}-{number}"
        if any(issue.key == key for issue in site.issues.values()):
            raise ValueError(f"{key} is taken.")
        project.last_number = max(project.last_number, number)
        ident, now = site.new_id("issue"), site.now()
        site.will_change(ident)
        status = site.status_of("new")
        issue = Issue(ident, key, project.id, kind, summary, description, status, by, now, now, now)
        issue.parent_id = parent.id if parent else None
        site.issues[ident] = issue
        self.tell.issue("jira:issue_created", issue, by=by, kind="issue_created")
        return issue

    def split(self, issue: Issue, into: Sequence[str], *, by: User) -> list[Issue]:
        """New issues beside this one, linked "split to"; this one stays as it is, with the rest."""
        project = self.site.projects[issue.project_id]
        kind = self.site.link_type("Issue split")
        parts = [self.create(project, summary, by=by, kind=issue.type) for summary in into]
        for part in parts:
            self.link(kind, issue, part, by=by)
        return parts

    def edit(
        self,
        issue: Issue,
        *,
        by: User,
        summary: str | None = None,
        description: str | None = None,
        components: list[str] | None = None,
        labels: list[str] | None = None,
    ) -> None:
        items = []
        if labels is not None and labels != issue.labels:
            items.append(item("labels", (None, " ".join(issue.labels)), (None, " ".join(labels))))
        if components is not None and components != issue.components:
            items.append(
                item("Component", (None, ", ".join(issue.components)), (None, ", ".join(components)))
            )
        if summary is not None and summary != issue.summary:
            items.append(item("summary", (None, issue.summary), (None, summary)))
        if description is not None and description != issue.description:
            items.append(item("description", (None, issue.description), (None, description)))
        if not items:
            return
        self.site.will_change(issue)
        issue.components = issue.components if components is None else components
        issue.labels = issue.labels if labels is None else labels
        issue.summary = issue.summary if summary is None else summary
        issue.description = issue.description if description is None else description
        self._update(issue, items, by=by, kind="issue_updated")

    def transition(self, issue: Issue, to: Status, resolution: Named | None, *, by: User) -> None:
        """Into a status. Leaving `done` takes the resolution away, as Jira's workflows do."""
        if to.category != "done":
            resolution = None
        before, was = issue.status, issue.resolution
        if to == before and resolution == was:
            return
        self.site.will_change(issue)
        items = []
        if to != before:
            items.append(item("status", (before.id, before.name), (to.id, to.name)))
        if resolution != was:
            items.append(item("resolution", _pair(was), _pair(resolution)))
        issue.status, issue.resolution = to, resolution
        at = self._record(issue, items, by=by)
        if to.category != before.category:
            issue.category_at = at
        if resolution != was:
            issue.resolved_at = at if resolution else None
        self._tell_update(issue, by=by, kind=_kind(before, to, resolution))

    def link(self, kind: LinkType, source: Issue, destination: Issue, *, by: User) -> Link:
        """Jira answers a link that is already there with success and makes no second one."""
        for link in self.site.links.values():
            if (link.type, link.source, link.destination) == (kind, source.id, destination.id):
                return link
        link = Link(self.site.new_id("link"), kind, source.id, destination.id)
        self.site.will_change(source)
        self.site.will_change(destination)
        self.site.links[link.id] = link
        self._note_link(link, added=True, by=by)
        self.tell.link("issuelink_created", link)
        return link

    def unlink(self, link: Link, *, by: User) -> None:
        for end in (link.source, link.destination):
            self.site.will_change(self.site.issues[end])
        del self.site.links[link.id]
        self._note_link(link, added=False, by=by)
        self.tell.link("issuelink_deleted", link)

    def _note_link(self, link: Link, *, added: bool, by: User) -> None:
        source, destination = self.site.issues[link.source], self.site.issues[link.destination]
        for issue, words, other in (
            (source, link.type.outward, destination),
            (destination, link.type.inward, source),
        ):
            side = (other.key, f"This issue {words} {other.key}")
            change = item("Link", (None, None), side) if added else item("Link", side, (None, None))
            self._record(issue, [change], by=by)

    def move(self, issue: Issue, project: Project, *, by: User) -> None:
        """Another project, another key, the same id; the old key goes on resolving."""
        old_project, old_key = self.site.projects[issue.project_id], issue.key
        project.last_number += 1
        self.site.will_change(issue)
        issue.project_id, issue.key = project.id, f"{project.key}-{project.last_number}"
        self.site.former_issue_keys[old_key] = issue.id
        items = [
            item("project", (old_project.id, old_project.name), (project.id, project.name)),
            item("Key", (None, old_key), (None, issue.key)),
        ]
        if issue.version_ids:
            issue.version_ids = []
        self._update(issue, items, by=by, kind="issue_moved")

    def set_parent(self, issue: Issue, parent: Issue | None, *, by: User) -> None:
        """Under another issue, or under none. Only the child says so: no parent's `updated` moves."""
        if issue.parent_id == (parent.id if parent else None):
            return
        former = self.site.issues.get(issue.parent_id or "")
        self.site.will_change(issue)
        issue.parent_id = parent.id if parent else None
        change = item("IssueParentAssociation", _named(former), _named(parent))
        self._update(issue, [change], by=by, kind="issue_updated")

    def rename_project(self, project: Project, key: str, *, by: User) -> None:
        """All keys change; no issue says so, only `project_updated`."""
        project.former_keys.append(project.key)
        project.key = key.upper()
        for issue in self.site.issues.values():
            if issue.project_id == project.id:
                self.site.former_issue_keys[issue.key] = issue.id
                issue.key = f"{project.key}-{issue.key.rpartition('-')[2]}"
        self.tell.project("project_updated", project, by=by)

    def delete(self, issue: Issue, *, by: User) -> None:
        """For good. The deletion is told first; its links' deletions follow as Secondary."""
        self.tell.issue("jira:issue_deleted", issue, by=by, kind="issue_deleted")
        for link in self.site.links_of(issue):
            del self.site.links[link.id]
            self.tell.link("issuelink_deleted", link, flow="Secondary")
        for child in self.site.subtasks_of(issue):
            self.delete(child, by=by)
        del self.site.issues[issue.id]
        self.site.deleted.add(issue.id)

    def add_version(self, project: Project, name: str) -> Version:
        version = Version(self.site.new_id("version"), name, project.id)
        self.site.versions[version.id] = version
        self.tell.version("jira:version_created", version)
        return version

    def fix_versions(self, issue: Issue, versions: Sequence[Version], *, by: User) -> None:
        """One changelog item per version added or taken away."""
        wanted = [version.id for version in versions]
        named = self.site.versions
        gone = [i for i in issue.version_ids if i not in wanted]
        new = [i for i in wanted if i not in issue.version_ids]
        items = [item("Fix Version", (i, named[i].name), (None, None)) for i in gone]
        items += [item("Fix Version", (None, None), (i, named[i].name)) for i in new]
        if not items:
            return
        self.site.will_change(issue)
        issue.version_ids = wanted
        self._update(issue, items, by=by, kind="issue_updated")

    def release(self, version: Version, *, released: bool) -> None:
        """Touches no issue's `updated`."""
        if version.released == released:
            return
        version.released = released
        version.release_date = self.site.clock.now().date().isoformat() if released else None
        self.tell.version("jira:version_released" if released else "jira:version_unreleased", version)

    def set_property(self, issue: Issue, key: str, value: Any) -> bool:
        """True when it is new. Neither `updated` nor the changelog learn of it."""
        new = key not in issue.properties
        self.site.will_change(issue)
        issue.properties[key] = value
        issue.written_at[key] = self.site.clock.now()
        self.tell.property(issue, key)
        return new

    def _record(self, issue: Issue, items: list[dict[str, Any]], *, by: User) -> datetime:
        now = self.site.now()
        issue.updated = now
        issue.history.append(HistoryEntry(self.site.new_id("history"), now, by, items))
        return now

    def _update(self, issue: Issue, items: list[dict[str, Any]], *, by: User, kind: str) -> None:
        self._record(issue, items, by=by)
        self._tell_update(issue, by=by, kind=kind)

    def _tell_update(self, issue: Issue, *, by: User, kind: str) -> None:
        newest = issue.history[-1]
        self.tell.issue("jira:issue_updated", issue, by=by, kind=kind, change=(newest.id, newest.items))


def _named(issue: Issue | None) -> tuple[str | None, str | None]:
    return (issue.id, issue.key) if issue else (None, None)


def _pair(named: Named | None) -> tuple[str | None, str | None]:
    return (named.id, named.name) if named else (None, None)


def _kind(before: Status, to: Status, resolution: Named | None) -> str:
    if before.category == "done" and to.category != "done":
        return "issue_reopened"
    return "issue_resolved" if resolution else "issue_generic"
