"""How far a post is, in words; and colours that everybody can read."""

import re

import pytest

from lineage.questions.views import PostStatus
from lineage.terms import Standing
from plugin.forum.status import status_of
from tests.our_files import ROOT

PAIRS = [
    *((ink, ground) for ink in ("ink", "soft") for ground in ("paper", "sheet")),
    *((ink, ground) for ink in ("accent", "accent-strong") for ground in ("paper", "sheet", "tint")),
    *((tone, f"{tone}-tint") for tone in ("good", "busy", "calm", "bad")),
    *(("ink", f"{tone}-tint") for tone in ("good", "busy", "calm", "bad")),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("soft", "tint"),
    ("bad", "sheet"),
]


@pytest.mark.parametrize(
    ("standing", "delivered", "parts", "word"),
    [
        (Standing.WAITING, 0, 1, "planned"),
        (Standing.STARTED, 0, 1, "being built"),
        (Standing.PART_DELIVERED, 1, 2, "1 of 2 parts"),
        (Standing.DELIVERED, 2, 2, "ready"),
        (Standing.DELIVERED_IN_PART, 1, 2, "ready in part"),
        (Standing.DECLINED, 0, 1, "not planned"),
    ],
)
def test_a_standing_has_a_plain_word(standing: Standing, delivered: int, parts: int, word: str) -> None:
    status = status_of(PostStatus(standing, delivered, parts))
    assert status is not None
    assert status.word == word
    assert "{" not in status.sentence


@pytest.mark.parametrize("standing", [None, Standing.WITHDRAWN])
def test_a_post_that_nobody_placed_has_no_status(standing: Standing | None) -> None:
    assert status_of(PostStatus(standing, 0, 0)) is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_words_can_be_read_by_everybody(scheme: str, ink: str, ground: str) -> None:
    colours = _colours(scheme)
    assert _contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_edge_of_a_field_can_be_seen(scheme: str) -> None:
    colours = _colours(scheme)
    assert _contrast(colours["field"], colours["sheet"]) >= 3


def _colours(scheme: str) -> dict[str, str]:
    css = (ROOT / "plugin/static/kithspark.css").read_text()
    light, dark = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    return dict(re.findall(r"--([\w-]+): #([0-9a-f]{3,6});", light if scheme == "light" else dark))


def _contrast(one: str, other: str) -> float:
    """By WCAG 2.2, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    full = colour if len(colour) == 6 else "".join(c * 2 for c in colour)
    parts = [int(full[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
