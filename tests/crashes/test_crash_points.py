"""The points themselves: named once, on a road, and harmless unless somebody means it."""

import ast
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from plugin.settings import Settings, SettingsError
from store.crash_points import POINTS
from tests.crashes.at_the_vendor import MOMENTS
from tests.crashes.roads import ON_REPLIES, ROADS, every_point
from tests.crashes.table import lines
from tests.our_files import ROOT, text_of, tree_of, with_suffix

DIE = """
import sys
from pathlib import Path
from store import crash_points
crash_points.obey(Path(sys.argv[1]) if sys.argv[1:] else None)
for _ in range(3):
    crash_points.reached("reply.kept")
    print("passed", flush=True)
"""


def _passes(folder: Path, order: str | None = "reply.kept", *, told: bool = True) -> tuple[int, int]:
    """How a process ends that comes to one point three times, and how often it goes on from there."""
    file = folder / "order"
    if order is not None:
        file.write_text(order)
    words = [sys.executable, "-c", DIE, *([str(file)] if told else [])]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.count("passed")


def test_a_process_dies_at_the_point_and_is_not_killed_again(tmp_path: Path) -> None:
    assert _passes(tmp_path) == (-signal.SIGKILL, 0)
    assert (tmp_path / "order.obeyed").exists()
    assert _passes(tmp_path, None) == (0, 3)


def test_the_second_time_means_the_second_time(tmp_path: Path) -> None:
    assert _passes(tmp_path, "reply.kept 2") == (-signal.SIGKILL, 1)


@pytest.mark.parametrize("order", ["reply.begun", "", "nonsense 7", "reply.kept.not"])
def test_another_order_is_for_somebody_else(tmp_path: Path, order: str) -> None:
    assert _passes(tmp_path, order) == (0, 3)


def test_the_file_alone_kills_nobody(tmp_path: Path) -> None:
    assert _passes(tmp_path, told=False) == (0, 3)


def test_the_setting_is_refused_where_others_are_served(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KITHSPARK_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KITHSPARK_CRASH_AT", str(tmp_path / "order"))
    assert Settings.load().crash_at == tmp_path / "order"
    monkeypatch.setenv("KITHSPARK_PUBLIC_URL", "https://kithspark.example.com")
    with pytest.raises(SettingsError, match="KITHSPARK_CRASH_AT is for tests"):
        Settings.load()


def _named_in_the_code() -> list[re.Pattern[str]]:
    """What `reached(…)` is called with anywhere, with `.+` for what is only known when it runs."""
    found = []
    for path in with_suffix(".py"):
        if path.parts[0] == "tests" or "reached" not in text_of(path) or path.name == "crash_points.py":
            continue
        for call in ast.walk(tree_of(path)):
            if isinstance(call, ast.Call) and "reached" in ast.unparse(call)[:16]:
                words = [one for argument in call.args for one in _words(argument)]
                found += [re.compile(word) for word in words if "." in word]
    return found


def _words(node: ast.expr) -> list[str]:
    match node:
        case ast.Constant(value=str(text)):
            return [re.escape(text)]
        case ast.JoinedStr(values=parts):
            return ["".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in parts)]
        case ast.IfExp(body=one, orelse=other):
            return _words(one) + _words(other)
    return []


def test_every_point_of_the_list_is_somewhere_in_the_code_and_the_other_way_round() -> None:
    named = _named_in_the_code()
    assert len(named) > 20
    nowhere = [point for point in POINTS if not any(one.fullmatch(point) for one in named)]
    assert not nowhere, f"No code comes to {nowhere}: take them out of store/crash_points.py."
    unlisted = [one.pattern for one in named if not any(one.fullmatch(point) for point in POINTS)]
    assert not unlisted, f"List in store/crash_points.py: {unlisted}"


def test_the_roads_lead_to_points_that_there_are() -> None:
    there = {*POINTS, *MOMENTS}
    assert not {*ROADS, *ON_REPLIES} - there
    assert set(every_point("rq")) == there
    assert {point for point in there if point.startswith("doorbell.")} == there - set(every_point("embedded"))


def test_the_table_has_a_row_for_each_point_and_a_column_for_each_database_and_queue() -> None:
    head, row = lines(['["reply.kept", "postgres/rq", "told once, 1.2 s"]'])
    assert head.split() == [
        "killed",
        "at",
        "sqlite/embedded",
        "sqlite/rq",
        "postgres/embedded",
        "postgres/rq",
    ]
    assert row.split() == ["reply.kept", "-", "-", "-", "told", "once,", "1.2", "s"]


def test_nobody_is_armed_in_these_tests() -> None:
    assert "KITHSPARK_CRASH_AT" not in os.environ
