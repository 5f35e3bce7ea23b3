"""Associations (paged for each input by itself), the deal pipeline, and the account's own details."""

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from sandbox.hubspot.answers import Refusal
from sandbox.hubspot.portal import STAGES, Portal
from sandbox.hubspot.records import KINDS, TYPE_IDS, stamp

MOST_INPUTS = 1000


def blueprint(portal: Portal, *, page: int) -> Blueprint:
    """`page` is how many associations of one record fit into an answer (HubSpot: 500)."""
    api = Blueprint("relations", __name__)

    @api.post("/crm/associations/2026-09/<one>/<other>/batch/read")
    def associations(one: str, other: str) -> ResponseReturnValue:
        if (one, other) not in TYPE_IDS:
            raise Refusal(400, f"No association types between {one} and {other}.")
        inputs = (request.get_json(silent=True) or {}).get("inputs")
        if not isinstance(inputs, list) or len(inputs) > MOST_INPUTS:
            raise Refusal(400, f"inputs must be a list of at most {MOST_INPUTS}")
        with portal.lock:
            return _associations(portal, one, other, inputs, page=page)

    @api.get("/crm/pipelines/2026-09/deals")
    def pipelines() -> ResponseReturnValue:
        return {"results": [_pipeline(portal)]}

    @api.get("/account-info/2026-03/details")
    def details() -> ResponseReturnValue:
        return {
            "portalId": portal_id(portal),
            "accountType": "STANDARD",
            "timeZone": "UTC",
            "companyCurrency": portal.currency,
            "additionalCurrencies": sorted(portal.rates),
            "utcOffset": "+00:00",
            "utcOffsetMilliseconds": 0,
            "uiDomain": "app.hubspot.com",
            "dataHostingLocation": "na1",
        }

    return api


def portal_id(portal: Portal) -> int:
    """A number of this portal's own, for webhooks and details."""
    return 40_000_000 + sum(map(ord, portal.currency))


def _associations(
    portal: Portal, one: str, other: str, inputs: list[dict[str, Any]], *, page: int
) -> ResponseReturnValue:
    plain, primary = TYPE_IDS[one, other]
    results, missing = [], []
    for given in inputs:
        record = portal.get(one, str(given["id"]))
        ties = portal.links.of(one, record.id, other) if record else {}
        ids = sorted((i for i in ties if portal.get(other, i)), key=int)
        if record is None or not ids:
            missing.append(str(given["id"]))
            continue
        start = int(given.get("after") or 0)
        row: dict[str, object] = {"from": {"id": record.id}, "to": []}
        row["to"] = [
            {"toObjectId": int(i), "associationTypes": _types(plain, primary if ties[i] else None)}
            for i in ids[start : start + page]
        ]
        if start + page < len(ids):
            row["paging"] = {"next": {"after": str(start + page), "link": request.base_url}}
        results.append(row)
    portal.rng.shuffle(results)
    now = stamp(portal.clock.now())
    answer: dict[str, object] = {"status": "COMPLETE", "results": results}
    answer |= {"startedAt": now, "completedAt": now}
    if not missing:
        return answer
    message = f"No {KINDS[other]} is associated with {KINDS[one]} "
    answer["numErrors"] = len(missing)
    answer["errors"] = [
        {
            "status": "error",
            "category": "OBJECT_NOT_FOUND",
            "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
            "message": f"{message}{ident}.",
            "context": {"fromObjectId": [ident]},
        }
        for ident in missing
    ]
    return answer, 207


def _types(plain: int, primary: int | None) -> list[dict[str, object]]:
    types: list[dict[str, object]] = [{"category": "HUBSPOT_DEFINED", "typeId": plain, "label": None}]
    if primary is not None:
        types.insert(0, {"category": "HUBSPOT_DEFINED", "typeId": primary, "label": "Primary"})
    return types


def _pipeline(portal: Portal) -> dict[str, object]:
    since = stamp(portal.clock.now().replace(year=2020, month=1, day=1))
    stages = [
        {
            "id": ident,
            "label": label,
            "displayOrder": order,
            "metadata": {"isClosed": str(ident.startswith("closed")).lower(), "probability": chance},
            "createdAt": since,
            "updatedAt": since,
            "archived": False,
        }
        for order, (ident, (label, chance)) in enumerate(STAGES.items())
    ]
    return {
        "id": "default",
        "label": "Sales pipeline",
        "displayOrder": 0,
        "stages": stages,
        "createdAt": since,
        "updatedAt": since,
        "archived": False,
    }
