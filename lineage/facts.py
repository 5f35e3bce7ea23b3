"""What a notice tells, as it is kept in its row."""

from collections.abc import Collection, Iterable
from typing import Any

from lineage.news import Owed
from lineage.terms import AskId


def as_facts(owed: Iterable[Owed], promised: Collection[AskId]) -> list[dict[str, Any]]:
    """Each thing told, as JSON: for which ask, what happened to which item, when by Jira's time.

    `promised` says whether the words promise that ask that more will follow.
    """
    return [
        {
            "ask": fact.ask,
            "item": fact.item,
            "own": fact.own,
            "happened": fact.happened.value,
            "kind": fact.kind.value,
            "told": fact.told,
            "at": fact.at.isoformat() if fact.at else "",
            "promised": fact.ask in promised,
        }
        for fact in owed
    ]


def key_of(fact: Owed) -> tuple[Any, ...]:
    """What makes a fact the same fact. Jira may date it otherwise: that alone makes it no other one."""
    return (fact.ask, fact.item, fact.own, fact.happened.value, fact.told)


def keys_in(facts: Iterable[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """The keys of facts as `as_facts` wrote them, but for those that were over at some time."""
    return [_key(fact) for fact in facts if not fact.get("over")]


def over(facts: Iterable[dict[str, Any]], *, owed: Collection[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """The same facts; those that are not owed any more are marked: if they come true anew, that is news."""
    return [fact if _key(fact) in owed else fact | {"over": True} for fact in facts]


def _key(fact: dict[str, Any]) -> tuple[Any, ...]:
    return (fact["ask"], fact["item"], fact["own"], fact["happened"], fact["told"])
