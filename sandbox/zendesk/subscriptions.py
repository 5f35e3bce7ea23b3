"""What a webhook may subscribe to, and the call with which it is tried."""

import base64
import json
from typing import TYPE_CHECKING

import requests

from sandbox.zendesk.problems import bad_request
from sandbox.zendesk.records import Json
from sandbox.zendesk.shapes import iso

if TYPE_CHECKING:
    from sandbox.zendesk.outgoing import Outgoing, Webhook

BY_TRIGGER = "conditional_ticket_events"
"""The subscription of a webhook that triggers call; its body is the trigger's template, here only the id."""
PREFIX = "zen:event-type:"
TICKETS = """
    agent_assignment_changed attachment_linked_to_comment attachment_redacted_from_comment brand_changed
    comment_added comment_made_private comment_redacted created custom_field_changed custom_status_changed
    description_changed email_ccs_changed external_id_changed followers_changed form_changed
    group_assignment_changed marked_as_spam merged organization_changed permanently_deleted priority_changed
    problem_link_changed requester_changed soft_deleted status_changed subject_changed submitter_changed
    tags_changed type_changed undeleted
"""
USERS = """
    active_changed alias_changed created custom_field_changed custom_role_changed default_group_changed
    deleted details_changed external_id_changed group_membership_created group_membership_deleted
    identity_changed identity_created identity_deleted last_login_changed merged name_changed notes_changed
    only_private_comments_changed organization_membership_created organization_membership_deleted
    password_changed photo_changed role_changed suspended_changed tags_changed time_zone_changed
"""
ORGANIZATIONS = "created custom_field_changed deleted external_id_changed name_changed tags_changed"
POSTS = """
    changed comment_changed comment_created comment_published comment_unpublished comment_vote_changed
    comment_vote_created created published subscription_created unpublished
    vote_changed vote_created vote_removed
"""
KNOWN = frozenset(
    f"{PREFIX}{family}.{what}"
    for family, names in (
        ("ticket", TICKETS), ("user", USERS), ("organization", ORGANIZATIONS), ("community_post", POSTS)
    )
    for what in names.split()
)  # fmt: skip
"""Of the families that we know from the documentation; there are more over there."""
PUBLIC_SECRET = base64.b64encode(b"this_secret_is_for_testing_only").decode()
"""With this a webhook that is not saved yet is tried; everybody knows it."""
PATIENCE_S = 12.0


def checked(wanted: Json, before: list[str] | None = None) -> list[str]:
    """The subscriptions that were given. Raises Problem 400 for an event that there is not, for both kinds
    at once, and for a webhook that is to become one of the other kind.
    """
    given = [str(one) for one in wanted.get("subscriptions") or []]
    strangers = [one for one in given if one != BY_TRIGGER and one not in KNOWN]
    if strangers:
        raise bad_request("InvalidWebhook", f"subscriptions: {strangers[0]} is not supported")
    if BY_TRIGGER in given and len(given) > 1:
        raise bad_request("InvalidWebhook", f"subscriptions: {BY_TRIGGER} cannot be mixed with others")
    if before and (BY_TRIGGER in before) != (BY_TRIGGER in given):
        raise bad_request("InvalidWebhook", "subscriptions: the kind of a webhook cannot be changed")
    by_events = bool(given) and BY_TRIGGER not in given
    if by_events and (wanted.get("http_method"), wanted.get("request_format")) != ("POST", "json"):
        raise bad_request("InvalidWebhook", "Zendesk events need http_method POST and request_format json")
    return given


def tried(outgoing: "Outgoing", webhook: "Webhook | None", given: Json) -> Json:
    """One call now, and what was answered; `given` goes before what a saved webhook says."""
    saved = webhook.shown if webhook is not None else {}
    about = {**{name: saved.get(name) for name in ("endpoint", "http_method")}, **given}
    if not about.get("endpoint"):
        raise bad_request("InvalidWebhook", "missing: endpoint")
    body = str(
        given.get("payload") or json.dumps({"current_time": iso(outgoing.account.clock.now())})
    ).encode()
    secret = webhook.secret if webhook is not None else PUBLIC_SECRET
    headers = outgoing.signed(secret, body, webhook.id if webhook is not None else "")
    try:
        method, endpoint = str(about.get("http_method") or "POST"), str(about["endpoint"])
        answer = requests.request(
            method, endpoint, data=body, headers=headers, timeout=PATIENCE_S, allow_redirects=False
        )
    except requests.RequestException as trouble:
        return {"headers": [], "payload": f"{type(trouble).__name__}", "status": 0}
    told = [{"key": name, "value": value} for name, value in answer.headers.items()]
    return {"headers": told, "payload": answer.text[:1000], "status": answer.status_code}
