"""One moment of a history: what the engine answers and what the model says, each worked out once."""

from functools import cached_property

from lineage.questions import AskView, DemandView, ask_views, ranking
from lineage.terms import AskId
from tests.lineage.model.counting import Counting
from tests.lineage.model.facts import Ask, Item
from tests.lineage.model.resting import Where
from tests.lineage.story import Story
from tests.lineage.twin.saying import asks_by_id
from tests.lineage.twin.twin import Twin


class Now:
    def __init__(self, twin: Twin) -> None:
        self.twin = twin

    @property
    def story(self) -> Story:
        return self.twin.story

    @cached_property
    def where(self) -> Where:
        return Where(self.twin.facts)

    @cached_property
    def counting(self) -> Counting:
        return Counting(self.where)

    @cached_property
    def named(self) -> dict[int, Ask]:
        """Every ask of the engine's, as the model names it."""
        return asks_by_id(self.story)

    @cached_property
    def asks(self) -> dict[Ask, AskView]:
        found = ask_views(self.story.conn, self.story.workspace, [AskId(ask) for ask in self.named])
        return {self.named[view.ask_id]: view for view in found}

    @cached_property
    def ranked(self) -> dict[Item, DemandView]:
        return {view.item.key: view for view in ranking(self.story.conn, self.story.workspace)}
