"""The JSON that Jira Cloud gives for what a site holds: REST v3, and v2 where text is plain (webhooks)."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sandbox.jira.documents import document
from sandbox.jira.state import HISTORY_SHOWN, HistoryEntry, Issue, Link, Project, Site, Version
from sandbox.jira.words import CATEGORIES, LinkType, Named, Status, User

Json: TypeAlias = dict[str, Any]


def stamp(site: Site, at: datetime) -> str:
    """`2026-11-23T10:00:00.000+0000`, in the time zone of the profile that reads."""
    zone = datetime.strptime(site.utc_offset, "%z").tzinfo
    local = at.astimezone(zone)
    return local.strftime("%Y-%m-%dT%H:%M:%S.") + f"{local.microsecond // 1000:03d}" + local.strftime("%z")


def user(site: Site, of: User, *, email: bool = True) -> Json:
    """Webhooks carry no e-mail address."""
    shown = {
        "self": f"{site.url}/rest/api/3/user?accountId={of.account_id}",
        "accountId": of.account_id,
        "accountType": "atlassian",
        "active": True,
        "displayName": of.name,
        "timeZone": "Etc/UTC",
    }
    return {**shown, "emailAddress": of.email} if email else shown


def status(site: Site, of: Status) -> Json:
    number, colour, name = CATEGORIES[of.category]
    return {
        "self": f"{site.url}/rest/api/3/status/{of.id}",
        "description": "",
        "iconUrl": f"{site.url}/",
        "name": of.name,
        "id": of.id,
        "statusCategory": {
            "self": f"{site.url}/rest/api/3/statuscategory/{number}",
            "id": number,
            "key": of.category,
            "colorName": colour,
            "name": name,
        },
    }


def issue_type(site: Site, of: Named) -> Json:
    subtask = of.name == "Sub-task"
    return {
        "self": f"{site.url}/rest/api/3/issuetype/{of.id}",
        "id": of.id,
        "description": "",
        "iconUrl": f"{site.url}/",
        "name": of.name,
        "subtask": subtask,
        "hierarchyLevel": -1 if subtask else 1 if of.name == "Epic" else 0,
    }


def project(site: Site, of: Project) -> Json:
    return {
        "self": f"{site.url}/rest/api/3/project/{of.id}",
        "id": of.id,
        "key": of.key,
        "name": of.name,
        "projectTypeKey": "software",
        "simplified": False,
        "style": "classic",
        "isPrivate": False,
    }


def resolution(site: Site, of: Named) -> Json:
    return {
        "self": f"{site.url}/rest/api/3/resolution/{of.id}",
        "id": of.id,
        "name": of.name,
        "description": "",
    }


def version(site: Site, of: Version) -> Json:
    """As `GET /version/{id}` and the webhooks give it; `fields.fixVersions` has no projectId."""
    shown = {
        "self": f"{site.url}/rest/api/3/version/{of.id}",
        "id": of.id,
        "name": of.name,
        "archived": False,
        "released": of.released,
        "projectId": int(of.project_id),
    }
    return {**shown, "releaseDate": of.release_date} if of.release_date else shown


def link_type(site: Site, of: LinkType) -> Json:
    return {
        "id": of.id,
        "name": of.name,
        "inward": of.inward,
        "outward": of.outward,
        "self": f"{site.url}/rest/api/3/issueLinkType/{of.id}",
    }


def stub(site: Site, of: Issue) -> Json:
    """An issue as another one's link, parent or sub-task shows it."""
    return {
        "id": of.id,
        "key": of.key,
        "self": f"{site.url}/rest/api/3/issue/{of.id}",
        "fields": {
            "summary": of.summary,
            "status": status(site, of.status),
            "issuetype": issue_type(site, of.type),
        },
    }


def link(site: Site, of: Link, *, seen_from: Issue | None) -> Json:
    """From one end only the other end shows; from nowhere (`GET /issueLink/{id}`) both do."""
    shown: Json = {
        "id": of.id,
        "self": f"{site.url}/rest/api/3/issueLink/{of.id}",
        "type": link_type(site, of.type),
    }
    if seen_from is None or seen_from.id == of.destination:
        shown["inwardIssue"] = stub(site, site.issue(of.source))
    if seen_from is None or seen_from.id == of.source:
        shown["outwardIssue"] = stub(site, site.issue(of.destination))
    return shown


def history(site: Site, entries: Sequence[HistoryEntry]) -> Json:
    """`changelog` of an expanded issue: the newest first, no more than the latest 40."""
    newest = list(reversed(entries))[:HISTORY_SHOWN]
    return {
        "startAt": 0,
        "maxResults": len(newest),
        "total": len(entries),
        "histories": [
            {
                "id": entry.id,
                "author": user(site, entry.author),
                "created": stamp(site, entry.at),
                "items": entry.items,
            }
            for entry in newest
        ],
    }


def fields(site: Site, of: Issue, *, api: int) -> Json:
    """Every field of an issue. Version 2 of the API has plain text where 3 has documents."""
    plain = of.description if api == 2 else document(of.description)
    shown: Json = {
        "summary": of.summary,
        "description": plain if of.description else None,
        "issuetype": issue_type(site, of.type),
        "project": project(site, site.projects[of.project_id]),
        "status": status(site, of.status),
        "statuscategorychangedate": stamp(site, of.category_at),
        "resolution": resolution(site, of.resolution) if of.resolution else None,
        "resolutiondate": stamp(site, of.resolved_at) if of.resolved_at else None,
        "fixVersions": [_fix_version(site, ident) for ident in of.version_ids],
        "components": [{"id": str(90_000 + place), "name": name} for place, name in enumerate(of.components)],
        "labels": list(of.labels),
        "issuelinks": [link(site, one, seen_from=of) for one in site.links_of(of)],
        "subtasks": [stub(site, child) for child in site.subtasks_of(of)],
        "creator": user(site, of.creator, email=api == 3),
        "reporter": user(site, of.creator, email=api == 3),
        "assignee": None,
        "created": stamp(site, of.created),
        "updated": stamp(site, of.updated),
    }
    if of.parent_id:
        shown["parent"] = stub(site, site.issue(of.parent_id))
    return shown


def _fix_version(site: Site, ident: str) -> Json:
    shown = version(site, site.versions[ident])
    del shown["projectId"]
    return shown


def issue(
    site: Site,
    of: Issue,
    *,
    api: int = 3,
    keep: Callable[[str], bool] = lambda name: True,
    changelog: bool = False,
    properties: Iterable[str] = (),
) -> Json:
    """One issue as GET, bulk fetch and search give it."""
    shown: Json = {
        "expand": "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations",
        "id": of.id,
        "self": f"{site.url}/rest/api/{api}/issue/{of.id}",
        "key": of.key,
        "fields": {name: value for name, value in fields(site, of, api=api).items() if keep(name)},
    }
    if changelog:
        shown["changelog"] = history(site, of.history)
    asked = [key for key in properties if key]
    if asked:
        shown["properties"] = {key: of.properties[key] for key in asked if key in of.properties}
    return shown


def chosen(names: Sequence[str], default: str) -> Callable[[str], bool]:
    """Which fields a `fields` parameter asks for: names, `*all`, `*navigable`, and `-name` to leave out."""
    asked = [name for part in names for name in part.split(",") if name] or [default]
    left_out = {name[1:] for name in asked if name.startswith("-")}
    put_in = {name for name in asked if not name.startswith("-")} or {default}
    everything = bool(put_in & {"*all", "*navigable"})
    return lambda name: name not in left_out and (everything or name in put_in)
