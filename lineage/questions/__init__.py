"""What screens and commands ask. Questions only read; each takes few statements however much it answers.

Every one takes a connection of `store.database.reading` and the workspace. Writes go through
`lineage.ledger.record`.
"""

from lineage.questions import board, queue
from lineage.questions.asks import ask_views, asks_of_person, asks_of_ticket, asks_on
from lineage.questions.closing import closing_now
from lineage.questions.closing_views import Closing, WouldHear
from lineage.questions.customer_pages import misunderstood, opened_by, pages_of_person, pages_of_ticket
from lineage.questions.days import DemandDay, demand_over_time, recorded_since
from lineage.questions.demand import demand, ranking, view_of_row
from lineage.questions.edges import edges_at
from lineage.questions.follow_views import CustomerPage, FollowAsk, FollowPart, FollowView
from lineage.questions.following import where_it_went
from lineage.questions.history import HistoryEntry, history_of
from lineage.questions.items import item, titles
from lineage.questions.notices import notices
from lineage.questions.own_wordings import OwnWording, own_wordings
from lineage.questions.picture_of_ask import picture_of_ask
from lineage.questions.picture_of_item import picture_of_item
from lineage.questions.picture_views import Picture, PictureEdge, PictureNode
from lineage.questions.plan_pages import notices_by_state
from lineage.questions.posts import post_status, post_statuses
from lineage.questions.progress import Progress, progress
from lineage.questions.public_picture import public_picture_of_ask
from lineage.questions.rejected import rejected_for
from lineage.questions.supposed import Following, NewPart, Supposed, following
from lineage.questions.views import (
    AskView,
    CarrierView,
    DemandView,
    EdgeView,
    ItemView,
    NoticeView,
    PostStatus,
    Step,
    ToldView,
)
from lineage.questions.waiting import Waiter, Waiting, waiting_for
from lineage.questions.wording_previews import Preview, preview

__all__ = [
    "AskView",
    "CarrierView",
    "Closing",
    "CustomerPage",
    "DemandDay",
    "DemandView",
    "EdgeView",
    "FollowAsk",
    "FollowPart",
    "FollowView",
    "Following",
    "HistoryEntry",
    "ItemView",
    "NewPart",
    "NoticeView",
    "OwnWording",
    "Picture",
    "PictureEdge",
    "PictureNode",
    "PostStatus",
    "Preview",
    "Progress",
    "Step",
    "Supposed",
    "ToldView",
    "Waiter",
    "Waiting",
    "WouldHear",
    "ask_views",
    "asks_of_person",
    "asks_of_ticket",
    "asks_on",
    "board",
    "closing_now",
    "demand",
    "demand_over_time",
    "edges_at",
    "following",
    "history_of",
    "item",
    "misunderstood",
    "notices",
    "notices_by_state",
    "opened_by",
    "own_wordings",
    "pages_of_person",
    "pages_of_ticket",
    "picture_of_ask",
    "picture_of_item",
    "post_status",
    "post_statuses",
    "preview",
    "progress",
    "public_picture_of_ask",
    "queue",
    "ranking",
    "recorded_since",
    "rejected_for",
    "titles",
    "view_of_row",
    "waiting_for",
    "where_it_went",
]
