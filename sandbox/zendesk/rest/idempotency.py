"""`Idempotency-Key` on `POST /tickets`: kept two hours; another body under the same key is refused."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from sandbox.zendesk.problems import bad_request
from sandbox.zendesk.records import Json
from sandbox.zendesk.rest.here import account, vendor

KEPT = timedelta(hours=2)
LONGEST = 255


@dataclass
class Kept:
    """What was asked under a key, and what was answered; no answer yet: still under way."""

    digest: str
    at: datetime
    answer: tuple[int, Json] | None = None


def once(create: Callable[[], tuple[int, Json]]) -> ResponseReturnValue:
    """Create, or repeat the answer of the first time. Raises Problem 400 and 409."""
    key = request.headers.get("Idempotency-Key")
    if not key:
        status, body = create()
        return jsonify(body), status
    if len(key) > LONGEST:
        raise bad_request("InvalidIdempotencyKey", f"Idempotency-Key is longer than {LONGEST} characters")
    digest = hashlib.sha256(request.get_data()).hexdigest()
    kept = known(key, digest)
    if kept is not None:
        status, body = kept
        return jsonify(body), status, {"x-idempotency-lookup": "hit"}
    return first_time(key, digest, create)


def known(key: str, digest: str) -> tuple[int, Json] | None:
    """The answer kept under this key, or None and the key is taken from now on."""
    keys, now = vendor().idempotency, account().clock.now()
    kept = keys.get(key)
    if kept is None or kept.at + KEPT <= now:
        keys[key] = Kept(digest, now)
        return None
    if kept.digest != digest:
        raise bad_request("IdempotentRequestError", "Idempotency-Key was used with other parameters")
    if kept.answer is None:
        text = "A request with this Idempotency-Key is still being processed"
        raise bad_request("IdempotentRequestError", text, status=409)
    return kept.answer


def first_time(key: str, digest: str, create: Callable[[], tuple[int, Json]]) -> ResponseReturnValue:
    keys = vendor().idempotency
    if slow := account().knobs.slow_create_s:
        account().lock.release()  # held by the request; others may come in meanwhile
        try:
            time.sleep(slow)
        finally:
            account().lock.acquire()
    try:
        status, body = create()
    except Exception:
        keys.pop(key, None)  # a refusal is not kept
        raise
    keys[key] = Kept(digest, account().clock.now(), (status, body))
    return jsonify(body), status, {"x-idempotency-lookup": "miss"}
