"""`kithspark import --csv`: what people said elsewhere, a line each, taken whole or not at all."""

from pathlib import Path

import pytest

from sandbox.jira import Jira
from tests.plugin.commands.conftest import Prompt

HEAD = "date,who,company,issue,words,kind\n"
GOOD = (
    HEAD
    + '2026-03-02,Ana Ruiz <ana@acme.example>,Acme,KS-1,"Needs ""PDF"", monthly",interview\n'
    + "2026-03-03T09:30:00+01:00,bo@acme.example,Acme,KS-1,Exports by hand,call\n"
    + "2026-03-04,Cy <cy@beta.example>,,KS-2,Opened it 40 times,usage\n"
)


@pytest.fixture
def file(tmp_path: Path, jira: Jira) -> Path:
    for key in ("KS-1", "KS-2"):
        jira.add_issue(key, f"Summary of {key}")
    path = tmp_path / "findings.csv"
    path.write_text(GOOD)
    return path


def test_a_file_is_taken_once(connected: Prompt, jira: Jira, file: Path) -> None:
    jira.transition("KS-2", "done")
    words = ("import", "acme", "--csv", str(file))
    assert connected.reads(*words, "--dry-run") == {
        "findings": 3, "people": 3, "companies": 1, "issues": 2, "already": 0, "new": 3, "imported": 0,
    }  # fmt: skip
    assert connected.reads("demand", "acme")["items"] == []
    assert connected.reads(*words)["imported"] == 3
    assert connected.reads(*words)["imported"] == 0
    [first, _] = connected.reads("demand", "acme")["items"]
    assert (first["issue"]["key"], first["requesters"], first["companies"]) == ("KS-1", 2, 1)
    [ask] = connected.reads("trace", "acme", "--person", "bo@acme.example")["asks"]
    assert ask["linked_at"] == "2026-03-03T08:30:00Z"
    assert connected.reads("notices", "acme") == {"notices": []}


def test_other_separators_and_a_mark_at_the_beginning_are_understood(connected: Prompt, file: Path) -> None:
    file.write_bytes(b'\xef\xbb\xbfDate;Who;Issue;Words\r\n2026-03-02;a@b.example;KS-1;"one\r\ntwo"\r\n')
    assert connected.reads("import", "acme", "--csv", str(file))["imported"] == 1


def test_each_line_that_is_not_well_is_named_and_nothing_is_taken(connected: Prompt, file: Path) -> None:
    file.write_text(
        GOOD
        + "03/05/2026,Ana,Acme,ks1,,talk\n"
        + "2999-01-01,ana@acme.example,,KS-1,Later\n"
        + "2026-03-02,ana@acme.example,Acme,KS-1,Too,interview,much\n"
        + '2026-03-02,Ana Ruiz <ana@acme.example>,Acme,KS-1,"Needs ""PDF"", monthly",interview\n'
    )
    said = connected.fails("import", "acme", "--csv", str(file))
    for words in (
        "line 5 date: '03/05/2026' is no date like 2026-03-02",
        "line 5 who: 'Ana' has no e-mail address",
        "line 5 issue: 'ks1' is no key like KS-1",
        "line 5 words: there are none",
        "line 5 kind: 'talk' is none of interview, call, usage",
        "line 6 has more or fewer cells",
        "line 7 has more or fewer cells",
        "line 8 says the same as line 2",
    ):
        assert words in said
    assert connected.reads("demand", "acme")["items"] == []


def test_an_issue_that_is_not_there_is_named_with_its_line(connected: Prompt, file: Path) -> None:
    file.write_text(GOOD + "2026-03-04,di@beta.example,,KS-99,Missing,call\n")
    said = connected.fails("import", "acme", "--csv", str(file))
    assert "line 5 issue: KS-99: Jira shows no such issue" in said
    assert connected.reads("demand", "acme")["items"] == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "names no column date, who, issue, words"),
        (HEAD.encode(), "holds no finding"),
        (HEAD.replace("kind", "colour").encode(), "names columns that nobody knows"),
        (HEAD.encode() + b"2026-03-02,\xff,,KS-1,x,call\n", "line 2 is not UTF-8"),
        (HEAD.encode() + b"2026-03-02,a\x00,,KS-1,x,call\n", "line 2 holds a NUL"),
        (HEAD.encode() + b'2026-03-02,a@b.example,,KS-1,"x,call\n', "cannot be read as CSV"),
        (b'"date"s,who,issue,words\n', "line 1 cannot be read as CSV"),
        (HEAD.encode() + b"0001-01-01T00:00+05:00,a@b.example,,KS-1,x,call\n", "is no date like"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(
    connected: Prompt, file: Path, content: bytes, words: str
) -> None:
    file.write_bytes(content)
    assert words in connected.fails("import", "acme", "--csv", str(file))


def test_a_file_that_is_not_there_is_one_sentence(connected: Prompt) -> None:
    assert "cannot be read" in connected.fails("import", "acme", "--csv", "nowhere.csv")
