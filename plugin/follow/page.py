"""The page itself: your words, what became of them, what we wrote to you."""

from datetime import datetime

from flask.typing import ResponseReturnValue

from lineage import questions
from lineage.terms import State
from lineage.wording.languages import day
from plugin import app_state
from plugin.follow import phrases
from plugin.follow.reader import Requester, requesters_only
from plugin.pages import limits
from plugin.picture import draw
from store.database import reading

MARKS = {State.DELIVERED: "✓", State.STARTED: "◐", State.DECLINED: "✗", State.OPEN: "…"}


@limits.limit("120/minute")
@requesters_only
def show(reader: Requester) -> ResponseReturnValue:
    with reading(app_state.current().engine) as conn:
        found = questions.where_it_went(conn, reader.workspace, reader.request)
        pictures = {
            ask.ask_id: draw(questions.public_picture_of_ask(conn, reader.workspace, ask.ask_id))
            for ask in found.asks
        }

    def on(at: datetime) -> str:
        return day(at, reader.tag)

    return reader.show(
        "follow/page.html", found=found, on=on, marks=MARKS, pictures=pictures, phrases=phrases
    )
