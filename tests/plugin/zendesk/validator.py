"""What Zendesk's own validator of apps refuses, or warns of, in our words: its rules for an app like ours.

Read from the rules of the open validator that stands before Zendesk's upload (zendesk_apps_support 4.52).
Of what an app like ours does not have (templates, stylesheets, requirements, a banner) the rule is: none.
"""

import json
import re
import struct
from collections.abc import Iterator, Mapping
from typing import Any

LOCALE = re.compile(r"[a-z]{2}(-\w{2,3})?")
KEYS = {
    *("requirementsOnly", "marketingOnly", "version", "author", "name", "experiments", "frameworkVersion"),
    *("singleInstall", "signedUrls", "noTemplate", "defaultLocale", "location", "private", "oauth"),
    *("parameters", "domainWhitelist", "remoteInstallationURL", "termsConditionsURL", "gaID"),
}
LOCATIONS = {
    *("background", "nav_bar", "new_ticket_sidebar", "organization_sidebar", "ticket_sidebar", "top_bar"),
    *("ticket_editor", "user_sidebar", "modal", "system_top_bar"),
}
TYPES = {"text", "password", "checkbox", "url", "number", "multiline", "hidden", "oauth", "mtls"}
OF_A_PLACE = {"url", "autoLoad", "autoHide", "flexible", "signed", "size", "legacy"}
FILES = re.compile(
    r"manifest\.json|assets/logo(-small)?\.png|assets/icon_nav_bar\.svg|translations/[\w-]+\.json"
)
LOGOS = {"assets/logo.png": 320, "assets/logo-small.png": 128}
LOOKS_SECRET = re.compile(
    r"pass|secret|auth_?key|auth_?user|username|api_?key|token|-----BEGIN|AKIA[0-9A-Z]{8}|app[-_]key",
    re.IGNORECASE,
)
"""Stricter than theirs, which warns of the words in some surroundings only."""


def problems(files: Mapping[str, bytes]) -> list[str]:
    """Everything that is wrong with these files, by name; nothing for a package that is taken as it is."""
    if "manifest.json" not in files:
        return ["manifest.json is missing at the top"]
    try:
        manifest = json.loads(files["manifest.json"], object_pairs_hook=_once)
    except ValueError as wrong:
        return [f"manifest.json: {wrong}"]
    found = [f"{name} is not for an app like ours" for name in files if not FILES.fullmatch(name)]
    found += _manifest(manifest)
    found += [one for place in _places(manifest) for one in _place(*place)]
    found += _parameters(manifest.get("parameters"))
    found += _translations(manifest, files)
    found += _icons(manifest, files)
    found += [
        f"{name} is not a square PNG of {px} px" for name, px in LOGOS.items() if not _png(files, name, px)
    ]
    texts = {name: content.decode() for name, content in files.items() if name.endswith(".json")}
    return found + [
        f"{name} says {hit[0]!r}, which looks like a secret"
        for name, text in texts.items()
        if (hit := LOOKS_SECRET.search(text))
    ]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"{', '.join(sorted(twice))} is there twice")
    return dict(pairs)


