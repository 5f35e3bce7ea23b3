"""Chapter 2, rules 6, 7 and 10 at once: links that decide about one another."""

from tests.lineage.golden.script import Script
from tests.lineage.golden.table import Chapter
from tests.lineage.golden.then import Then

TANGLED = Chapter()


@TANGLED.shows("2.10", "2.6", "2.9.undo")
def a_container_that_is_called_a_duplicate_closes_no_circle(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-2", "KS-3")
    story.ask("Ana", "KS-1")
    story.ask("Cy", "KS-3")
    story.link_in_jira("merged", "KS-3", "KS-1", link_id="1001")
    story.link_in_jira("merged", "KS-1", "KS-3", link_id="1002")
    story.link_in_jira("split", "KS-3", "KS-2", link_id="1003")
    then.rests("Ana", "KS-1 1")
    then.rests("Cy", "KS-1 1/2", "KS-2 1/2")  # only what KS-3 keeps goes to KS-1 (rule 6)
    then.set_aside("KS-1 merged into KS-3: circle")
    story.keeps_part("KS-3", False)  # so 1001 hands nothing on, and 1002 closes no circle
    then.rests("Ana", "KS-2 1")
    then.rests("Cy", "KS-2 1")
    then.counts("KS-2", people=2)
    then.set_aside("KS-3 merged into KS-1: keeps no part of its own")
    story.keeps_part("KS-3", True)
    then.rests("Ana", "KS-1 1")
    then.counts("KS-2", people=1)
    story.keeps_part("KS-3", False)
    story.disconnect("KS-3", "KS-2")  # split no more: 1001 hands everything on again
    then.rests("Ana", "KS-1 1")
    then.rests("Cy", "KS-1 1")
    then.counts("KS-2", people=0)


@TANGLED.shows("2.10", "2.7", "2.2.lowest", "2.9")
def a_part_that_is_merged_back_and_before_that_into_something_merged_there_stays_a_part(
    story: Script, then: Then
) -> None:
    story.issue("KS-1", "KS-2", "KS-4")
    for who, key in (("Ana", "KS-1"), ("Bo", "KS-2"), ("Di", "KS-4")):
        story.ask(who, key)
    story.link_in_jira("merged", "KS-1", "KS-2", link_id="1004")
    story.link_in_jira("merged", "KS-1", "KS-4", link_id="1003")
    story.link_in_jira("merged", "KS-4", "KS-2", link_id="1002")
    then.rests("Ana", "KS-2 1")  # by KS-4
    story.link_in_jira("split", "KS-2", "KS-1", link_id="1001")
    # 1004 would cancel 1001; then 1003 would close no circle, and come before 1004, which would not count.
    then.rests("Ana", "KS-1 1")
    then.rests("Bo", "KS-1 1/2", "KS-2 itself 1/2")
    then.rests("Di", "KS-1 1/2", "KS-2 itself 1/2")
    then.set_aside("KS-1 merged into KS-4: circle", "KS-1 merged into KS-2: circle")
    story.disconnect("KS-1", "KS-4")  # the way out: it is merged back now
    for who in ("Ana", "Bo", "Di"):
        then.rests(who, "KS-2 1")
    then.set_aside("KS-2 split into KS-1: merged back")
