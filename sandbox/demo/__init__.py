"""Plays the story of a request from the first ticket to the last reply, on sandbox vendors, and checks it."""

import signal
import threading
import time
from types import FrameType

from sandbox.demo.cast import cast_for
from sandbox.demo.checks import Differs, forum_entries
from sandbox.demo.operator import EMAIL, CommandFailed, Operator, set_up
from sandbox.demo.running import DidNotStart
from sandbox.demo.scene import Scene, set_the_scene
from sandbox.demo.stage import PortTaken, Stage
from sandbox.demo.story import STEPS, play
from sandbox.demo.telling import entry_quoted, introduce, pages, quoted, say, tell


class Ended(Exception):
    """Somebody said that it is enough: Ctrl-C, SIGTERM, or a terminal that was closed."""


def main(*, once: bool, port: int, seed: int) -> int:
    """The whole demo, and its exit status. `once`: on free ports; ends after the story, 1 if it differs."""
    _end_in_order()
    try:
        with Stage(port=0 if once else port, seed=seed) as stage:
            scene = _play_it(stage, seed)
            if once or scene is None:
                return 0 if scene else 1
            pages(scene, scene.operator.sign_in_link(EMAIL))
            threading.Event().wait()
    except Ended:
        say("\nEnded.")
        return int(once)
    except (PortTaken, DidNotStart, CommandFailed) as trouble:
        say(str(trouble))
        return 1
    return 0


def _play_it(stage: Stage, seed: int) -> Scene | None:
    """The scene as it is in the end; None where a step did not come out as it should."""
    began, cast = time.monotonic(), cast_for(seed)
    introduce(cast)
    operator = Operator(stage)
    set_up(operator, stage)
    scene = set_the_scene(cast, stage, operator)
    for number, step in enumerate(STEPS, start=1):
        replies, entries = len(stage.zendesk.ledger), len(forum_entries(scene))
        try:
            lines = play(scene, step)
        except (Differs, CommandFailed, TimeoutError, LookupError, OSError) as trouble:
            tell(number, step.title, [], [])
            say(f"    This did not come out as it should: {trouble}")
            for line in stage.kithspark.warnings[-5:]:
                say(f"    Kithspark's log: {line[:2000]}")
            return None
        said = quoted(scene, stage.zendesk.ledger[replies:])
        said += [entry_quoted(one) for one in forum_entries(scene)[entries:]]
        tell(number, step.title, lines, said)
    say(f"All {len(STEPS)} steps came out as they should, in {time.monotonic() - began:.0f} s.\n")
    return scene


def _end_in_order() -> None:
    """The first word to end it is enough; what comes while it ends changes nothing."""
    words = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

    def end(_number: int, _frame: FrameType | None) -> None:
        for word in words:
            signal.signal(word, signal.SIG_IGN)
        raise Ended

    for word in words:
        signal.signal(word, end)
