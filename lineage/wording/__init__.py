"""The words customers read: facts about their requests in, a short, plain and true message out.

`letter.txt` is the whole message, `become.txt` opens what became of one thing that was asked for. Each of
their sentences goes through gettext; a language is a folder in `catalogues/` and its tag in
`languages.LANGUAGES`. An operator's own template (`own.py`) may stand in for `letter.txt`.
"""

from lineage.wording.languages import LANGUAGES
from lineage.wording.message import Line, Message, Retraction, Section, Written
from lineage.wording.note import note, remark_note
from lineage.wording.own import STARTER
from lineage.wording.trying import trouble_with
from lineage.wording.write import write

__all__ = [
    "LANGUAGES",
    "STARTER",
    "Line",
    "Message",
    "Retraction",
    "Section",
    "Written",
    "note",
    "remark_note",
    "trouble_with",
    "write",
]
