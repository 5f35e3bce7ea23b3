"""The operator's own wording on the command line."""

from tests.plugin.commands.conftest import Prompt

OWN = "{{ greeting }}\n\nGood news.\n\n{{ earlier }}\n\n{{ news }}\n"
DELIVERED = ("wording", "acme", "--kind", "delivered", "--language", "de")


def test_a_template_is_shown_set_from_a_file_listed_and_given_up(prompt: Prompt) -> None:
    assert "Every message is worded by us." in prompt.does("wording", "acme")
    assert prompt.does(*DELIVERED).startswith("{{ greeting }}\n\n{{ earlier }}")
    assert "is yours" in prompt.does(*DELIVERED, "--file", "-", said=OWN)
    assert prompt.does(*DELIVERED) == OWN
    (kept,) = prompt.reads("wording", "acme")["wordings"]
    assert (kept["kind"], kept["language"], kept["template"]) == ("delivered", "de", OWN.strip())
    assert "is ours again" in prompt.does(*DELIVERED, "--default")
    assert prompt.reads("wording", "acme") == {"wordings": []}


def test_what_cannot_be_used_is_refused_and_nothing_is_kept(prompt: Prompt) -> None:
    for words, why in (("{{ 7*7 }}", "Line 1: Mul"), ("Hello", "It must name everything")):
        assert why in prompt.fails(*DELIVERED, "--file", "-", said=words)
        assert why in prompt.fails(*DELIVERED, "--file", "-", "--preview", said=words)
    assert prompt.reads("wording", "acme") == {"wordings": []}


def test_a_preview_keeps_nothing_and_says_where_there_is_no_case(prompt: Prompt) -> None:
    assert "there is no case to show" in prompt.does(*DELIVERED, "--file", "-", "--preview", said=OWN)
    assert prompt.reads(*DELIVERED, "--preview") == {"previews": []}
    assert prompt.reads("wording", "acme") == {"wordings": []}


def test_wrong_usage_says_what_to_give(prompt: Prompt) -> None:
    assert "--kind and --language" in prompt.fails("wording", "acme", "--preview", code=2)
    assert "either --file or --default" in prompt.fails(*DELIVERED, "--file", "-", "--default", code=2)
    assert "zh" in prompt.fails("wording", "acme", "--kind", "delivered", "--language", "zh", code=2)


def test_who_wanted_no_news_can_want_it_again(prompt: Prompt) -> None:
    for more in ((), ("--undo",)):
        said = prompt.fails("opt-out", "acme", "--person", "ana@example.com", *more)
        assert "Nobody is known by ana@example.com" in said
