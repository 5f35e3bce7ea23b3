"""The table of golden histories: each is a short play, named by a sentence, that shows some of the rules."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from tests.lineage.golden.script import Script
from tests.lineage.golden.then import Then

Play: TypeAlias = Callable[[Script, Then], None]


@dataclass(frozen=True, slots=True)
class History:
    """One row of the table. `missing` says what the engine cannot do yet; the row then fails, strictly."""

    sentence: str
    shows: tuple[str, ...]
    play: Play
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """The histories of one chapter, in the order in which they are written."""

    histories: list[History] = field(default_factory=list)

    def shows(self, *rules: str, missing: str = "") -> Callable[[Play], Play]:
        """Put the history below into the chapter, as one that shows these rules."""

        def add(play: Play) -> Play:
            self.histories.append(History(play.__name__.replace("_", " "), rules, play, missing))
            return play

        return add
