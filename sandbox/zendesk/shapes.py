"""Records as the API's JSON. Keys and types follow the vendor's API description."""

from datetime import datetime

from sandbox.zendesk.records import Audit, CustomRole, Group, Identity, Json, Organization, Ticket, User


def iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def ticket_json(ticket: Ticket, base: str) -> Json:
    return {
        "url": f"{base}/api/v2/tickets/{ticket.id}.json",
        "id": ticket.id,
        "external_id": ticket.external_id,
        "via": ticket.via,
        "created_at": iso(ticket.created),
        "updated_at": iso(ticket.updated),
        "generated_timestamp": int(ticket.generated.timestamp()),
        "type": ticket.type,
        "subject": ticket.subject,
        "raw_subject": ticket.subject,
        "description": ticket.description,
        "priority": ticket.priority,
        "status": "deleted" if ticket.deleted_at else ticket.status,
        "recipient": None,
        "requester_id": ticket.requester_id,
        "submitter_id": ticket.submitter_id,
        "assignee_id": ticket.assignee_id,
        "organization_id": ticket.organization_id,
        "group_id": ticket.group_id,
        "collaborator_ids": ticket.collaborator_ids,
        "follower_ids": [],
        "email_cc_ids": ticket.collaborator_ids,
        "forum_topic_id": None,
        "problem_id": ticket.problem_id,
        "has_incidents": False,
        "is_public": ticket.is_public,
        "due_at": None,
        "tags": ticket.tags,
        "custom_fields": [],
        "satisfaction_rating": {"score": "unoffered"},
        "sharing_agreement_ids": list(ticket.sharing_agreement_ids),
        "custom_status_id": 1_900_000,
        "encoded_id": f"{ticket.id:06X}",
        "fields": [],
        "followup_ids": ticket.followup_ids,
        "brand_id": ticket.brand_id,
        "allow_channelback": False,
        "allow_attachments": True,
        "from_messaging_channel": ticket.from_messaging_channel,
    }


def user_json(user: User, base: str) -> Json:
    primary = next((one for one in user.identities if one.primary), None)
    return {
        "id": user.id,
        "url": f"{base}/api/v2/users/{user.id}.json",
        "name": user.name,
        "email": user.email,
        "created_at": iso(user.created),
        "updated_at": iso(user.updated),
        "time_zone": "UTC",
        "iana_time_zone": "Etc/UTC",
        "phone": None,
        "shared_phone_number": None,
        "photo": None,
        "locale_id": 1,
        "locale": user.locale,
        "organization_id": user.organization_id,
        "role": user.role,
        "verified": bool(primary and primary.verified),
        "external_id": user.external_id,
        "tags": [],
        "alias": "",
        "active": user.active,
        "shared": False,
        "shared_agent": False,
        "last_login_at": None,
        "two_factor_auth_enabled": None,
        "signature": "",
        "details": "",
        "notes": "",
        "role_type": {"agent": 0, "admin": 4}.get(user.role),
        "custom_role_id": user.custom_role_id,
        "moderator": user.staff,
        "ticket_restriction": user.ticket_restriction if user.staff else "requested",
        "only_private_comments": False,
        "restricted_agent": not user.staff or user.ticket_restriction is not None,
        "suspended": user.suspended,
        "default_group_id": user.group_ids[0] if user.group_ids else None,
        "report_csv": False,
        "user_fields": {},
    }


def identity_json(identity: Identity, user: User, base: str) -> Json:
    return {
        "url": f"{base}/api/v2/users/{user.id}/identities/{identity.id}.json",
        "id": identity.id,
        "user_id": user.id,
        "type": identity.type,
        "value": identity.value,
        "verified": identity.verified,
        "primary": identity.primary,
        "created_at": iso(identity.created),
        "updated_at": iso(identity.created),
        "verified_at": iso(identity.created) if identity.verified else None,
        "verification_method": "low" if identity.verified else "none",
        "undeliverable_count": 0,
        "deliverable_state": "deliverable",
    }


def organization_json(organization: Organization, base: str) -> Json:
    return {
        "url": f"{base}/api/v2/organizations/{organization.id}.json",
        "id": organization.id,
        "name": organization.name,
        "shared_tickets": False,
        "shared_comments": False,
        "external_id": None,
        "created_at": iso(organization.created),
        "updated_at": iso(organization.created),
        "domain_names": organization.domain_names,
        "details": None,
        "notes": None,
        "group_id": None,
        "tags": [],
        "organization_fields": {},
    }


def group_json(group: Group, base: str) -> Json:
    return {
        "url": f"{base}/api/v2/groups/{group.id}.json",
        "id": group.id,
        "is_public": True,
        "name": group.name,
        "description": "",
        "default": False,
        "deleted": group.deleted,
        "created_at": iso(group.created),
        "updated_at": iso(group.created),
    }


def role_json(role: CustomRole) -> Json:
    return {
        "id": role.id,
        "name": role.name,
        "description": "",
        "role_type": 0,
        "created_at": iso(role.created),
        "updated_at": iso(role.created),
        "configuration": {"ticket_access": role.ticket_access},
    }


def metadata(custom: Json) -> Json:
    system = {"client": None, "ip_address": None, "location": None, "latitude": None, "longitude": None}
    return {"system": system, "custom": custom}


def audit_json(audit: Audit) -> Json:
    return {
        "id": audit.id,
        "ticket_id": audit.ticket_id,
        "created_at": iso(audit.created),
        "author_id": audit.author_id,
        "metadata": metadata(audit.custom),
        "events": audit.events,
        "via": audit.via,
    }


def comment_json(audit: Audit, event: Json) -> Json:
    more = {"via": audit.via, "created_at": iso(audit.created), "metadata": metadata(audit.custom)}
    return {**event, **more}


def ticket_detail(ticket: Ticket, *, actor_id: int) -> Json:
    """A ticket as webhook events tell it: ids are text and "0" where there is none, the status is shouted."""
    ids = ("id", "requester_id", "submitter_id", "assignee_id", "organization_id", "group_id")
    return {
        **{name: str(getattr(ticket, name) or 0) for name in ids},
        "actor_id": str(actor_id),
        "brand_id": str(ticket.brand_id),
        "form_id": "0",
        "subject": ticket.subject,
        "description": ticket.description,
        "status": "DELETED" if ticket.deleted_at else ticket.status.upper(),
        "custom_status": "1900000",
        "priority": ticket.priority.upper() if ticket.priority else None,
        "type": ticket.type.upper() if ticket.type else None,
        "external_id": ticket.external_id,
        "is_public": ticket.is_public,
        "tags": ticket.tags,
        "via": {"channel": {"api": "web_service"}.get(ticket.via["channel"], ticket.via["channel"])},
        "created_at": iso(ticket.created),
        "updated_at": iso(ticket.updated),
    }
