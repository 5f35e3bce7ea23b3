"""Internal notes on a person's tickets. Agents read them, customers do not."""

from collections.abc import Sequence

from babel.lists import format_list

from lineage.wording.catalogue import catalogue, later
from lineage.wording.languages import joint, language_of
from lineage.wording.markup import one_line

TOLD = {
    "ticket": later("Kithspark told this person about %(titles)s in ticket #%(number)s."),
    "followup": later("Kithspark told this person about %(titles)s in a follow-up on ticket #%(number)s."),
    "forum": later("Kithspark told this person about %(titles)s in the forum."),
    "": later("Kithspark told this person about %(titles)s elsewhere (%(place)s %(number)s)."),
}
TOLD_THE_NEWS = {
    "ticket": later("Kithspark told this person the news in ticket #%(number)s."),
    "followup": later("Kithspark told this person the news in a follow-up on ticket #%(number)s."),
    "forum": later("Kithspark told this person the news in the forum."),
    "": later("Kithspark told this person the news elsewhere (%(place)s %(number)s)."),
}


def note(*, told_where: str, titles: Sequence[str], language: str = "en") -> str:
    """Says that the person was told, of what, and where.

    `told_where` is a place as notices name it: `zendesk:ticket:123`, `zendesk:followup:98`, `forum:post:9`.

    >>> note(told_where="zendesk:ticket:123", titles=["KS-2", "KS-3"])
    'Kithspark told this person about KS-2 and KS-3 in ticket #123. Nothing needs to be written here.'
    """
    spoken = language_of(language)
    _ = catalogue(spoken).gettext
    system, _rest, rest = told_where.partition(":")
    what, _rest, number = rest.partition(":")
    place = system if system == "forum" else what
    told = TOLD if titles else TOLD_THE_NEWS
    said = _(told.get(place, told[""])) % {
        "titles": format_list([one_line(title) for title in titles], locale=spoken),
        "place": one_line(place),
        "number": one_line(number),
    }
    nothing_to_do = _("Nothing needs to be written here.")
    return f"{said}{joint(spoken)}{nothing_to_do}"


def remark_note(words: str, language: str = "en") -> str:
    r"""Says that the requester does not find themselves understood; `words` are theirs, or none.

    >>> remark_note("Not PDF,\nCSV.").splitlines()[2]
    'They wrote: “Not PDF, CSV.”'
    """
    _ = catalogue(language_of(language)).gettext
    quoted = one_line(words)
    said = [
        _("The requester says on their own page that this is not what they meant."),
        _("They wrote: “%(words)s”") % {"words": quoted} if quoted else "",
        _("Please look again at what this ticket is linked to."),
    ]
    return "\n\n".join(filter(None, said))
