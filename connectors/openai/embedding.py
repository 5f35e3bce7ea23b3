"""What a model makes of texts: a vector each, checked, for a text that may leave the house."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from connectors.errors import Refused, Unavailable
from connectors.openai.answers import garbled
from connectors.openai.client import OpenAI
from connectors.openai.proposing import without
from store.errors import TryLater

WIDEST = 4096
"""More numbers than this are no vector of a text."""
SHORTENED = 512
"""A model that can is asked for so many: it knows better than we do what may be left out."""
SENT_CHARS, FEWER_CHARS = 1500, 400
"""Of a text, and where the server says that one is too long: the models of many take 512 tokens."""
FEW = 16
"""Where a call is refused, so many texts or fewer are shortened before fewer are sent."""
TOO_MUCH = (400, 413, 422)
TRIED = "Please add an export to PDF."


@dataclass(frozen=True, slots=True)
class Form:
    """How a model answers us: so many numbers a text; `shortened`: because we ask for so many."""

    numbers: int
    shortened: bool


def sent(texts: Sequence[str], names: Sequence[str]) -> str:
    """One text of several: nobody's data, none of these names, and not too much of it."""
    return "\n".join(filter(None, (without(text, names) for text in texts)))[:SENT_CHARS]


def learn(client: OpenAI) -> Form:
    """Tries the model. Raises the errors of `connectors.errors`."""
    [whole] = _asked(client, [TRIED], None)
    if len(whole) > SHORTENED:
        try:
            [short] = _asked(client, [TRIED], SHORTENED)
        except (Refused, TryLater):
            return Form(len(whole), shortened=False)
        if len(short) == SHORTENED:
            return Form(SHORTENED, shortened=True)
    return Form(len(whole), shortened=False)


def vectors(
    client: OpenAI, texts: Sequence[str], form: Form, *, tries: int = 1
) -> list[NDArray[np.float32] | None]:
    """Of each text, in order, in this form; None where the server does not take the text. None may be empty.
    `tries`: how often these were tried, with this time. From the second on fewer are asked about at a time.

    Raises the errors of `connectors.errors`: Unavailable also for an answer that is not what was asked for,
    Refused for vectors of another length, and where every text is refused.
    """
    numbers, at_once = form.numbers if form.shortened else None, max(1, len(texts) >> (tries - 1))
    found: list[NDArray[np.float32] | None] = []
    for start in range(0, len(texts), at_once):
        found += _patiently(client, texts[start : start + at_once], numbers, again=tries > 1)
    for one in found:
        if one is not None and len(one) != form.numbers:
            raise Refused(
                f"OpenAI: {client.model} makes {len(one)} numbers of a text, and made {form.numbers} when "
                "it was connected. Connect it again: then all is made anew."
            )
    return found


def _patiently(
    client: OpenAI, texts: Sequence[str], numbers: int | None, *, again: bool
) -> list[NDArray[np.float32] | None]:
    """A refused call is tried with fewer texts, then with less of each: some servers take 32 texts a call, or
    512 tokens each. So is, `again`, one that fails while the server answers a harmless text. One text that is
    refused, or fails, by itself does not keep the others waiting.
    """
    try:
        return list(_asked(client, texts, numbers))
    except Refused as no:
        if no.status not in TOO_MUCH:
            raise
    except Unavailable as trouble:
        if not again or trouble.after_s is not None or not trouble.sent:  # it may be down, or wants a rest
            raise
        _asked(client, [TRIED], numbers)  # a server that is down costs one call more
    shorter = [text[:FEWER_CHARS] for text in texts]
    if len(texts) <= FEW and shorter != list(texts):
        return _patiently(client, shorter, numbers, again=again)
    if half := len(texts) // 2:
        first = _patiently(client, texts[:half], numbers, again=again)
        return first + _patiently(client, texts[half:], numbers, again=again)
    _asked(client, [TRIED], numbers)  # if that is refused, too, it is not for the text
    return [None]


def _asked(client: OpenAI, texts: Sequence[str], numbers: int | None) -> list[NDArray[np.float32]]:
    rows = client.embedded(texts, numbers) if texts else []
    if len(rows) != len(texts):
        raise garbled()
    found: dict[int, NDArray[np.float32]] = {}
    for row in rows:
        index = row.get("index") if isinstance(row, dict) else None
        if not isinstance(index, int) or index in found or not 0 <= index < len(texts):
            raise garbled()
        found[index] = _read(row.get("embedding"))
    if len({len(one) for one in found.values()}) > 1:
        raise garbled()
    return [found[n] for n in range(len(texts))]


def _read(given: Any) -> NDArray[np.float32]:
    """Raises Unavailable."""
    if not isinstance(given, list) or not 0 < len(given) <= WIDEST:
        raise garbled()
    try:
        with np.errstate(over="ignore"):  # what is too large is infinite then
            read = np.array(given, dtype=np.float32)
    except (ValueError, TypeError, OverflowError):
        raise garbled() from None
    if read.ndim != 1 or not np.isfinite(read).all() or not read.any():
        raise garbled()
    return read
