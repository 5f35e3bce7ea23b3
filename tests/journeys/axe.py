"""axe-core in the browser: which rules of WCAG 2.2 AA a page breaks, light and dark, narrow and wide."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, TypeAlias

from playwright.sync_api import Frame, Page

from tests.our_files import ROOT

FILE = ROOT / "tests/vendor/axe-core-4.14.1.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
WIDTHS = (320, 1280)
OF_COLOUR = ("color-contrast", "link-in-text-block")
"""The rules whose outcome depends on colours; the others were asked in light already."""

Scheme: TypeAlias = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")

RUN = """(only) => axe.run(document, {
  runOnly: only, iframes: false, resultTypes: ["violations"], rules: { "target-size": { enabled: true } },
}).then((found) => found.violations.map((one) => ({
  rule: one.id, help: one.help,
  nodes: one.nodes.map((node) => `${node.html.slice(0, 160)} <- ${node.failureSummary}`),
})))"""
OPEN_ALL = "document.querySelectorAll('details').forEach((one) => { one.open = true })"


def complaints(page: Page, frame: Frame) -> Iterator[str]:
    """What axe says against this frame of the page that is open, with everything in it unfolded."""
    frame.evaluate(OPEN_ALL)
    frame.evaluate(_source())
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # a colour that fades is neither
            for broken in frame.evaluate(RUN, _asked(scheme)):
                yield from _said(f"{frame.url} at {width} px, {scheme}", broken)
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")


def _asked(scheme: Scheme) -> dict[str, Any]:
    if scheme == "light":
        return {"type": "tag", "values": list(TAGS)}
    return {"type": "rule", "values": list(OF_COLOUR)}


def _said(where: str, broken: dict[str, Any]) -> Iterator[str]:
    for node in broken["nodes"][:5]:
        yield f"{where}: {broken['rule']} ({broken['help']}): {node}"


@cache
def _source() -> str:
    return FILE.read_text(encoding="utf-8")
