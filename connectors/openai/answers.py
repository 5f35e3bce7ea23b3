"""The library's exceptions and the server's refusals, in our words."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from connectors import calls, waits
from connectors.bodies import UnboundedError
from connectors.calls import Call
from connectors.errors import Conflict, NotFound, Refused, Unauthorized, Unavailable

if TYPE_CHECKING:  # the library is heavy: see `client`
    import openai


@contextmanager
def told() -> Iterator[None]:
    """Around each call: what goes wrong in it comes out as an error of `connectors.errors`."""
    import openai

    started, status = time.monotonic(), 200
    try:
        yield
    except openai.APITimeoutError as e:
        status = 0
        raise Unavailable(
            "OpenAI: no answer in time. We ask again later.", sent=not _never_connected(e)
        ) from e
    except openai.APIConnectionError as e:
        status = 0
        cause = type(e.__cause__ or e).__name__
        raise Unavailable(
            f"OpenAI: no answer ({cause}). We ask again later.", sent=not _never_connected(e)
        ) from e
    except UnboundedError as e:
        status = 0
        raise Unavailable(f"OpenAI: began {e}. It is not read; we ask again later.") from e
    except openai.APIStatusError as e:
        status = e.status_code
        raise refusal(e) from e
    except (openai.OpenAIError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as e:
        raise garbled() from e
    finally:
        calls.made(Call("openai", "POST", status, time.monotonic() - started))


def garbled() -> Unavailable:
    """The error of ours for an answer that cannot be read."""
    return Unavailable("OpenAI: an answer that cannot be read. We ask again later.")


def refusal(error: "openai.APIStatusError") -> Exception:
    """The error of ours that says what this answer says."""
    status, words = error.status_code, str(error.message)[:300]
    if status == 429 and error.code == "insufficient_quota":
        return Refused("OpenAI: the account has no quota left. Top it up, then retry.", status=429)
    wait = waits.asked_for(error.response.headers, now=datetime.now(UTC))
    after_s, cut = (wait.seconds, str(wait)) if wait else (None, "")
    if status == 429:
        message = f"OpenAI: too many calls. We go on when it allows more.{cut}"
        return Unavailable(message, after_s=after_s, sent=False)
    if 300 <= status < 400:
        message = f"OpenAI: answered {status}, a redirect, which we do not follow. Connect its new address."
        return Refused(message, status=status, whole_account=True)
    if status >= 500 or status < 400 or status == 408:
        message = f"OpenAI: answered {status}. We ask again later.{cut}"
        return Unavailable(message, after_s=after_s)
    if status in (401, 403):
        return Unauthorized(
            f"OpenAI: the key does not do here ({status}). Connect with a valid one.",
            status=status,
            whole_account=status == 401,
        )
    if status == 404:
        return NotFound(f"OpenAI: not found ({words}). Check the address and the model.", status=404)
    if status == 409:
        return Conflict("OpenAI: answered 409. We ask again.")
    return Refused(f"OpenAI: refused ({status}: {words}). This needs a mend on our side.", status=status)


def _never_connected(error: Exception) -> bool:
    return type(error.__cause__).__name__ in ("ConnectError", "ConnectTimeout", "PoolTimeout")
