"""What customers read, word for word, and that nothing they or we name can break out of it."""

import html
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lineage.terms import FINAL, Kind, Standing, State
from lineage.wording import LANGUAGES, Line, Message, Retraction, Section, note, remark_note, write
from lineage.wording.markup import one_line
from tests.lineage.golden_messages import ASKED, FOLLOW_URL, MESSAGES, PDF, TOLD, WHOLE, letter, words

EVERYTHING = (
    "That was everything", "Das war alles", "C'est tout", "Con esto está todo", "Isso é tudo",
    "すべて完了です",
)  # fmt: skip
NASTY = st.text(max_size=30) | st.sampled_from(
    [
        "<script>alert(1)</script>", '"><img src=x onerror=x>', "</li></ul><p>", "&lt;b&gt;", "{{ 7*7 }}",
        "{% include 'en/note.txt' %}", "{# gone #}", "{{ticket.requester.email}}", "{{{%", "a\n\n✓ b\r\n… c",
        "x\u2028\u2029y", "\x00\x1b[0m", "\u202egnirts", "✓", "", FOLLOW_URL, "https://elsewhere.example/",
    ]
)  # fmt: skip
LINES = st.builds(Line, NASTY, st.sampled_from(State), st.booleans())
SECTIONS = st.builds(
    lambda how, lines, standing, about: Section(
        ASKED, how, tuple(lines), sum(line.state is State.DELIVERED for line in lines), len(lines), standing,
        standing in FINAL, about,
    ),
    st.sampled_from(["ticket", "vote"]), st.lists(LINES, min_size=1, max_size=4), st.sampled_from(Standing),
    NASTY,
)  # fmt: skip
ANY_MESSAGE = st.builds(
    Message,
    kind=st.sampled_from(Kind),
    language=st.sampled_from([*LANGUAGES, "de-AT", "pt-BR", "zh", "", "../en"]),
    name=NASTY,
    sections=st.lists(SECTIONS, max_size=3).map(tuple),
    retractions=st.lists(st.builds(Retraction, NASTY, st.sampled_from(State), st.just(TOLD)), max_size=2).map(
        tuple
    ),
    follow_url=st.sampled_from([None, FOLLOW_URL, "https://ask.example/?a=1&b=2"]),
    followup_subject=st.none() | NASTY,
    public=st.booleans(),
    sender=NASTY,
)


