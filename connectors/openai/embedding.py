"""What a model makes of texts: a vector each, checked, for a text that may leave the house."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from connectors.openai.answers import garbled
from connectors.openai.client import OpenAI
from connectors.openai.proposing import without

WIDEST = 8192
"""More numbers than this are no vector of a text."""


def sent(texts: Sequence[str], names: Sequence[str]) -> str:
    """One text of several: nobody's data, none of these names, and not too much of each."""
    return "\n".join(filter(None, (without(text, names) for text in texts)))


def vectors(client: OpenAI, texts: Sequence[str]) -> list[NDArray[np.float32]]:
    """Of each text, in order; all of the same length. No text may be empty.

    Raises the errors of `connectors.errors`: Unavailable also for an answer that is not what was asked for.
    """
    rows = client.embedded(texts) if texts else []
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
    """Some servers answer with a list, whatever was asked for. Raises Unavailable."""
    try:
        if isinstance(given, str):
            read = np.frombuffer(base64.b64decode(given, validate=True), dtype="<f4")
        else:
            read = np.array(given, dtype=np.float32)
    except (ValueError, TypeError, OverflowError, binascii.Error):
        raise garbled() from None
    if read.ndim != 1 or not 0 < len(read) <= WIDEST or not np.isfinite(read).all() or not read.any():
        raise garbled()
    return read
