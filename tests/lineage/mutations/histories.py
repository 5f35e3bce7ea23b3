"""Short histories, each of which brings one rule about."""

from tests.lineage.model.facts import Amounts
from tests.lineage.twin.twin import Twin


def two_merges(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.merges("KS-1", into="KS-2")
    t.merges("KS-1", into="KS-3")


def circle(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.merges("KS-1", into="KS-2")
    t.merges("KS-2", into="KS-1")


def merged_back(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.splits("KS-1", "KS-2", "KS-3")
    t.merges("KS-2", into="KS-1")
    t.wants("Ana", "KS-1", "KS-2")


def narrowed(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.asks("Bo", "KS-1")
    t.is_worth("Acme", Amounts(100_001, 7))
    t.splits("KS-1", "KS-2", "KS-3")
    t.wants("Ana", "KS-1", "KS-3")


def unheeded(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.splits("KS-1", "KS-2")
    t.wants("Ana", "KS-1", "KS-9")


def container(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.splits("KS-1", "KS-2", "KS-3")
    t.keeps("KS-1", part=False)


def own_part_is_a_duplicate(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.splits("KS-1", "KS-2")
    t.merges("KS-1", into="KS-9")


def thirds(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.is_worth("Acme", Amounts(100_001, 7))
    t.splits("KS-1", "KS-2", "KS-3")


def merged_askers(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.asks("Bo", "KS-2")
    t.is_worth("Acme", Amounts(100_001, 7))
    t.merges("KS-1", into="KS-3")
    t.merges("KS-2", into="KS-3")


def colleague(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.is_staff("Ana", staff=True)


def closed_first(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.splits("KS-1", "KS-2")
    t.closes("KS-1")


def closed_first_and_a_part_is_a_duplicate(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.splits("KS-1", "KS-2")
    t.merges("KS-2", into="KS-9")
    t.closes("KS-2", "closed as a duplicate")
    t.closes("KS-1")


def one_out_one_declined(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.splits("KS-1", "KS-2")
    t.closes("KS-1")
    t.closes("KS-2", "declined")


def unmapped(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.closes("KS-1", "closed as nobody knows what")


def unreleased(t: Twin) -> None:
    t.policy(deliver="release")
    t.asks("Ana", "KS-1")
    t.belongs_to("KS-1", "1.0")
    t.closes("KS-1")


def hidden_end(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.splits("KS-1", "KS-2")
    t.hides("KS-2")
    t.disconnects("KS-1", "KS-2")


def deleted_end(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.merges("KS-1", into="KS-2")
    t.hides("KS-2")
    t.disconnects("KS-1", "KS-2")
    t.deletes("KS-1")
    t.shows("KS-2")


def told_and_unmerged(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.merges("KS-1", into="KS-2")
    t.closes("KS-2")
    t.sends()
    t.disconnects("KS-1", "KS-2")


def told_and_read_again(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.closes("KS-1")
    t.sends()
    t.hears_again(["KS-1"])
    t.sends()
    t.sends()


def told_then_merged(t: Twin) -> None:
    """What was told of a duplicate was told of what it is a duplicate of."""
    t.asks("Ana", "KS-1")
    t.closes("KS-1")
    t.sends()
    t.closes("KS-2")
    t.merges("KS-1", into="KS-2")


def told_and_reopened(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.closes("KS-1")
    t.sends()
    t.moves_to("KS-1", "new")


def corrected_and_closed_again(t: Twin) -> None:
    """A correction that was sent lets the issue be told again."""
    told_and_reopened(t)
    t.decides(yes=True)
    t.sends()
    t.closes("KS-1")


def more_was_promised(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.splits("KS-1", "KS-2")
    t.keeps("KS-1", part=True)
    t.closes("KS-2")
    t.sends()
    t.disconnects("KS-1", "KS-2")
    t.splits("KS-1", "KS-2")
    t.wants("Ana", "KS-1", "KS-2")


def voted_after_it_was_out(t: Twin) -> None:
    t.places("9", "KS-1")
    t.closes("KS-1")
    t.votes("Ana", "9")


def asks_twice(t: Twin) -> None:
    """One person, one company, two asks."""
    t.asks("Ana", "KS-1")
    t.is_worth("Acme", Amounts(100_001, 7))
    t.asks("Ana", "KS-1")


def takes_one_back(t: Twin) -> None:
    number = t.asks("Ana", "KS-1")
    t.asks("Bo", "KS-1")
    t.is_worth("Acme", Amounts(100_001, 7))
    t.unlinks(number, "KS-1", keep=False)


def a_link_and_back(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.is_worth("Acme", Amounts(100_001, 7))
    t.takes_a_link_back("split", "KS-1", "KS-2")
    t.takes_a_link_back("merged", "KS-1", "KS-3")


def read_late(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.closes("KS-1")
    t.moves_to("KS-1", "new")


def linked_and_unlinked(t: Twin) -> None:
    number = t.asks("Ana", "KS-1")
    t.unlinks(number, "KS-1", keep=False)


def read_again(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.hears_again(["KS-1"])


def wants_no_news(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.opts_out("Ana")
    t.closes("KS-1")


def users_are_one(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.asks("Bo", "KS-1")
    t.splits("KS-1", "KS-2", "KS-3")
    t.wants("Ana", "KS-1", "KS-2")
    t.wants("Bo", "KS-1", "KS-3")
    t.are_one("Bo", "Ana")


def family(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.adopts("KS-1", "KS-2")
    t.children_are_parts("KS-1", are=True)
