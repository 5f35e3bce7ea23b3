"""What an operator sees while a workspace that came from a backup is read back."""

from datetime import timedelta

from lineage import restored
from store.database import transaction
from tests.plugin.admin.conftest import Browser
from tests.plugin.house import House


def test_the_overview_says_that_nothing_goes_out_and_how_far_it_is(house: House, olga: Browser) -> None:
    assert "Restored from a backup" not in olga.get("/admin/acme/").text
    user = house.zendesk.add_user("Ana", "ana@acme.example")
    house.reads_ticket(house.zendesk.open_ticket(user, "PDF please", "I need a pdf.").id)
    now = house.clock.now()
    with transaction(house.state.engine) as conn:
        restored.begin(conn, house.workspace, backup_at=now - timedelta(days=1), now=now)
    assert "Jira and Zendesk are read first" in olga.get("/admin/acme/").text
    with transaction(house.state.engine) as conn:
        restored.begin_reading(conn, house.workspace, now=now)
    page = olga.get("/admin/acme/").text
    assert "<b>Nothing goes out</b>" in page
    assert "0 of 1 persons are done" in page
    with transaction(house.state.engine) as conn:
        restored.finish(conn, house.workspace, now=now)
    assert "Restored from a backup" not in olga.get("/admin/acme/").text


def test_the_end_is_told_from_how_fast_it_went_so_far(house: House) -> None:
    now = house.clock.now()
    progress = restored.Progress(now, now, now, persons=100, left=75, parked=0, finished_at=None)
    assert progress.ends_at(now + timedelta(minutes=5)) == now + timedelta(minutes=20)
    nobody_yet = restored.Progress(now, now, now, persons=100, left=100, parked=0, finished_at=None)
    assert nobody_yet.ends_at(now + timedelta(minutes=5)) is None
