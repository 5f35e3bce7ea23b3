"""Internal notes on a person's tickets. Agents read them, customers do not."""

from collections.abc import Sequence

from babel.lists import format_list

from lineage.wording.languages import language_of
from lineage.wording.markup import as_text, blocks, one_line
from lineage.wording.write import render


def note(*, told_where: str, titles: Sequence[str], language: str = "en") -> str:
    """Says that the person was told, of what, and where.

    `told_where` is a place as notices name it: `zendesk:ticket:123`, `zendesk:followup:98`, `forum:post:9`.

    >>> note(told_where="zendesk:ticket:123", titles=["KS-2", "KS-3"])
    'Kithspark told this person about KS-2 and KS-3 in ticket #123. Nothing needs to be written here.'
    """
    spoken = language_of(language)
    system, _, rest = told_where.partition(":")
    what, _, number = rest.partition(":")
    rendered = render(
        f"{spoken}/note.txt",
        titles=format_list([one_line(title) for title in titles], locale=spoken),
        place=system if system == "forum" else one_line(what),
        number=one_line(number),
    )
    return as_text(blocks(rendered))


def remark_note(words: str, language: str = "en") -> str:
    r"""Says that the requester does not find themselves understood; `words` are theirs, or none.

    >>> remark_note("Not PDF,\nCSV.").splitlines()[2]
    'They wrote: “Not PDF, CSV.”'
    """
    return as_text(blocks(render(f"{language_of(language)}/remark.txt", words=one_line(words))))
