"""The sentences that `said.py` knows: as the rules and the connectors write them."""

from lineage.wording.catalogue import later

UNTITLED_UNSEEN = later(
    "an issue you may not see has no public title, so customers cannot be told of it: somebody who sees it "
    "sets one"
)
"""In place of `NO_TITLE` of lineage/drafting.py, for whom its keys are not."""

SENTENCES = (
    UNTITLED_UNSEEN,
    later("command line"),
    # a disk without room: store/writable.py
    later(
        "The disk of the database is full: free some room there. Nothing is lost, and work goes on by itself."
    ),
    later(
        "The database is read-only: let this user write its file and folder, or end what holds it so. "
        "Nothing is lost, and work goes on by itself."
    ),
    later(
        "The disk of the database cannot be written: see its quota, its limits and the system's log. Nothing "
        "is lost, and work goes on by itself."
    ),
    # what comes next: lineage/questions/next_words.py
    later("nothing more: the request was withdrawn"),
    later("nothing more: it was declined"),
    later("nothing more: the rest was declined"),
    later("nothing more: that was everything"),
    later("nothing more: it was there before the import, and nobody was told"),
    later("draft waits for approval"),
    later("goes out now"),
    later("is being sent now"),
    later("nobody knows yet whether it arrived: it is being read back"),
    later("goes out once the pause of this workspace is over"),
    # whom we tell nothing, and where nobody can be told: lineage/recipients.py
    later("works for us"),
    later("asked to be forgotten"),
    later("opted out"),
    later("suspended in Zendesk: lift the suspension first"),
    later("not the requester of the ticket any more: a reply would reach somebody else"),
    later("the ticket was merged into another, which is being read"),
    later("no place to answer: the ticket is deleted"),
    later("heard in an interview, a call or their usage: tell them by hand, then cancel this"),
    # what is planned: lineage/planning.py, lineage/notices.py, lineage/outbox.py
    later("told in another message"),
    later("nothing is owed any more"),
    later("waits for a person's approval"),
    later("waits for approval"),
    later("edited: waits for a person's approval"),
    later("other words are due since somebody edited it: waits for a person's approval"),
    later("That is more than a year away: choose a moment before."),
    later("There are no words: write what the requester is to read, or do not send it."),
    later("One entry on a post answers many at once: set a wording of your own instead."),
    later("posted, but no trigger of your Zendesk mailed the requester: check its notification triggers"),
    # if it were finished now: lineage/questions/closing.py
    later("needs approval"),
    later("the rest was declined"),
    later("that was all"),
    later("done"),
    # links that are set aside: lineage/graph.py, lineage/questions/edges.py
    later("it was split and keeps no part of its own, so it has nothing to pass on"),
    later("it links an item to itself"),
    later("it would close a circle; remove one of the links of the circle in Jira"),
    later("the part was merged back into what it was split from"),
    # sending: connectors/zendesk/reply.py, plugin/forum/channel.py
    later("Zendesk's list of changes lags behind the ticket: reading it again"),
    later("somebody wrote on the ticket meanwhile: reading it again"),
    later("the ticket changed this moment: waiting until its stamp is settled"),
    later("the workspace is paused"),
    later("taken back: the ticket is gone"),
    later("taken back: it was not true any more, or cancelled, before it was said"),
    later("Zendesk does not show the ticket: it is deleted, or hidden from the connected account"),
    later("the requester of the ticket is somebody else now"),
    later("a messaging ticket: a comment would not reach the conversation, answer it by hand"),
    later("a side conversation: whoever asked is answered on the ticket that it belongs to"),
    later("the requester is suspended in Zendesk: lift the suspension, then try again"),
    later("nobody knows yet whether the last attempt arrived"),
    later("Zendesk does not show the voter any more: tell them by hand, or cancel this"),
    later("the voter has no e-mail address in Zendesk, so a ticket would reach nobody: tell them by hand"),
    later("the community post is closed for comments: open it there, or tell its voters by hand"),
    later("the ticket closed meanwhile"),
    later("Zendesk's rate limit is reached (429). Waiting as told."),
    later("Zendesk does not have this, or hides it from us (404)."),
    # what was to be done in Jira: plugin/jira/act_work.py, plugin/jira/undoing.py
    later(
        "No type of link in this Jira means a split yet. An operator maps one: "
        "`kithspark map SLUG --link-type ID=split`."
    ),
    later("Jira: nobody knows yet whether the issue was made. It is looked for before it is made anew."),
    later(
        "The parts are made, and Jira's workflow offers no way to done from here. Close the issue in Jira: "
        "what is out is told then."
    ),
    later("What was to be undone is not there any more."),
    # who somebody is: plugin/bearer.py, plugin/zendesk/, plugin/jira/
    later("This view is not signed in. Open it again from where it lives."),
    later("This view has rested too long. Reload the page around it to go on."),
    later("This view was opened once already. Reload the Zendesk page to open it again."),
    later("Jira's signature does not fit. Reload the issue to open this panel again."),
    later("Sign in to Jira to see what customers ask for."),
    later("Sign in to Jira to see who is waiting for this issue."),
    later("Zendesk does not count you among its agents. Ask an administrator."),
    later(
        "Zendesk shows you some of the tickets only, and the queue speaks of all of them. Approve replies "
        "beside the tickets that are yours."
    ),
    later(
        "Zendesk does not show you this ticket, or one that is answered in it, so nothing of it is shown "
        "to you here. Ask whoever administers Zendesk."
    ),
    later(
        "Zendesk keeps you from some of the tickets by a rule that is not known here, so nothing is shown "
        "to you beside them. Ask whoever administers Zendesk."
    ),
    later(
        "Zendesk does not say at the moment whether it shows you this ticket, so nothing of it is shown "
        "to you here. Try again in a moment."
    ),
    later(
        "Zendesk's signature does not fit. Reload the page; if that does not help, an operator compares the "
        "app's address, public key and audience with `kithspark connect zendesk`."
    ),
    later("Nobody is known by this address."),
    later(
        "This workspace does not show you who its customers are and what they wrote. Ask whoever administers "
        "this Jira project, or the operator of Kithspark."
    ),
    later(
        "Jira does not let you edit this issue, so nothing is decided of it here by you. Ask whoever "
        "administers this Jira project."
    ),
    # why a template cannot be used: lineage/wording/own.py, own_rules.py, samples.py
    later("It says nothing: use {{ news }}."),
    later("It must name everything it tells of: use {{ news }}, or name every part of a section."),
    later("It must say which earlier request it answers: use {{ earlier }}."),
    later("The address of a page must end its paragraph: nothing may follow {{ page_url }}."),
    later("It is nested too deeply: use simpler conditions."),
    later("one thing"),
    later("the next part"),
    later("1 of 2 parts"),
    later("two things, one done"),
    later("all at once"),
    later("the last part, by vote"),
    later("delivered in part"),
    later("nothing new, but the last word"),
    later("one part of two"),
    later("what was told is not true"),
    later("the answer to a closed ticket"),
    later("an entry in the forum"),
    later("somebody without a name, and no page"),
    later("news and a correction at once"),
    # a self-test: connectors/jira/check.py, connectors/jira/self_test.py, connectors/skew.py
    later("in step"),
    later("The account sees no project: give it Browse projects where you work."),
    later("all that is needed"),
    later("merge and split recognised"),
    later("none recognised for merge yet; say which with `kithspark map`"),
    later("none recognised for split yet; say which with `kithspark map`"),
    later("none recognised for merge and split yet; say which with `kithspark map`"),
    later("all recognised"),
    later("none on this site: what is done counts as delivered"),
    later("written and read back"),
    later("Something else was read back than was written. Does another program write kithspark.demand?"),
    later("No label can be set there. Change the issue yourself now, in any way."),
)