def read(markup: str) -> str:
    """The words of HTML as a person reads them, by white space."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MESSAGES)
def test_the_words_are_exactly_these(name: str, language: str) -> None:
    written = write(replace(MESSAGES[name], language=language))
    assert written.text == words(language)[name]
    assert written.language == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_every_language_is_looked_at(language: str) -> None:
    assert words(language).keys() == MESSAGES.keys()


def test_html_has_paragraphs_lists_and_the_one_link() -> None:
    assert write(MESSAGES["1 of 2 parts"]).html.split("\n") == [
        "<p>Hi Ana Silva,</p>",
        "<p>On March 14, 2026, you asked us about “Export to PDF”. 1 of 2 parts is ready now:</p>",
        f"<p>✓ {PDF}<br>… Scheduled exports (we are working on it)</p>",
        "<p>We will write here once more when the rest is ready.</p>",
        f'<p>You can see where it stands at any time: <a href="{FOLLOW_URL}">{FOLLOW_URL}</a></p>',
        "<p>Reportly</p>",
    ]


def test_every_link_can_be_clicked_where_a_message_has_several() -> None:
    html_of = write(MESSAGES["two things, each with its page"]).html
    assert re.findall(r'<a href="([^"]+)">', html_of) == [FOLLOW_URL, f"{FOLLOW_URL}2"]


@pytest.mark.parametrize(
    ("tag", "language", "day"),
    [
        ("en", "en", "March 14, 2026"), ("en-GB", "en", "14 March 2026"), ("de-AT", "de", "14. März 2026"),
        ("DE_ch", "de", "14. März 2026"), ("pt-BR", "pt", "14 de março de 2026"),
        ("fr-CA", "fr", "14 mars 2026"), ("es-MX", "es", "14 de marzo de 2026"),
        ("ja-JP", "ja", "2026年3月14日"), ("zh", "en", "March 14, 2026"), ("", "en", "March 14, 2026"),
        ("not a language", "en", "March 14, 2026"),
    ],
)  # fmt: skip
def test_people_are_written_to_in_their_language_or_else_in_english(
    tag: str, language: str, day: str
) -> None:
    written = write(replace(MESSAGES["all at once"], language=tag))
    assert written.language == language
    assert day in written.text


@pytest.mark.parametrize("name", ["", " \n", "ana@acme.example", "win at https://x.example", "x" * 81])
def test_nobody_is_greeted_by_an_address_a_link_or_nothing(name: str) -> None:
    assert write(replace(MESSAGES["declined"], name=name)).text.startswith("Hello,\n\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_said_once_what_was_asked_for(language: str) -> None:
    for name, message in MESSAGES.items():
        said = write(replace(message, language=language)).text
        named = [section.about for section in message.sections if section.about]
        assert all(said.count(one) == named.count(one) for one in named), name


def test_what_nobody_has_started_is_not_promised() -> None:
    lines = (Line(PDF, State.DELIVERED, True), Line("Scheduled exports", State.OPEN, False))
    waiting = Section(ASKED, "ticket", lines, 1, 2, Standing.PART_DELIVERED, False)
    said = write(letter(Kind.PART_DELIVERED, waiting)).text
    assert "again when there is news about the rest." in said
    assert "when the rest is ready" not in said


def test_a_public_entry_names_nobody_and_gives_nobodys_link_away() -> None:
    entry = write(letter(Kind.DELIVERED, WHOLE, public=True, subject="Mine", follow_url=FOLLOW_URL))
    for private in ("Ana", "You ", "you ", "Mine", FOLLOW_URL):
        assert private not in entry.text + entry.html


def test_one_told_thing_is_taken_back_once() -> None:
    back = Retraction(PDF, State.DELIVERED, TOLD)
    assert write(letter(Kind.CORRECTION, retractions=(back, back))) == write(
        letter(Kind.CORRECTION, retractions=(back,))
    )


@settings(max_examples=150, deadline=None)
@given(ANY_MESSAGE)
def test_text_and_html_say_the_same_and_only_our_own_tags_are_tags(message: Message) -> None:
    written = write(message)
    assert read(written.html) == " ".join(written.text.split())
    link = html.escape(message.follow_url or "")
    ours = {"<p>", "</p>", "<br>", "</a>", f'<a href="{link}">'}
    assert set(re.findall(r"<[^>]*>?", written.html)) <= ours
    assert not message.public or "<a" not in written.html


@settings(max_examples=150, deadline=None)
@given(ANY_MESSAGE)
def test_no_value_adds_a_line_or_becomes_a_placeholder(message: Message) -> None:
    tame = replace(
        message,
        name="Ana",
        sender="Us",
        followup_subject=message.followup_subject and "Mine",
        sections=tuple(
            replace(one, lines=tuple(replace(line, title="X") for line in one.lines), about=one.about and "X")
            for one in message.sections
        ),
        retractions=tuple(
            replace(one, title=f"X{number}") for number, one in enumerate(dict.fromkeys(message.retractions))
        ),
    )
    wild, calm = write(message).text, write(tame).text
    assert wild.count("\n") <= calm.count("\n")
    assert not re.search(r"\{[{%#]|[\x00-\x09\x0b-\x1f\u2028\u202e]", wild)
    assert "49" not in wild or "49" in repr(message)


@settings(max_examples=200, deadline=None)
@given(ANY_MESSAGE)
def test_that_was_everything_is_said_only_when_all_is_final_and_out(message: Message) -> None:
    tame = replace(message, name="", sender="", followup_subject=None, retractions=message.retractions)
    named = [line.title for one in message.sections for line in one.lines]
    named += [one.about for one in message.sections] + [one.title for one in message.retractions]
    if any(word in one_line(title) for title in named for word in EVERYTHING):
        return
    said = any(word in write(tame).text for word in EVERYTHING)
    all_out = bool(message.sections) and all(
        one.final
        and one.standing is Standing.DELIVERED
        and all(line.state is State.DELIVERED for line in one.lines)
        for one in message.sections
    )
    assert said == (all_out and not message.retractions)


def test_a_title_that_is_a_template_is_only_a_title() -> None:
    section = replace(WHOLE, lines=(Line("{{ 7*7 }} {% raw %} <b>", State.DELIVERED, True),))
    written = write(letter(Kind.DELIVERED, section))
    assert "✓ { { 7*7 }} { % raw %} <b>" in written.text
    assert "✓ { { 7*7 }} { % raw %} &lt;b&gt;</p>" in written.html


@pytest.mark.parametrize(
    ("where", "place"),
    [
        ("zendesk:ticket:123", "in ticket #123"),
        ("zendesk:followup:98", "in a follow-up on ticket #98"),
        ("forum:post:9", "in the forum"),
        ("zendesk:community:77", "elsewhere (community 77)"),
    ],
)
def test_a_note_says_of_what_the_person_was_told_and_where(where: str, place: str) -> None:
    said = note(told_where=where, titles=["KS-1", "KS-2", "KS-3"])
    assert said == (
        f"Kithspark told this person about KS-1, KS-2, and KS-3 {place}. Nothing needs to be written here."
    )


def test_a_note_about_a_misunderstanding_quotes_the_requester() -> None:
    assert remark_note("Not {{ticket.id}}.\nCSV!") == (
        "The requester says on their own page that this is not what they meant.\n\n"
        "They wrote: “Not { {ticket.id}}. CSV!”\n\nPlease look again at what this ticket is linked to."
    )
    assert "Geschrieben" not in remark_note("", "de")


def test_a_note_is_written_in_german_too() -> None:
    said = note(told_where="zendesk:ticket:123", titles=["KS-1", "KS-2"], language="de")
    assert said == (
        "Kithspark hat dieser Person zu KS-1 und KS-2 im Ticket #123 geschrieben. "
        "Hier muss nichts mehr geschrieben werden."
    )
    assert note(told_where="forum:post:9", titles=[]) == (
        "Kithspark told this person the news in the forum. Nothing needs to be written here."
    )
