"""The words customers read: facts about their requests in, a short, plain and true message out.

A language is a folder of templates and its name in `languages.LANGUAGES`. `letter.txt` is the whole
message; a file per kind opens what became of one thing that was asked for.
"""

from lineage.wording.languages import LANGUAGES
from lineage.wording.message import Line, Message, Retraction, Section, Written
from lineage.wording.note import note, remark_note
from lineage.wording.write import write

__all__ = ["LANGUAGES", "Line", "Message", "Retraction", "Section", "Written", "note", "remark_note", "write"]