def _manifest(manifest: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{key} is no key of a manifest" for key in manifest if key not in KEYS)
    yield from (f"{key} is missing" for key in ("author", "defaultLocale", "location") if key not in manifest)
    if manifest.get("frameworkVersion") != "2.0":
        yield "frameworkVersion must be 2.0"
    for key in ("private", "signedUrls", "singleInstall", "requirementsOnly", "marketingOnly"):
        if not isinstance(manifest.get(key, False), bool):
            yield f"{key} must be true or false"
    for key in ("defaultLocale", "version", "frameworkVersion", "termsConditionsURL", "gaID"):
        if not isinstance(manifest.get(key, ""), str):
            yield f"{key} must be text"
    if "noTemplate" in manifest:
        yield "noTemplate ended with framework 2"
    if not re.fullmatch(r"\d+\.\d+(\.\d+)?", str(manifest.get("version"))):
        yield "version is none"
    yield from _author(manifest.get("author") or {})
    yield from _kind(manifest)


def _author(author: Mapping[str, Any]) -> Iterator[str]:
    if any(not isinstance(author.get(key, ""), str) for key in ("name", "email", "url")):
        yield "the author must be text"
    if not re.fullmatch(r"https?://\S+", author.get("url") or "https://none"):
        yield "the author's url is no address"


def _kind(manifest: Mapping[str, Any]) -> Iterator[str]:
    if manifest.get("experiments") or manifest.get("oauth"):
        yield "an app like ours has no experiments and no oauth"
    if not manifest.get("private", True):
        yield "a public app needs Zendesk's review"
    if not manifest.get("signedUrls"):
        yield "without signedUrls nobody proves who opens it"


def _places(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for product, places in (manifest.get("location") or {}).items():
        yield from ((product, name, about) for name, about in places.items())


def _place(product: str, name: str, about: Any) -> Iterator[str]:
    if product != "support" or name not in LOCATIONS:
        yield f"{product}.{name} is no place of an app"
    about = about if isinstance(about, dict) else {"url": about}
    yield from (f"{name}.{key} is unknown" for key in about if key not in OF_A_PLACE)
    url = about.get("url")
    if not isinstance(url, str) or not url:
        yield f"{name} has no url"
    elif "{{setting." not in url and not re.match(r"https://|http://localhost\b", url):
        yield f"{name}.url is neither https nor a setting"
    if not isinstance(about.get("flexible", True), bool):
        yield f"{name}.flexible must be true or false"


def _parameters(given: Any) -> Iterator[str]:
    if not isinstance(given, list):
        yield "parameters must be a list"
        return
    names = [one.get("name") for one in given]
    if len(set(names)) < len(names):
        yield "two parameters have one name"
    for one in given:
        name, kind = one.get("name"), one.get("type")
        if name == "name":
            yield "no parameter may be called name"
        if kind not in TYPES or kind in ("oauth", "password"):
            yield f"{name} has no type of ours"
        if not all(isinstance(one.get(key, False), bool) for key in ("required", "secure")):
            yield f"{name}: required and secure must be true or false"
        if kind == "hidden" and one.get("required"):
            yield f"{name} is hidden, so nobody can fill it in"
        if one.get("secure") and not one.get("scopes"):
            yield f"{name} is secure and says nowhere what for"


def _translations(manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> Iterator[str]:
    default = manifest.get("defaultLocale")
    if not LOCALE.fullmatch(str(default)) or f"translations/{default}.json" not in files:
        yield f"there are no translations for the default language {default}"
    asked = {
        one["name"] for one in manifest.get("parameters") or [] if isinstance(one, dict) and "name" in one
    }
    for name, content in files.items():
        if not name.startswith("translations/"):
            continue
        if not LOCALE.fullmatch(name.removeprefix("translations/").removesuffix(".json")):
            yield f"{name} names no language"
        try:
            said = json.loads(content, object_pairs_hook=_once)
        except ValueError as wrong:
            yield f"{name}: {wrong}"
            continue
        app = said.get("app") if isinstance(said, dict) else None
        if not isinstance(app, dict) or not isinstance(app.get("name"), str):
            yield f"{name} does not say app.name"
            continue
        labelled = app.get("parameters") or {}
        if set(labelled) != asked or any(not one.get("label") for one in labelled.values()):
            yield f"{name} does not label every setting"


def _icons(manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> Iterator[str]:
    """A place in the nav bar has an icon of its own: an SVG that holds no code and loads nothing."""
    icon = files.get("assets/icon_nav_bar.svg")
    if "nav_bar" in ((manifest.get("location") or {}).get("support") or {}) and icon is None:
        yield "nav_bar has no assets/icon_nav_bar.svg"
    if icon is not None and not re.fullmatch(rb"<svg [^>]*>(<(path|circle|rect) [^<>]*/>)+</svg>\s*", icon):
        yield "assets/icon_nav_bar.svg is more than shapes"


def _png(files: Mapping[str, bytes], name: str, pixels: int) -> bool:
    head = files.get(name, b"")[:24]
    return head[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", head[16:24]) == (pixels, pixels)
