"""The second half of the story: engineers work, and customers hear of it. Each act says what it did."""

from sandbox.demo.checks import money_adds_up, same, told_once
from sandbox.demo.operator import QUIET_S
from sandbox.demo.scene import Scene
from sandbox.demo.words import Words

PART_TITLES = ("Export a single report to PDF", "Scheduled exports to PDF")
TWIN_TITLE = "Print a report into a PDF"
VERSION = "2.0"
LONG_QUIET_S = 300

PART_OF_IT = (Words.ABOUT, Words.ONE_OF_TWO, Words.MORE_TO_COME)
ALL_OF_IT = (Words.ALL_AT_ONCE, Words.EVERYTHING)
REST_OF_IT = (Words.ABOUT, Words.LAST_PART, Words.EVERYTHING)


def the_issue_is_split(scene: Scene) -> list[str]:
    cast, engineer = scene.cast, scene.engineer
    first, second = cast.parts
    engineer.split(cast.whole, list(PART_TITLES))
    same(
        "The keys of the parts",
        {first, second} <= {one.key for one in scene.stage.jira.site.issues.values()},
        True,
    )
    scene.played.parts = (cast.whole, first, second)
    scene.quiet()
    money_adds_up(scene)
    for key, title in zip(cast.parts, PART_TITLES, strict=True):
        engineer.entitle(key, title)
    engineer.only_a_container(cast.whole)
    scene.played.parts = cast.parts
    engineer.plan_for(second, VERSION)
    return [
        f"An engineer splits {cast.whole} into {first} and {second}: a third of the credit each.",
        f"In the panel they say that {cast.whole} is only the container: a half each.",
        f"{second} is to come with version {VERSION}.",
    ]


def one_wants_a_part_only(scene: Scene) -> list[str]:
    cast, who = scene.cast, scene.cast.narrowed
    second = cast.parts[1]
    scene.agent.narrow(scene.ticket(cast.whole, who), scene.issue_id(cast.whole), scene.issue_id(second))
    scene.played.narrowed[who.email] = (second,)
    return [f"{who.name} only asked for {second}: the agent ticks that in the sidebar."]


def a_twin_turns_up(scene: Scene) -> list[str]:
    cast, who = scene.cast, scene.cast.again
    scene.stage.jira.add_issue(cast.twin, "Print reports into a PDF")
    ticket = scene.tickets[cast.twin, who.email] = scene.writer(who).write(
        "Print into a PDF?", "Can I print as PDF?"
    )
    scene.agent.link_by_search(ticket, cast.twin, scene.issue_id(cast.twin), title=TWIN_TITLE)
    scene.asks(who, cast.twin)
    scene.quiet()
    money_adds_up(scene)
    scene.engineer.duplicate(cast.twin, of=cast.parts[0])
    scene.played.merged = True
    once_more = ", who asks once more," if who == cast.both else f" of {who.company.name}"
    return [
        f"{who.name}{once_more} writes ticket {ticket.id}; the agent links it to {cast.twin}.",
        f"An engineer marks {cast.twin} as a duplicate of {cast.parts[0]}: what it counted counts there.",
    ]


def the_first_part_is_done(scene: Scene) -> list[str]:
    cast = scene.cast
    scene.engineer.done(cast.parts[0])
    scene.hears(cast.closed, cast.whole, *PART_OF_IT)
    scene.hears(cast.voter, cast.whole, *PART_OF_IT, where="forum")
    if (
        cast.again == cast.both
    ):  # told of both asks in one message, in the newer ticket; the other gets a note
        scene.hears(cast.both, cast.twin, *PART_OF_IT, Words.ALL_AT_ONCE)
        scene.notes.append(scene.ticket(cast.whole, cast.both).id)
    else:
        scene.hears(cast.both, cast.whole, *PART_OF_IT)
        scene.hears(cast.again, cast.twin, *ALL_OF_IT)
    return [
        f"{cast.parts[0]} is done. Who asked for it hears of it.",
        f"{cast.narrowed.name}, who only wants {cast.parts[1]}, hears nothing.",
    ]


def it_is_reopened_meanwhile(scene: Scene) -> list[str]:
    """Within the quiet period of other news; a person ends that period once all is well again."""
    cast, first = scene.cast, scene.cast.parts[0]
    heard = {one.to.email for one in scene.said}
    scene.operator.policy("--hold", str(LONG_QUIET_S))
    scene.held = 1
    scene.engineer.done(cast.side)
    scene.quiet()
    held = scene.operator.notices("held")
    same("Who is about to hear other news", [one["person"]["email"] for one in held], [cast.closed.email])
    scene.engineer.reopen(first)
    scene.quiet()
    drafts = {one["person"]["email"] for one in scene.operator.notices("awaiting_approval")}
    same(f"For whom a correction is drafted while {first} is open again", drafts, heard)
    told_once(scene)
    scene.engineer.done(first)
    scene.quiet()
    same("Drafts that wait for approval", scene.operator.notices("awaiting_approval"), [])
    told_once(scene)
    scene.held = 0
    scene.operator.approve(scene.operator.notices("held"))
    scene.operator.policy("--hold", str(QUIET_S))
    scene.hears(cast.closed, cast.side, *ALL_OF_IT)
    return [
        f"{cast.side} is done, {cast.closed.name}'s other wish. Within its quiet period {first} is reopened:",
        f"corrections are drafted for the {len(heard)} who were told, and wait for a person.",
        f"{first} is done again: the drafts are gone, nobody is told twice. {cast.side}'s news goes out.",
    ]


def the_last_part_is_done(scene: Scene) -> list[str]:
    cast = scene.cast
    ticket = scene.ticket(cast.whole, cast.closed)
    scene.agent.close(ticket)
    scene.engineer.done(cast.parts[1])
    return [
        f"{cast.closed.name}'s ticket {ticket.id} is closed.",
        f"{cast.parts[1]} is done. Its version is not out yet, so nobody hears anything.",
    ]


def the_version_is_released(scene: Scene) -> list[str]:
    cast = scene.cast
    scene.engineer.release(VERSION)
    scene.hears(cast.narrowed, cast.whole, Words.ABOUT, *ALL_OF_IT)
    scene.hears(cast.closed, cast.whole, *REST_OF_IT, Words.ANSWERS_EARLIER, where="follow-up")
    scene.hears(cast.both, cast.whole, *REST_OF_IT)
    scene.hears(cast.voter, cast.whole, *REST_OF_IT, where="forum")
    return [
        f"Version {VERSION} is released. Everybody who is owed the rest hears it, once.",
        f"{cast.both.name} asked by ticket and by vote, and hears it once too.",
        f"{cast.closed.name}'s closed ticket gets a follow-up.",
    ]
