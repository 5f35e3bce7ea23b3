"""Every cell of the table: what becomes of the row, and that all ends as if nothing had been."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest

from tests.connectors.faults import act_roads, community_roads, import_roads, object_roads, roads
from tests.connectors.faults.faulty import faulty
from tests.connectors.faults.roads import Job
from tests.connectors.faults.table import (
    ABSURD_S,
    BECOMES,
    CALLS,
    FAULTS,
    NOT_REACHED,
    STATES,
    TOLD_S,
    Call,
    becomes,
    cells,
)
from tests.connectors.faults.town import Town, town_in

ROADS = {
    **roads.ROADS, **object_roads.ROADS, **act_roads.ROADS, **community_roads.ROADS, **import_roads.ROADS,
}  # fmt: skip
CELLS = list(cells())
EVERY = 13
"""Of what is read, every so many-th cell is played in each run: no divisor of their number, so each fault has
its turn. Of what is written all are."""

ROUNDS = 20


@pytest.fixture(scope="module")
def town(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    file = tmp_path_factory.mktemp("faults") / "kithspark.db"
    copyfile(migrated_file, file)
    with town_in(file) as made:
        made.jira.add_project("KS")
        yield made


@pytest.fixture(autouse=True)
def fresh(town: Town) -> None:
    town.clear()


def state_of(row: dict[str, Any], trouble: str, now: datetime) -> str:
    """The row's state in the words of the table."""
    if row.get("state") == "unknown" or _may_be_made(row):
        return "unknown"
    if row["parked_at"] is not None:
        return "blocked" if row.get("state") == "blocked" else "parked"
    if row["due_at"] is None or not row["reason"]:
        return "done"
    if trouble:
        return "shut"
    if row["attempts"] > 0:
        return "waits"
    return (
        "later" if row.get("kind") == "sync" and 590 < (row["due_at"] - now).total_seconds() < 725 else "told"
    )


def _may_be_made(row: dict[str, Any]) -> bool:
    """Of an act: whether nobody knows what became of a part of it."""
    parts = (row.get("made") or {}).get("parts", {}).values()
    return row["due_at"] is not None and any("since" in part for part in parts)


def settled(town: Town, job: Job) -> dict[str, Any]:
    """The row after one try at it."""
    town.step(job.shelf)
    return town.row(job.table, job.row)


def lifted(town: Town, call: Call, job: Job, state: str) -> None:
    """The fault is over: the row is done, by itself or by what the table says that a person does."""
    if town.account(call.system).trouble:
        town.connect_again(call.system)
        at = town.row(job.table, job.row)["due_at"]
        assert at is None or at <= town.clock.now() or state == "unknown", "it goes on at once"
    for _ in range(ROUNDS):
        row = town.row(job.table, job.row)
        if row["parked_at"] is not None:
            town.retry(job.shelf, job.row)
        elif row["due_at"] is None or (row.get("kind") == "sync" and not row["reason"]):
            return
        elif row["due_at"] > town.clock.now():
            town.pass_until(row["due_at"])
        if not town.step(job.shelf):
            town.clock.advance(30)  # no slot is free
    raise AssertionError(f"it is not done after {ROUNDS} rounds: {town.row(job.table, job.row)}")


def again(town: Town, job: Job) -> None:
    """What the next event, or the next reconciliation, asks for anew."""
    if job.again is not None:
        job.again()
    elif job.table.name == "looks":
        row = town.row(job.table, job.row)
        town.ask(row["system"], row["kind"], row["object_id"], hint=job.hint)
    else:
        with town.app.engine.begin() as conn:
            conn.execute(job.table.update().where(job.table.c.id == job.row).values(due_at=town.clock.now()))
    town.step(job.shelf)


def play(town: Town, call: Call, fault: str) -> None:
    expected, job, begun = becomes(call, fault), ROADS[call.road](town), town.clock.now()
    town.asked.clear()
    with faulty(town, call, fault):
        row = settled(town, job)
    if fault not in NOT_REACHED:
        assert call.name in town.asked, f"it was never asked: {town.asked}"
    account = town.account(call.system)
    state = state_of(row, account.trouble, town.clock.now())
    assert state == expected, f"{state}, not {expected}: {row['reason']!r}"
    if state != "done":
        assert row["reason"].startswith(
            (call.system.title()[:4], "OpenAI", "HubSpot", "Nothing more", "Jira", "somebody wrote")
        ), row
    assert "bug:" not in row["reason"]
    if fault == "429, absurd":
        assert f"asks for a wait of {ABSURD_S} s, which we cut to" in row["reason"]
    elif state == "told" and fault != "429":
        assert TOLD_S - 1 <= (row["due_at"] - begun).total_seconds() <= TOLD_S * 1.2 + 5
    lifted(town, call, job, state)
    if state == "done" and job.ended():
        again(town, job)
        lifted(town, call, job, state)
    assert job.ended() == ""
    assert not town.account(call.system).trouble


def _short(number: int) -> bool:
    call, fault = CELLS[number]
    written = call.name.startswith("jira PUT") or (call.kind == "write" and call.road != "internal note")
    if FAULTS[fault]["what"] in {"delay", "refused"}:
        return written
    return written or call.kind == "create" or number % EVERY == 0


def _played(number: int) -> Any:
    call, fault = CELLS[number]
    name = f"{call.road}-{call.name.partition(' ')[2]}-{fault}"
    return pytest.param(number, marks=() if _short(number) else pytest.mark.long, id=name)


@pytest.mark.parametrize("number", [_played(number) for number in range(len(CELLS))])
def test_what_becomes_of_the_row_and_that_it_ends_well(town: Town, number: int) -> None:
    play(town, *CELLS[number])


@pytest.mark.parametrize("road", ROADS)
def test_no_call_is_made_that_the_table_does_not_name(town: Town, road: str) -> None:
    """And none is named that is not made."""
    job = ROADS[road](town)
    town.asked.clear()
    town.step(job.shelf)
    anywhere = {call.name for call in CALLS}
    named = [call for call in CALLS if call.road == road]
    assert set(town.asked) <= anywhere, "give it a row in tests/connectors/faults/table.py"
    assert {call.name for call in named} <= set(town.asked)
    lifted(town, named[0], job, "done")  # an import has more steps
    assert set(town.asked) <= anywhere, "give it a row in tests/connectors/faults/table.py"
    assert job.ended() == ""


def test_the_document_for_operators_says_the_same() -> None:
    page = (Path(__file__).parents[3] / "docs/faults.md").read_text()
    for state, words in STATES.items():
        assert f"| {state} | {words} |" in page
    for fault in FAULTS:
        states = " | ".join(
            BECOMES[fault][kind] for kind in ("look", "sync", "read", "write", "create", "token", "make")
        )
        assert f"| {fault} | {states} |" in page
