"""Hearing and telling: what is heard again or late, and what people are told, broken."""

from typing import Any

from lineage import before, history, issues, links, news, recipients, telling
from lineage.errors import LineageError
from tests.lineage.mutations import histories
from tests.lineage.mutations.mutation import Mutation
from tests.lineage.twin.broken import ONCE, ORDER, OWED, REPETITION, RUNS, SILENCE


def _nothing_is_answered(self: Any, ask: Any, item: Any, happened: Any) -> bool:
    return False


def _its_own_item_only(self: Any, ask: Any, item: Any, happened: Any) -> bool:
    return any(ask in row.asks and (row.happened, row.item) == (happened, item) for row in self.told)


def _refuses(*_: Any) -> Any:
    raise LineageError("This is refused, and should not be.")


OF_TELLING = {
    "the cause of what is heard is ignored": Mutation(
        REPETITION, history, "knows", lambda conn, workspace_id, cause: False, histories.linked_and_unlinked),
    "the same reading is news": Mutation(
        REPETITION, issues, "_versions_of", lambda *_: True, histories.read_again),
    "late news undoes newer": Mutation(
        ORDER, issues, "_is_late", lambda known, seen: False, histories.read_late),
    "a change is refused": Mutation(
        RUNS, links, "_meet_other_end", _refuses, histories.circle),
    "nothing was ever answered": Mutation(
        ONCE, news.Answered, "__call__", _nothing_is_answered, histories.told_and_read_again),
    "what was told of a duplicate does not answer for the other": Mutation(
        OWED, news.Answered, "__call__", _its_own_item_only, histories.told_then_merged),
    "what was told of a duplicate is forgotten once it is none": Mutation(
        OWED, before, "by_other_names", lambda world, told: (), histories.told_and_unmerged),
    "what was corrected stays told": Mutation(
        OWED, telling, "_take_back", lambda conn, workspace_id, facts, now: None,
        histories.corrected_and_closed_again),
    "nobody is corrected": Mutation(
        OWED, news, "_corrections", lambda ask, told: (), histories.told_and_reopened),
    "the last word is never said": Mutation(
        OWED, news, "_closing", lambda ask, told, policy: None, histories.more_was_promised),
    "who votes for what is out is told of it": Mutation(
        OWED, news, "_late", lambda at, carrier: False, histories.voted_after_it_was_out),
    "who wants no news is told": Mutation(
        SILENCE, recipients, "never", lambda person: "", histories.wants_no_news),
}  # fmt: skip
