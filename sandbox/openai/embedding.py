"""Vectors of hashed words, where a few words mean the same: texts that share words or meanings are near each
other, the same text gives the same.
"""

import base64
import hashlib
import re

import numpy as np
from numpy.typing import NDArray

MEANS = {"wallpaper": "backdrop", "heliograph": "semaphore"}
"""What the model takes for the same."""

DIMENSIONS = {"text-embedding-3-small": 1536, "text-embedding-3-large": 3072}


def embed(text: str, dimensions: int) -> NDArray[np.float32]:
    """A unit vector."""
    vector = np.zeros(dimensions, dtype=np.float32)
    for word in re.findall(r"\w+", text.lower()) or [text]:
        digest = hashlib.sha256(MEANS.get(word, word).encode()).digest()
        place = int.from_bytes(digest[:8], "big") % dimensions
        vector[place] += 1.0 if digest[8] % 2 else -1.0
    length = float(np.linalg.norm(vector))
    if length == 0.0:  # two words that cancel out
        vector[0] = length = 1.0
    return (vector / length).astype("<f4")


def spelled(vector: NDArray[np.float32], encoding: str) -> str | list[float]:
    """As the API answers: base64 of little-endian floats, or a list."""
    return base64.b64encode(vector.tobytes()).decode() if encoding == "base64" else vector.tolist()
