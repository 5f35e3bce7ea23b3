"""Operators' own templates: what they may hold, what they must say, and that nothing breaks out of them."""

import html
import re
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lineage.terms import Kind, State
from lineage.wording import LANGUAGES, STARTER, Line, Message, trouble_with, write
from lineage.wording.own import LONGEST
from lineage.wording.own_rules import LONGEST_SOURCE
from lineage.wording.samples import samples
from tests.lineage.golden_messages import FOLLOW_URL, MESSAGES, PART, WHOLE, letter

DETAILED = """\
Dear {{ name|default("customer", true) }},

{{ earlier }}

{% for one in corrections %}
{{ one.title }} ({{ one.told_on }}): {{ "not ready after all" if one.said == "delivered" else "changed" }}

{% endfor %}
{% for section in sections %}
{{ section.delivered }}/{{ section.count }} of {{ section.about|default("your wish", true) }}

{% for part in section.parts if part.title %}
{{ part.mark }} {{ part.title }}{% if part.new and not loop.last %} *{% endif %}
{% endfor %}

{% endfor %}
{% if page_url and not public %}
See {{ page_url }}
{% endif %}
"""

FORBIDDEN = [
    ("{{ 7 * 7 }}", "Mul is not for messages"),
    ("{{ range(9) }}", "Call is not for messages"),
    ("{% for n in range(10**9) %}{% endfor %}", "loops go over what a message has"),
    ("{{ ''.__class__.__mro__ }}", "needs what a loop is about"),
    ("{{ name.__class__ }}", "“.__class__” needs what a loop is about"),
    ("{% for one in sections %}{{ one.__class__ }}{% endfor %}", "a section has no “__class__”"),
    ("{% for one in sections %}{{ one.items() }}{% endfor %}", "Call is not for messages"),
    ("{% for one in sections %}{{ one['about'] }}{% endfor %}", "Getitem is not for messages"),
    ("{% for one in sections %}{% for two in sections %}{% endfor %}{% endfor %}", "loops go over"),
    ("{% for c in name %}{% endfor %}", "loops go over"),
    ("{% for a, b in sections %}{% endfor %}", "loops go over"),
    ("{% for one in sections recursive %}{% endfor %}", "loops go over"),
    ("{% include 'letter.txt' %}", "Include is not for messages"),
    ("{% extends 'letter.txt' %}", "Extends is not for messages"),
    ("{% import 'letter.txt' as x %}", "Import is not for messages"),
    ("{% macro x() %}{% endmacro %}", "Macro is not for messages"),
    ("{% set x = 1 %}", "Assign is not for messages"),
    ("{% block news %}{% endblock %}", "Block is not for messages"),
    ("{% filter upper %}x{% endfilter %}", "FilterBlock is not for messages"),
    ("{{ 'x' * 999999999 }}", "Mul is not for messages"),
    ("{{ 2 ** 2 ** 40 }}", "Pow is not for messages"),
    ("{{ name|attr('x') }}", "the filter “attr” is not for messages"),
    ("{{ name|replace('a', 'b') }}", "the filter “replace” is not for messages"),
    ("{{ name|default(company) }}", "give the filter “default” a short text"),
    ("{{ name is defined }}", "Test is not for messages"),
    ("{{ summary }}", "a message knows no “summary”. It knows company, corrections"),
    ("{{ self }}", "a message knows no “self”"),
    ("{{ loop }}", "a message knows no “loop”"),
    ("{% for one in sections %}{{ one.summary }}{% endfor %}", "a section has no “summary”. It has about"),
    ("{{ news", "Line 1:"),
    ("a\nb\n{% if %}", "Line 3:"),
    ("{% if a %}" * 3000, "at most 10,000 characters"),
    ("x" * (LONGEST_SOURCE + 1), "at most 10,000 characters"),
    ("{{ " + "(" * 4000 + "name" + ")" * 4000 + " }}", "nested too deeply"),
    ("{{ news }}" * 400, "Use at most"),
    ("", ""),
    ("Hello {{ name }}", "must name everything it tells of"),
    ("{{ greeting }}{{ signature }}", "must name everything it tells of"),
    ("{{ news }}", "must say which earlier request"),
    ("{{ earlier }}\n\n{{ news }}\n\n{{ page_url }} is yours.", "must end its paragraph"),
    ("{{ earlier }}{{ news }}" + "long " * 1000 + "{{ news }}" * 250, "longer than 20,000"),
    ("{{ earlier }}{{ news }}{{ 1 < name }}", "cannot be filled in"),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MESSAGES)
def test_the_template_that_one_begins_with_says_just_what_ours_says(name: str, language: str) -> None:
    message = replace(MESSAGES[name], language=language)
    assert write(replace(message, own=STARTER)) == write(message)


@pytest.mark.parametrize(("template", "why"), FORBIDDEN, ids=range(len(FORBIDDEN)))
def test_what_cannot_be_used_is_refused_with_what_to_do(template: str, why: str) -> None:
    trouble = trouble_with(Kind.DELIVERED, "en", template)
    assert why in trouble
    assert bool(trouble) == bool(template)
    ours = write(MESSAGES["all at once"])
    if why and "Tried" not in trouble:
        assert write(replace(MESSAGES["all at once"], own=template)).text == ours.text


