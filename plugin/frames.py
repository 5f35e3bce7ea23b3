"""A page of ours inside a host's page: what it may load, who may show it, and the token it holds.

There is no cookie and nothing is kept: browsers drop third-party cookies, and a cached page would show one
reader's data to the next.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Response, make_response, render_template, request

from plugin import app_state, bearer, identity
from plugin.bearer import Bearer, Face

NEVER_KEPT = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def open_page(
    template: str,
    proven: Bearer | None,
    *,
    base: str = "",
    hosts: Sequence[str],
    scripts: Sequence[str] = (),
    **shown: object,
) -> Response:
    """The first page of a face. `proven`: whom it may ask for more as, below the path `base` (`…/renew`, for
    one); None for a page that only shows. `hosts`: addresses that may frame it; `scripts`: the host's own.
    """
    now = app_state.current().clock()
    token = bearer.mint(proven, keys=identity.signing_keys(), now=now) if proven else ""
    page = make_response(render_template(template, bearer=token, base=base, scripts=scripts, **shown))
    page.headers.update(NEVER_KEPT)
    page.headers["Content-Security-Policy"] = policy(hosts, scripts)
    return page


def policy(hosts: Sequence[str], scripts: Sequence[str]) -> str:
    """Our own files and the host's own script, no inline code, and no other page around it."""
    rules = {
        "default-src": ["'none'"],
        "script-src": ["'self'", *map(origin, scripts)],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": [*map(origin, hosts)] or ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(dict.fromkeys(values))}" for name, values in rules.items())


def origin(address: str) -> str:
    """Scheme, host and port. Raises ValueError for what is no web address: it must not get into a header.

    >>> origin("https://acme.zendesk.com/agent?x")
    'https://acme.zendesk.com'
    """
    parts = urlsplit(address)
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or any(c in ";, '\"" for c in parts.netloc)
    ):
        raise ValueError(f"{address!r} is no web address.")
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def keep_nothing(response: Response) -> Response:
    """For the fragments of a frame."""
    for name, value in NEVER_KEPT.items():
        response.headers.setdefault(name, value)
    return response


def renewed(face: Face) -> Response:
    """A fresh token for a view that is still open. Raises NotProven once the host has to prove anew."""
    proven, now = identity.presented(face), app_state.current().clock()
    response = make_response({"bearer": bearer.mint(proven, keys=identity.signing_keys(), now=now)})
    return keep_nothing(response)


def target() -> str:
    """Path and query of this request as they came: what a host's signature is about."""
    query = request.query_string.decode("latin-1")
    return f"{request.root_path}{request.path}{'?' if query else ''}{query}"
