"""The secret part of the link to a requester's own page. Only processes data.

A token is derived, not kept: whoever has the key works out the same token for the same request each time, so
a message can be worded anew, or only be shown beforehand, and says the same. It is encrypted with AES-SIV
(RFC 5297): it tells nobody a number of ours, and none can be made up (its tag has 128 bits).
"""

import binascii
import re
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

TOKEN = re.compile(r"[A-Za-z0-9_-]{48}")
"""36 bytes: a tag of 16, and 20 that name the request. They fill 48 letters, so each is spelt in one way."""

NAMED = struct.Struct(">QQI")
FOR = [b"kithspark: a requester's own page"]


class Named(NamedTuple):
    """Which link of which request: each time that the links so far are revoked, `number` is one more."""

    workspace: int
    request: int
    number: int


NOBODY = Named(0, 0, 0)
"""No row has these numbers."""


def make(key: str, named: Named) -> str:
    """The token of this link. `key`: 64 hexadecimal digits."""
    sealed = AESSIV(bytes.fromhex(key)).encrypt(NAMED.pack(*named), FOR)
    return urlsafe_b64encode(sealed).decode()


def read(key: str, token: str) -> Named:
    """What `make` was given; NOBODY for whatever it did not make.

    >>> read("ab" * 32, make("ab" * 32, Named(1, 7, 0))), read("ab" * 32, "A" * 48)
    (Named(workspace=1, request=7, number=0), Named(workspace=0, request=0, number=0))
    """
    if not TOKEN.fullmatch(token):
        return NOBODY
    try:
        opened = AESSIV(bytes.fromhex(key)).decrypt(urlsafe_b64decode(token), FOR)
    except (InvalidTag, binascii.Error):
        return NOBODY
    return Named(*NAMED.unpack(opened)) if len(opened) == NAMED.size else NOBODY
