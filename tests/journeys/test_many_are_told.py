"""Many people are owed the same news: real workers, killed in between, and a helpdesk that complains."""

import random
import time
from pathlib import Path

import pytest

from bench.fanout_scene import Scene, opened
from sandbox.faults import Fault
from store.pace import SAVED_S
from tests.postgres.server import Server

QUICK = {"KITHSPARK_LEASE_S": "4", "KITHSPARK_SWEEP_S": "1", "KITHSPARK_SETTLE_S": "6"}
PATIENCE_S = 120.0


def play(scene: Scene, *, kill_at: set[int], within_s: float) -> float:
    """Everybody is told, whatever happens meanwhile; how many seconds it took."""
    rng, begin = random.Random(1), time.monotonic()
    scene.ship()
    scene.zendesk.faults.order(
        Fault("status", method="PUT", status=429, headers={"Retry-After": "1"}, skip=20, times=2)
    )
    scene.zendesk.faults.order(Fault("drop_after", method="PUT", skip=30))
    while (told := scene.told()) < len(scene.tickets):
        assert time.monotonic() - begin < within_s, scene.progress()
        if due := {number for number in kill_at if told >= number}:
            kill_at -= due
            scene.kill_one(rng)
            scene.ship_elsewhere()
        time.sleep(0.05)
    return time.monotonic() - begin


def assert_each_heard_once(scene: Scene) -> None:
    assert [scene.heard(ticket) for ticket in scene.tickets] == [1] * len(scene.tickets)
    scene.wait_for_the_others(60)
    assert scene.others_were_told_after_s() < 60


def test_sixty_people_are_told_once_each_though_a_worker_is_killed_and_the_helpdesk_complains(
    tmp_path: Path,
) -> None:
    with opened(tmp_path, people=60, updates_a_minute=400, quick=QUICK) as scene:
        took_s = play(scene, kill_at={15}, within_s=PATIENCE_S)
        assert_each_heard_once(scene)
        at_the_pace_s = 60 / (400 * 0.6 / 60) - SAVED_S
        assert took_s > at_the_pace_s - 1, "faster than its share"
        assert scene.calls_per_reply() < 8


@pytest.mark.long
def test_three_hundred_people_are_told_once_each_on_postgres(tmp_path: Path, postgres: Server) -> None:
    with (
        postgres.database() as name,
        opened(tmp_path, people=300, updates_a_minute=500, url=postgres.url(name), quick=QUICK) as scene,
    ):
        play(scene, kill_at={50, 100, 150, 200}, within_s=5 * PATIENCE_S)
        assert_each_heard_once(scene)
