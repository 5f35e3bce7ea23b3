"""`/crm/objects/2026-09/…`: batch read, list and search of contacts, companies and deals."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from sandbox.hubspot.answers import Refusal
from sandbox.hubspot.portal import Portal
from sandbox.hubspot.records import KINDS, Record, stamp
from sandbox.hubspot.searching import MOST_PER_PAGE, MOST_RESULTS, matching

MOST_INPUTS = 100


def blueprint(portal: Portal) -> Blueprint:
    """The three calls, for each kind of object."""
    api = Blueprint("objects", __name__, url_prefix="/crm/objects/2026-09/<kind>")

    @api.post("/batch/read")
    def batch_read(kind: str) -> ResponseReturnValue:
        with portal.lock:
            return _batch_read(portal, _kind(kind), _body("inputs", "properties", "propertiesWithHistory"))

    @api.get("")
    def listed(kind: str) -> ResponseReturnValue:
        with portal.lock:
            return _listed(portal, _kind(kind))

    @api.post("/search")
    def search(kind: str) -> ResponseReturnValue:
        with portal.lock:
            return _search(portal, _kind(kind), _body())

    return api


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise Refusal(404, f"Unable to infer object type from: {kind}")
    return kind


def _body(*required: str) -> Mapping[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Refusal(400, "Invalid input JSON on line 1, column 1")
    missing = [name for name in required if name not in body]
    if missing:
        raise Refusal(400, f"Invalid input JSON: some required fields were not set: {missing}")
    return body


def _batch_read(portal: Portal, kind: str, body: Mapping[str, Any]) -> ResponseReturnValue:
    inputs = [str(i["id"]) for i in body["inputs"]]
    if len(inputs) > MOST_INPUTS:
        raise Refusal(400, f"The maximum number of inputs supported in a batch request is {MOST_INPUTS}")
    found: dict[str, Record] = {}
    missing = []
    for ident in inputs:
        record = _by_property(portal, kind, ident, body.get("idProperty"))
        if record is None:
            missing.append(ident)
        else:
            found[record.id] = record
    results = [record.as_json(body["properties"]) for record in found.values()]
    portal.rng.shuffle(results)
    now = stamp(portal.clock.now())
    answer: dict[str, object] = {"status": "COMPLETE", "results": results}
    answer |= {"startedAt": now, "completedAt": now}
    if not missing:
        return answer, 200
    answer["numErrors"] = 1
    answer["errors"] = [
        {
            "status": "error",
            "category": "OBJECT_NOT_FOUND",
            "message": f"Could not get some {KINDS[kind].upper()} objects, they may be deleted or not exist.",
            "context": {"ids": missing},
        }
    ]
    return answer, 207


def _by_property(portal: Portal, kind: str, ident: str, name: str | None) -> Record | None:
    if name is None:
        return portal.get(kind, ident)
    if name != "email" or kind != "contacts":
        raise Refusal(400, f"{name} is not a unique property of {kind}.")
    for record in portal.live(kind):
        if (record.value("email") or "").lower() == ident.lower():
            return record
    return None


def _listed(portal: Portal, kind: str) -> ResponseReturnValue:
    limit = int(request.args.get("limit", 10))
    if not 1 <= limit <= 100:
        raise Refusal(400, "limit must be between 1 and 100")
    archived = request.args.get("archived", "").lower() == "true"
    wanted = request.args.get("properties", "").split(",")
    after = int(request.args.get("after", 0))
    rows = [r for r in portal.records[kind].values() if (r.archived_at is not None) == archived]
    rows = sorted((r for r in rows if int(r.id) >= after), key=lambda r: int(r.id))
    answer: dict[str, object] = {"results": [r.as_json(wanted) for r in rows[:limit]]}
    if len(rows) > limit:
        answer["paging"] = {"next": {"after": rows[limit].id, "link": f"{request.base_url}?after="}}
    return answer


def _search(portal: Portal, kind: str, body: Mapping[str, Any]) -> ResponseReturnValue:
    limit, after = int(body.get("limit") or 10), int(body.get("after") or 0)
    if limit > MOST_PER_PAGE:
        raise Refusal(400, f"limit must be at most {MOST_PER_PAGE}")
    if after + limit > MOST_RESULTS:
        raise Refusal(400, f"You can only page through the first {MOST_RESULTS} results.")
    found = matching(list(portal.live(kind)), body)
    page = found[after : after + limit]
    answer: dict[str, object] = {
        "total": len(found),
        "results": [r.as_json(body.get("properties") or []) for r in page],
    }
    if after + limit < len(found):
        answer["paging"] = {"next": {"after": str(after + limit)}}
    return answer
