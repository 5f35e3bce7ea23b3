"""What a reader in Jira may filter the demand board by, and what a guess tells them: nothing."""

from dataclasses import replace

from sqlalchemy import insert, select, update

from lineage.components import item_components
from lineage.tables import companies, items
from store import workspaces
from store.database import transaction
from tests.plugin.house import House, bearer_of, carrying
from tests.plugin.house import house as house  # noqa: PLC0414 - the fixture of this module
from tests.plugin.test_demand_board import in_jira, keys
from tests.plugin.test_demand_board import story as story  # noqa: PLC0414


def test_in_jira_nobody_is_offered_what_they_may_not_look_into(story: House) -> None:
    site, me = story.jira.site, story.jira.user.account_id
    with transaction(story.state.engine) as conn:
        conn.execute(update(companies).values(segment="Secret agencies"))
        rows = conn.execute(select(items.c.id, items.c.key)).all()
        found = {row.key: row.id for row in rows}
        for key in ("KS-1", "OPS-1"):
            values = {"workspace_id": story.workspace.id, "item_id": found[key], "component": f"Of {key}"}
            conn.execute(insert(item_components).values(values))
    every = in_jira(story).text
    for offered in ('value="OPS"', "Of OPS-1", "Of KS-1", "Secret agencies"):
        assert offered in every
    site.hidden.add((me, found["OPS-1"]))
    with transaction(story.state.engine) as conn:
        wanted = replace(story.workspace.policy, customers_in_jira="editors")
        workspaces.set_policy(conn, story.workspace.id, wanted)
    story.clock.advance(61)
    shown = in_jira(story)
    assert "Of KS-1" in shown.text
    for secret in ('value="OPS"', "Of OPS-1", "Secret agencies"):
        assert secret not in shown.text
    bearer = carrying(bearer_of(shown))
    guessed = story.get("/jira/acme/board?project=OPS", headers=bearer)
    assert keys(guessed) == [] and "left out" not in guessed.text, "nor does a guess tell"
    segment = story.get("/jira/acme/board?segment=Nobody", headers=bearer)
    assert keys(segment) == keys(shown), "customers are not for every reader here"