PATTERNS = (  # of two that fit, the first is taken
    later(
        "Zendesk put the answer to problem %(number)s on this ticket already: read it, then cancel this, or "
        "try again and approve it"
    ),
    later("%(why)s (Tried with: %(case)s.)"),
    later("Line %(line)s: %(why)s"),
    later("a message knows no “%(name)s”. It knows %(names)s."),
    later("a %(thing)s has no “%(name)s”. It has %(names)s."),
    later("“.%(name)s” needs what a loop is about before it, like section.about."),
    later("the filter “%(name)s” is not for messages. Use one of %(names)s."),
    later("give the filter “%(name)s” a short text, or nothing."),
    later("loops go over what a message has: %(loops)s."),
    later("%(what)s is not for messages. Use {{ values }}, if, for and the filters."),
    later("A template has at most %(most)s characters; this one has %(number)s."),
    later("Use at most %(loops)s loops, and name at most %(names)s values."),
    later("It becomes longer than %(most)s characters: say less."),
    later("It cannot be filled in (%(error)s): compare and show only what is there."),
    later("nothing: %(why)s"),
    later("blocked: %(why)s"),
    later("skipped: %(why)s"),
    later("goes out on %(moment)s UTC"),
    later("when %(keys)s is done or %(keys_released)s is released"),
    later("when %(keys)s is done or %(keys_released)s is released, and a person approves the words"),
    later("when %(keys)s is done"),
    later("when %(keys)s is released"),
    later("when %(keys)s is done, and a person approves the words"),
    later("when %(keys)s is released, and a person approves the words"),
    later("%(key)s was deleted: link the request to another issue"),
    later("when somebody says whether closing %(key)s was the rest of the work, or %(key)s is a container"),
    later("when somebody says what the resolution of %(key)s means, or reopens it"),
    later("%(keys)s has no public title, so customers cannot be told of it: set one"),
    later("%(keys)s have no public titles, so customers cannot be told of them: set them"),
    later("Notice %(number)s is %(state)s: there is nothing to approve."),
    later("Notice %(number)s says something else by now: read it again and approve %(number)s@%(digest)s."),
    later("Notice %(number)s is %(state)s: it cannot be cancelled any more."),
    later("Notice %(number)s is %(state)s: it cannot be edited any more."),
    later("Notice %(number)s says something else by now: read it again."),
    later("That is too long: at most %(most)s characters."),
    later("Notice %(number)s is %(state)s: there is nothing to try again."),
    later("cancelled by %(who)s"),
    later("waits for notice %(number)s, of which nobody knows yet if it arrived"),
    later("our own wording was used: %(why)s"),
    later("%(delivered)s of %(parts)s parts"),
    later("an older link (%(link)s) already says what it is a duplicate of"),
    later("same words: %(words)s"),
    later("means the same: %(words)s"),
    later("sounds alike to the connected model"),
    later("people: %(sum)s"),
    later("money: %(sum)s"),
    later("and %(number)s more companies: customer %(won)s won, pipeline %(open)s open"),
    later("%(company)s: customer %(won)s won, pipeline %(open)s open"),
    later("the ticket is %(state)s"),
    later(
        "Jira lets our account make no %(kind)s in %(project)s. Make the parts in Jira, then split again and "
        "pick them."
    ),
    later(
        "The links are removed, and Jira's workflow has no way back to “%(status)s”. Reopen the issue in "
        "Jira, then try again here."
    ),
    later("Jira: the split into %(keys)s is made, and Jira does not show it yet. Read again."),
    later("Jira: the issue is moved to done, and Jira does not show it yet. Read again."),
    later("Jira: the links are removed, and Jira still shows them. Read again."),
    later("Jira: the issue is opened again, and Jira does not show it yet. Read again."),
    later("A public title has at most %(most)s characters; this one has %(number)s."),
    later("This workspace is not connected to %(system)s: run %(command)s, then retry."),
    later("This workspace is not connected to %(system)s: run %(command)s."),
    later("Nothing is known of %(what)s: look at it first (%(command)s)."),
    later("%(origin)s is not linked to this issue."),
    later("%(seconds)s s apart: set this machine's clock by NTP"),
    later("The account lacks %(names)s: add it to a role that has them."),
    later("without %(names)s: issues cannot be created from a ticket"),
    later("not recognised: %(names)s; say what they mean with `kithspark map`"),
    later("the issue %(key)s is read"),
    later("Jira shows our account no issue %(key)s. Choose another, or let the account browse it."),
    later("the label %(label)s came and went"),
    later(
        "Jira: %(call)s answered %(status)s (%(words)s). Check the e-mail address, the API token (they end "
        "after a year at most) and the account's permissions."
    ),
    later(
        "Jira: no answer to %(call)s (%(error)s). It is tried again; if it lasts, check the address and "
        "Jira's status page."
    ),
    later("Jira: %(call)s was sent on to %(address)s. Connect that address instead."),
    later(
        "Jira: %(call)s answered 404 with a page that is not Jira's. Look whether the site is switched off, "
        "or the address wrong."
    ),
    later("Jira: %(call)s answered 404 (%(words)s). It is deleted, or hidden from us."),
    later("Jira: %(call)s answered %(status)s (%(words)s). It is tried again by itself."),
    later("Jira: %(call)s answered %(status)s (%(words)s). Asking again changes nothing."),
    later("Zendesk did not accept the OAuth client (%(why)s). Check its id and secret."),
    later("Zendesk answered %(status)s: trouble over there. It is asked again later."),
    later(
        "Zendesk answered %(status)s (%(words)s). Check the OAuth client or API token, its owner and scopes."
    ),
    later("Zendesk refused this (%(status)s: %(words)s). Asking again changes nothing."),
    later("Zendesk did not answer (%(error)s). It is asked again later."),
    later("Zendesk could not be reached (%(error)s). It is asked again later."),
    later("as %(name)s"),
)
