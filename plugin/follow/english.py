"""The page in English."""

from lineage.terms import Standing, State
from plugin.follow.words import Words

ENGLISH = Words(
    tag="en",
    to_the_content="To the content",
    title="Where did my request go?",
    asked_on="You asked us on {}:",
    voted_on="You voted for this on {}:",
    only_you="Only you were given the link to this page. Whoever has it can read the page.",
    became="What became of it",
    standings={
        Standing.WAITING: "We have noted it. It is not ready yet.",
        Standing.STARTED: "We are working on it.",
        Standing.PART_DELIVERED: "{d} of {n} parts are ready.",
        Standing.DELIVERED: "It is ready.",
        Standing.DELIVERED_IN_PART: "{d} of {n} parts are ready. The rest will not be done.",
        Standing.DECLINED: "It will not be done.",
    },
    one_out="1 of {n} parts is ready.",
    one_out_rest_declined="1 of {n} parts is ready. The rest will not be done.",
    states={
        State.DELIVERED: "ready",
        State.STARTED: "we are working on it",
        State.DECLINED: "will not be done",
        State.OPEN: "not ready yet",
    },
    nameless="Something that has no public name yet",
    nameless_part="a part that has no public name yet",
    undecided="Your request is with us. What becomes of it is not decided yet.",
    wrote="What we wrote to you",
    wrote_nothing="Nothing yet.",
    places={
        "zendesk:ticket": "in your ticket #{}",
        "zendesk:followup": "in a follow-up to your ticket #{}",
        "forum:post": "in the forum",
    },
    elsewhere="where you asked",
    change="Does this fit?",
    no_longer="I no longer need this",
    no_longer_question="Do you no longer need this?",
    no_longer_means="Then your request counts no more, and we write nothing further to you about it. "
    "You can take that back on your page at any time.",
    withdrawn_on="On {}, you told us that you no longer need this. We write nothing further to you about it.",
    after_all="I need it after all",
    not_meant="This is not what I meant",
    not_meant_question="What did you mean?",
    not_meant_label="In your own words, if you like",
    not_meant_goes_to="This goes to the people at {} who look after your request.",
    not_meant_on="On {}, you told us that this is not what you meant. Somebody will look into it.",
    send="Send",
    back="Back",
    dead="This link leads nowhere",
    dead_advice="It may be incomplete, or have been replaced by a newer one. "
    "You find the newest in what we wrote to you last.",
    stale="This form is no longer good",
    stale_advice="Go back to your page and try again.",
    too_often="That was a little too often",
    too_often_advice="Wait a while, then try again.",
)
