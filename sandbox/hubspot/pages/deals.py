"""`/`: companies and their deals, with a form on each deal to change its amount and stage."""

from decimal import Decimal, InvalidOperation
from pathlib import Path

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from sandbox.hubspot.portal import STAGES, Portal
from sandbox.hubspot.records import Record


def blueprint(portal: Portal) -> Blueprint:
    """The page and its form."""
    pages = Blueprint("deals", __name__, template_folder=str(Path(__file__).parent))

    @pages.get("/")
    def show() -> ResponseReturnValue:
        with portal.lock:
            companies = [(company, _deals(portal, company)) for company in portal.live("companies")]
            return render_template(
                "deals.html", companies=companies, stages=STAGES, home=portal.currency, problem=""
            )

    @pages.post("/deals/<ident>")
    def change(ident: str) -> ResponseReturnValue:
        amount, stage = request.form.get("amount", ""), request.form.get("dealstage", "")
        if not _is_amount(amount) or stage not in STAGES or portal.get("deals", ident) is None:
            return render_template("deals.html", companies=[], problem=f"Not a deal's value: {amount!r}"), 422
        portal.change("deals", ident, {"amount": amount, "dealstage": stage})
        return redirect("/")

    return pages


def _deals(portal: Portal, company: Record) -> list[Record]:
    ids = sorted(portal.links.of("companies", company.id, "deals"), key=int)
    return [deal for ident in ids if (deal := portal.get("deals", ident)) is not None]


def _is_amount(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False