@pytest.mark.parametrize("kind", Kind)
def test_a_detailed_template_can_say_every_kind(kind: Kind) -> None:
    assert trouble_with(kind, "de", DETAILED) == ""
    assert {message.kind for message in samples(kind).values()} == {kind}


def test_it_says_what_the_operator_wrote() -> None:
    written = write(replace(MESSAGES["1 of 2 parts"], own=DETAILED))
    assert written.text == (
        "Dear Ana Silva,\n\n1/2 of Export to PDF\n\n"
        "✓ Export a single report to PDF *\n… Scheduled exports\n\n"
        f"See {FOLLOW_URL}"
    )
    assert written.html.endswith(f'<p>See <a href="{FOLLOW_URL}">{FOLLOW_URL}</a></p>')
    assert written.trouble == ""


def test_where_it_fails_ours_is_said_with_the_reason() -> None:
    own = "{{ greeting }}\n\nGood news! {% for s in sections %}{{ s.about }}{% endfor %}"
    written = write(replace(MESSAGES["all at once"], own=own))
    assert written.text == write(MESSAGES["all at once"]).text
    assert "must name everything" in written.trouble


def test_a_public_entry_names_nobody_whatever_the_template() -> None:
    own = "{{ name }}{{ greeting }}{{ page }}{{ page_url }}{{ earlier_subject }}{{ signature }}\n\n{{ news }}"
    entry = write(letter(Kind.DELIVERED, WHOLE, public=True, subject="Mine", follow_url=FOLLOW_URL))
    worded = write(
        replace(letter(Kind.DELIVERED, WHOLE, public=True, subject="Mine", follow_url=FOLLOW_URL), own=own)
    )
    assert worded.text == entry.text
    assert worded.trouble == ""


def test_a_title_of_ten_thousand_characters_is_said_or_ours_stands_in() -> None:
    long = replace(WHOLE, lines=(Line("long title " * 910, State.DELIVERED, True),))
    once = write(replace(letter(Kind.DELIVERED, long), own="{{ news }}"))
    assert once.trouble == "" and len(once.text) > 10_000
    thrice = write(replace(letter(Kind.DELIVERED, long), own="{{ news }}\n\n{{ news }}\n\n{{ news }}"))
    assert "longer than 20,000" in thrice.trouble
    assert thrice.text == write(letter(Kind.DELIVERED, long)).text


HOSTILE = st.sampled_from(
    [
        "<script>alert(1)</script>", "{{ 7*7 }}", "{% raw %}", "{# gone #}", "{{ticket.requester.email}}",
        "{", "{{", "}}", "\u202egnirts\u202c", "\x00\x1b[0m", "✓ a\n\n✗ b", "</p><a href='//evil.example'>",
        "x" * 10_000, "%(name)s", "%s%n", "\u2028", FOLLOW_URL, "&lt;", "💥", "",
    ]
)  # fmt: skip
PIECES = st.sampled_from(
    [
        "{{ news }}", "{{ greeting }}", "{{ name|upper }}", "{{ page }}", "{{ page_url }}", "\n\n", " ",
        "{{ '{{' }}ticket.id}}", "{{ '{' }}{% if name %}{{ '{' }}{% endif %}", "{% for s in sections %}",
        "{% for p in s.parts %}", "{{ p.title }}", "{{ p.mark }}", "{% endfor %}", "{% if public %}", "<b>",
        "{% endif %}", "{{ s }}", "{{ sections }}", "{{ loop.index }}", "\u202e", "{{ 7*7 }}", "{{ self.x }}",
        "{%", "}}", "✓ ", "{{ '<script>' }}", "{{ ''.__class__ }}", "{{ earlier }}", "\x00",
    ]
)  # fmt: skip
TEMPLATES = st.lists(PIECES, max_size=12).map("".join)


@example("{{ news }}\x00", "", "", False)
@settings(max_examples=200, deadline=None)
@given(TEMPLATES, HOSTILE, HOSTILE, st.booleans())
def test_hostile_templates_and_hostile_titles_stay_words(
    template: str, title: str, name: str, public: bool
) -> None:
    part = replace(PART, about=title, lines=tuple(replace(one, title=title) for one in PART.lines))
    message = Message(Kind.PART_DELIVERED, "en", name, (part,), (), FOLLOW_URL, title, public, name, template)
    written = write(message)
    assert not re.search(r"\{[{%#]|[\x00-\x09\x0b-\x1f\u202a-\u202e]", written.text)
    assert len(written.text) <= max(LONGEST, len(write(replace(message, own="")).text))
    ours = {"<p>", "</p>", "<br>", "</a>", f'<a href="{FOLLOW_URL}">'}
    assert set(re.findall(r"<[^>]*>?", written.html)) <= ours
    assert not public or "<a" not in written.html
    read = html.unescape(re.sub(r"<[^>]*>", " ", written.html))
    assert " ".join(read.split()) == " ".join(written.text.split())
    assert "49" not in written.text
    if written.trouble:
        assert written.text == write(replace(message, own="")).text
