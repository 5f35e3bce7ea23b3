"""Every page that we serve, from the app's own list of routes, with an address of the story for each."""

from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

from plugin import create_app, identity
from plugin.settings import Settings
from sandbox.demo.operator import EMAIL, SLUG
from sandbox.demo.scene import Scene
from tests.journeys.walking import own_page

NO_PAGES = {
    "webhook",  # vendors call
    "monitor",  # figures
    "agent",  # pieces of the sidebar, which is looked at as a whole, in its ticket
    "engineer",  # pieces of the panel, looked at as a whole too
    "board reader",  # pieces of the board in Jira, the same
}
"""Kinds of identity by which no page is opened."""

PIECES = {
    "forum.alike": "below the title in forum.write",
    "admin.board.saved": "CSV",
    "admin.connect_zendesk.package": "zip",
    "jira.descriptor.descriptor": "JSON",
    "health.alive": "JSON",
    "health.ready": "JSON",
}
"""Other endpoints that answer no page, and what they answer."""


TROUBLE = (f"/f/{SLUG}/posts/999999", "/r/nobody", "/admin/nobody/", "/nowhere")


def every_page_of_ours(scene: Scene, folder: Path) -> list[str]:
    """The addresses, four that are wrong included. `folder` is for an app that serves nobody."""
    pages = [address for rule, kind in _rules_of_pages(folder) for address in _addresses(scene, rule, kind)]
    return [*pages, *(scene.stage.kithspark.url + path for path in TROUBLE)]


def _rules_of_pages(folder: Path) -> list[tuple[str, str]]:
    """Rule and kind of identity of every page."""
    app = create_app(Settings(data_dir=folder))
    declared = identity.declared(app)
    return [
        (rule.rule, str(declared[rule.endpoint]))
        for rule in app.url_map.iter_rules()
        if _is_page(app, rule, declared[rule.endpoint])
    ]


def _is_page(app: Flask, rule: Rule, kind: str | None) -> bool:
    return (
        "GET" in (rule.methods or ())
        and kind is not None
        and kind not in NO_PAGES
        and rule.endpoint not in PIECES
    )


def _addresses(scene: Scene, rule: str, kind: str) -> Iterator[str]:
    """Where a page of this rule is found in the story. Raises KeyError where nobody has said how to get
    there: add the new part of the address to `parts`, or the whole page to `SEVERAL`.
    """
    if kind == "engineer load":
        yield _signed_by_jira(scene, rule)
        return
    for query in SEVERAL.get(rule, ("",)):
        yield scene.stage.kithspark.url + _filled(scene, rule, kind) + query.format(key=scene.cast.whole)


SEVERAL = {
    "/f/<slug>/": ("", "?sort=new", "?q=nothing+like+it"),
    "/f/<slug>/new": ("?title=Export",),
    "/admin/<slug>/trace": ("", "?issue={key}", "?find=nobody"),
    "/admin/sign-in": ("", "?dead=yes"),
}
"""Pages that look otherwise by what is asked."""


def _filled(scene: Scene, rule: str, kind: str) -> str:
    parts = {"slug": SLUG, "int:post_id": str(scene.post)}
    if kind == "requester":
        parts["token"] = own_page(scene, scene.cast.both).rpartition("/r/")[2]
    if kind == "operator link":
        parts["token"] = scene.operator.sign_in_link(EMAIL).rpartition("/")[2]
    if kind == "member link":
        parts["token"] = "gone"
    for name, value in parts.items():
        rule = rule.replace(f"<{name}>", value)
    if "<" in rule:
        raise KeyError(f"{rule}: say in tests/journeys/served_pages.py how to get to this page.")
    return rule


def _signed_by_jira(scene: Scene, rule: str) -> str:
    """As the site opens it for somebody who signed in there."""
    jira = scene.stage.jira
    if rule == "/connect/issue-context":
        return jira.frame_url(scene.cast.parts[1])
    made = jira.connect.installation
    assert made is not None
    url = f"{scene.stage.kithspark.url}{rule}?xdm_e={jira.url}"
    return f"{url}&jwt={jira.connect.host_token(made, 'GET', url, sub=jira.user.account_id)}"
