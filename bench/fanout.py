"""Many people are owed the same news: worker processes that are killed, a helpdesk that complains."""

import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.fanout_scene import SETTLE_S, Scene, opened
from bench.measure import Line
from sandbox.faults import Fault
from store.pace import SAVED_S

UPDATES_A_MINUTE = 400
SHARE = 0.6
KILL_EVERY_S = 30.0
COMPLAIN_EVERY_S = 100.0
MOST_MB = 300
LATEST_S = 60


def run(folder: Path, *, people: int) -> Iterator[Line]:
    """The helpdesk's limit is raised, so that it is over soon; our share of it stays."""
    with opened(folder, people=people, updates_a_minute=UPDATES_A_MINUTE) as scene:
        per_s = UPDATES_A_MINUTE * SHARE / 60
        floor_s = max(people / per_s - SAVED_S, 1.0)
        begin = time.monotonic()
        scene.ship()
        kills = _until_all_are_told(scene, floor_s)
        wall_s = time.monotonic() - begin
        scene.wait_for_the_others(LATEST_S)
        heard = [scene.heard(ticket) for ticket in scene.tickets]
        late_s = scene.others_were_told_after_s()
        calls, memory_mb = scene.calls_per_reply(), scene.memory_mb()
    twice, never = sum(number > 1 for number in heard), sum(number == 0 for number in heard)
    once, what = people - twice - never, f"{people:,} people"
    note = f"{twice} twice, {never} never, {kills} kills"
    yield Line(
        f"{what}: told once / all", once, people, [once / people], 1.0, lower=False, note=note, unit=""
    )
    note = f"{calls:.2f} calls a reply, {per_s * 60:.0f} a minute"
    yield Line(f"{what}: wall / floor of the pace", wall_s, floor_s, [wall_s / floor_s], 1.1, note=note)
    large = [memory_mb / MOST_MB]
    yield Line(f"{what}: largest worker / {MOST_MB} MB", memory_mb, MOST_MB, large, 1.0, unit="MB")
    yield Line(f"{what}: another workspace's news / {LATEST_S} s", late_s, LATEST_S, [late_s / LATEST_S], 1.0)


def _until_all_are_told(scene: Scene, floor_s: float) -> int:
    """Kills and complaints but for the last quarter; how many kills that were."""
    rng, kills, others = random.Random(4), 0, False
    begin = time.monotonic()
    next_kill, next_complaint, next_word = KILL_EVERY_S, COMPLAIN_EVERY_S, 10.0
    while (done := scene.told()) < len(scene.tickets):
        spent_s = time.monotonic() - begin
        if spent_s > 3 * floor_s + 3 * SETTLE_S:
            break
        early = done < 0.75 * len(scene.tickets)
        if early and spent_s > next_kill:
            scene.kill_one(rng)
            kills, next_kill = kills + 1, spent_s + KILL_EVERY_S * rng.uniform(0.5, 1.5)
        if early and spent_s > next_complaint:
            scene.zendesk.faults.order(
                Fault("status", method="PUT", status=429, headers={"Retry-After": "1"})
            )
            next_complaint = spent_s + COMPLAIN_EVERY_S
        if not others and done > len(scene.tickets) / 3:
            others = scene.ship_elsewhere()
        if spent_s > next_word:
            print(f"  {spent_s:.0f} s: {scene.progress()}", file=sys.stderr, flush=True)
            next_word += 10
        time.sleep(0.2)
    return kills
