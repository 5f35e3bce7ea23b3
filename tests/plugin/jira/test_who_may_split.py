"""Whom Jira lets split an issue, and where: said before anything is done."""

from tests.plugin.house import House
from tests.plugin.jira.conftest import open_panel, works
from tests.plugin.jira.test_split import SPLIT, confirmed
from tests.plugin.jira.test_split import waits as waits  # noqa: PLC0414 - Ana and Bo ask for KS-1


def test_nobody_does_by_our_account_what_jira_does_not_let_them(waits: House) -> None:
    site, panel = waits.jira.site, open_panel(waits, "KS-1")
    site.forbidden.add((waits.jira.user.account_id, "CREATE_ISSUES"))
    for path in ("/split/preview", "/split"):
        assert "Jira does not let you do this here" in panel.post(path, **SPLIT).text
    site.forbidden.clear()
    site.no_admin = True
    assert "Administer Jira" in panel.post("/split", **SPLIT).text
    site.no_admin = False
    secret = waits.jira.add_issue("XX-1", "Secret plans")
    site.forbidden.add((waits.jira.user.account_id, "BROWSE_PROJECTS"))
    page = panel.post("/split/form", **{**SPLIT, "find": "secret", "search": "yes"}).text
    assert "Secret plans" not in page and "finds nothing that you may see" in page
    assert "Jira does not let you do this here" in panel.post("/split/preview", **SPLIT).text
    site.forbidden.clear()
    site.hidden.add((waits.jira.user.account_id, secret.id))
    page = panel.post("/split/form", **{**SPLIT, "find": "secret", "search": "yes"}).text
    assert "Secret plans" not in page and "finds nothing that you may see" in page
    assert "There is no issue XX-1" in panel.post("/split/preview", **{**SPLIT, "part": ["XX-1"]}).text
    assert works(waits) == []


def test_a_project_that_asks_for_more_says_so_before(waits: House) -> None:
    waits.jira.site.asked_fields["KS"] = {"customfield_10020": "Team"}
    page = open_panel(waits, "KS-1").post("/split/preview", **SPLIT).text
    assert "A new issue needs more in this project (Team)" in page


def test_a_project_in_which_nothing_of_its_type_can_be_made_says_so_before(waits: House) -> None:
    waits.jira.site.project("KS").open_to_new = False
    panel, said = open_panel(waits, "KS-1"), "Jira lets our account make no Story in KS."
    for path in ("/split/preview", "/split"):
        page = panel.post(path, **SPLIT).text
        assert said in page and 'value="By mail"' in page
    waits.jira.add_issue("KS-7", "Weekly mails")
    assert said not in panel.post("/split/preview", **{**SPLIT, "part": ["KS-7"]}).text
    assert works(waits) == []


def test_who_may_not_edit_the_issue_does_not_split_it(waits: House) -> None:
    me, panel = waits.jira.user.account_id, open_panel(waits, "KS-1")
    assert "Split…" in panel.page
    waits.jira.site.forbidden.add((me, "EDIT_ISSUES"))
    for path in ("/split/preview", "/split"):
        assert "Jira does not let you do this here" in panel.post(path, **SPLIT).text
    assert works(waits) == []
    waits.clock.advance(61)
    assert "Split…" not in open_panel(waits, "KS-1").page


def test_what_customers_read_of_a_part_is_for_whoever_may_edit_it(waits: House) -> None:
    other = waits.jira.add_issue("KS-7", "Weekly mails")
    waits.jira.site.uneditable.add((waits.jira.user.account_id, other.id))
    panel, form = open_panel(waits, "KS-1"), {**SPLIT, "part": ["Other", "ks-7"]}
    for path in ("/split/preview", "/split"):
        assert "Jira does not let you edit KS-7" in panel.post(path, **form).text
    assert works(waits) == []
    confirmed(panel, {**form, "title": ["Other", ""]})
    assert works(waits) == ["done"]
