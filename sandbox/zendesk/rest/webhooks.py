"""Webhooks: make, change, look at what was delivered."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from sandbox.zendesk.outgoing import REQUIRED, Invocation, Outgoing, Webhook, create_webhook
from sandbox.zendesk.problems import bad_request, missing
from sandbox.zendesk.records import Json
from sandbox.zendesk.rest.here import account, actor, admins_only, base, cursor_page, given, page, vendor
from sandbox.zendesk.shapes import iso
from sandbox.zendesk.subscriptions import checked, tried

routes = Blueprint("zendesk_webhooks", __name__, url_prefix="/api/v2/webhooks")
routes.before_request(admins_only)


def outgoing() -> Outgoing:
    return vendor().outgoing


def found(ident: str) -> Webhook:
    """Raises Problem 404."""
    if ident not in outgoing().webhooks:
        raise missing()
    return outgoing().webhooks[ident]


def shown(webhook: Webhook) -> Json:
    return {**webhook.shown, "url": f"{base()}/api/v2/webhooks/{webhook.id}"}


@routes.get("")
def index() -> ResponseReturnValue:
    hooks = [shown(one) for one in outgoing().webhooks.values()]
    if "page[size]" in request.args:
        return jsonify(cursor_page("webhooks", hooks))
    meta = {"has_more": False, "after_cursor": None, "before_cursor": None}
    return jsonify(webhooks=hooks, links={"next": None, "prev": None}, meta=meta)


@routes.post("")
def create() -> ResponseReturnValue:
    return jsonify(webhook=shown(create_webhook(outgoing(), given("webhook"), by=actor().id))), 201


@routes.get("/<ident>")
def show(ident: str) -> ResponseReturnValue:
    return jsonify(webhook=shown(found(ident)))


@routes.route("/<ident>", methods=["PUT", "PATCH"])
def change(ident: str) -> ResponseReturnValue:
    """PUT gives the whole webhook, PATCH what is to be another. The kind stays."""
    webhook, wanted = found(ident), given("webhook")
    if request.method == "PUT" and (lacking := [name for name in REQUIRED if not wanted.get(name)]):
        raise bad_request("InvalidWebhook", f"missing: {', '.join(lacking)}")
    known = {name: wanted[name] for name in (*REQUIRED, "subscriptions") if name in wanted}
    checked({**webhook.shown, **known}, before=webhook.shown["subscriptions"])
    webhook.shown.update(known, updated_at=iso(account().clock.now()))
    return "", 204


@routes.post("/test")
def test() -> ResponseReturnValue:
    """Calls a webhook now, saved (`webhook_id`) or not. Others come in meanwhile."""
    ident, wanted = request.args.get("webhook_id"), given("request")
    webhook = found(ident) if ident else None
    account().lock.release()  # held by the request; whoever is called may ask us something
    try:
        return jsonify(response=tried(outgoing(), webhook, wanted))
    finally:
        account().lock.acquire()


@routes.delete("/<ident>")
def delete(ident: str) -> ResponseReturnValue:
    del outgoing().webhooks[found(ident).id]
    return "", 204


@routes.route("/<ident>/signing_secret", methods=["GET", "POST"])
def signing_secret(ident: str) -> ResponseReturnValue:
    """POST makes a new one."""
    webhook = found(ident)
    if request.method == "POST":
        webhook.secret = outgoing().new_secret()
    status = 201 if request.method == "POST" else 200
    return jsonify(signing_secret={"algorithm": "SHA256", "secret": webhook.secret}), status


@routes.get("/<ident>/invocations")
def invocations(ident: str) -> ResponseReturnValue:
    newest_first = reversed(found(ident).invocations)
    every = [invocation_json(one) for one in newest_first]
    if "page[size]" in request.args:
        return jsonify(cursor_page("invocations", every))
    meta = {"has_more": False, "after_cursor": None, "before_cursor": None}
    return jsonify({**page("invocations", every), "links": {"next": None, "prev": None}, "meta": meta})


def invocation_json(invocation: Invocation) -> Json:
    statuses = outgoing().statuses(invocation)
    last = statuses[-1] if statuses else None
    state = "in progress" if not statuses else "success" if str(last).startswith("2") else "terminated"
    return {
        "id": invocation.id,
        "latest_completed_at": iso(invocation.at),
        "status": state,
        "status_code": last,
    }


@routes.get("/<ident>/invocations/<which>/attempts")
def attempts(ident: str, which: str) -> ResponseReturnValue:
    webhook = found(ident)
    for invocation in webhook.invocations:
        if invocation.id == which:
            return jsonify(attempts=attempts_json(webhook, invocation))
    raise missing()


def attempts_json(webhook: Webhook, invocation: Invocation) -> list[Json]:
    asked = {"url": webhook.shown["endpoint"], "payload": invocation.body.decode(), "headers": []}
    told = []
    for number, status in enumerate(outgoing().statuses(invocation)):
        answered: Json = {"headers": [], "payload": "", "status": status}
        about = {"id": f"{invocation.id}-{number}", "invocation_id": invocation.id}
        told.append({**about, "completed_at": iso(invocation.at), "request": asked, "response": answered})
    return told
