"""What became of each request, how much each issue counts, and who is owed which news.

The door for the other rooms; everything else in here is how it is done.

    ledger.record(conn, workspace, change, …)    whatever happened, in the words of `changes`
    questions.…(conn, workspace, …)              whatever a screen or a command wants to know
    notices.approve, cancel, retry               what people decide about messages
    editing.edit · pausing.pause, resume         … about the words of one, and about all of them
    notices.begin, keep · outbox.…               one message on its way, for those who deliver
    history.note(conn, …)                        what was done to rows of other rooms: a post, the mapping
    terms, changes, seen, errors, money          plain values and the refusals
    agent_changes                                what agents say of a suggestion that is wrong
    requester_changes, operator_changes, engineer_changes    more of them, by who does it
    wording                                      the languages that we write, days, and operators' templates
    decided                                      what was decided of an item, to be put back
    tables, components, outcomes, demand_days    to read and join; only `ledger` and `outbox` write them
    remark_rows                                  the table of what requesters say to us, as those
    counting                                     what everything counts; `counting.rebuild` works it out anew
    restored, recalling, marks                   what is found of ours at the vendors after a restore
    replanning                                   planning for many, a hundred persons at a time
    likeness                                     which items a text sounds like
    votes                                        what posts and votes are called
    measures                                     by what the board ranks items
    past_places, placing                         where items stood on a day that somebody compares with
    people, issues, world                        to find one person, and what is known of an item
"""

__all__ = [
    "agent_changes",
    "changes",
    "components",
    "counting",
    "decided",
    "demand_days",
    "editing",
    "engineer_changes",
    "errors",
    "history",
    "issues",
    "ledger",
    "likeness",
    "marks",
    "measures",
    "money",
    "notices",
    "operator_changes",
    "outbox",
    "outcomes",
    "past_places",
    "pausing",
    "people",
    "placing",
    "questions",
    "recalling",
    "remark_rows",
    "replanning",
    "requester_changes",
    "restored",
    "seen",
    "tables",
    "terms",
    "votes",
    "wording",
    "world",
]
