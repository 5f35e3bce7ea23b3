"""Who may do what: asked by Jira's administrators and apps about others, by everybody about themselves."""

from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from sandbox.jira.backend import Backend
from sandbox.jira.rest import asked
from sandbox.jira.rest.errors import Problem
from sandbox.jira.rest.identity import caller, is_app


def add(api: Blueprint, backend: Backend) -> None:
    site = backend.site

    @api.post("/permissions/check")
    def check() -> ResponseReturnValue:
        by, sent = caller(), asked.body()
        account = str(sent.get("accountId") or by.account_id)
        if account != by.account_id and site.no_admin and not is_app():
            raise Problem(403, "Only Jira administrators can perform this operation.")
        wanted = sent.get("projectPermissions") or []
        if any(not one.get("permissions") for one in wanted):
            raise Problem(400, "At least one project permission must be given.")
        granted = [
            {"permission": permission, "issues": _granted(backend, account, permission, one), "projects": []}
            for one in wanted
            for permission in one["permissions"]
        ]
        everywhere = [one for one in sent.get("globalPermissions") or [] if _has(backend, account, one)]
        return jsonify({"globalPermissions": everywhere, "projectPermissions": granted})


def _has(backend: Backend, account: str, permission: str) -> bool:
    site = backend.site
    known = any(account == one.account_id for one in site.users)
    return known and permission not in site.denied and (account, permission) not in site.forbidden


def _granted(backend: Backend, account: str, permission: str, wanted: dict[str, Any]) -> list[int]:
    """Of these issues, those that are there and may be seen by this account, with this permission."""
    site = backend.site
    if not _has(backend, account, permission):
        return []
    there = [int(one) for one in wanted.get("issues") or [] if str(one) in site.issues]
    withheld = site.hidden | (site.uneditable if permission == "EDIT_ISSUES" else set())
    return [one for one in there if (account, str(one)) not in withheld]
