"""A file of findings: what was heard in interviews and calls, or seen in usage, a line each.

It is read and checked whole, and every line that is not well is named; as long as there is one, nothing of
the file is taken.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr

KINDS = ("interview", "call", "usage")
NEEDED = ("date", "who", "issue", "words")
COLUMNS = (*NEEDED, "company", "kind")
MOST = 2000
"""Lines of one file: all of them are recorded together."""
WORDS_CHARS, NAME_CHARS = 2000, 200
EXAMPLE = "write Ana Ruiz <ana@acme.example>"
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"

ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")
ISSUE = re.compile(r"[A-Z][A-Z0-9_]*-[1-9]\d*|[1-9]\d*")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. `issue` is a key, or Jira's id."""

    line: int
    kind: str
    at: datetime
    name: str
    email: str
    company: str
    issue: str
    words: str

    @property
    def origin(self) -> str:
        """The same finding is the same request, however often and in whatever file it comes."""
        said = f"{self.kind}\x00{self.email}\x00{self.at.isoformat()}\x00{self.words}"
        return f"finding:{self.kind}:{hashlib.sha256(said.encode()).hexdigest()[:20]}"


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is the matter with a line, and how to mend it."""

    line: int
    words: str


def read(content: bytes, *, now: datetime) -> tuple[list[Finding], list[Wrong]]:
    """The findings, and what is wrong: where that is anything, nothing is to be taken."""
    try:
        text = content.decode("utf-8").removeprefix(BOM)
    except UnicodeDecodeError as e:
        line = content[: e.start].count(b"\n") + 1
        return [], [Wrong(line, "is not UTF-8: save the file as CSV UTF-8")]
    if "\x00" in text:
        return [], [Wrong(text[: text.index("\x00")].count("\n") + 1, "holds a NUL: this is no text file")]
    first = text.partition("\n")[0]
    between = max(",;\t", key=first.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=between, strict=True)
    findings: list[Finding] = []
    wrong: list[Wrong] = []
    try:
        names = [name.strip().lower() for name in rows.fieldnames or ()]
        if trouble := _columns(names):
            return [], [Wrong(1, trouble)]
        rows.fieldnames = names
        for line, row in _numbered(rows):
            finding, troubles = _finding(line, row, now)
            wrong += [Wrong(line, words) for words in troubles]
            if finding is not None:
                findings.append(finding)
    except csv.Error as e:
        wrong.append(Wrong(rows.reader.line_num, f"cannot be read as CSV ({e}): look for a quote too many"))
    return findings, wrong + _of_all(findings)


def _columns(names: list[str]) -> str:
    missing = [name for name in NEEDED if name not in names]
    strange = [name for name in names if name not in COLUMNS]
    if missing:
        return f"names no column {', '.join(missing)}: the first line has {', '.join(COLUMNS)}"
    if strange or len(set(names)) < len(names):
        return f"names columns that nobody knows, or one twice: {', '.join(names)}"
    return ""


def _numbered(rows: "csv.DictReader[str]") -> Iterator[tuple[int, dict[str, str]]]:
    """Each row that is not empty with the number of its first line."""
    begin = rows.reader.line_num + 1
    for row in rows:
        if None in row or None in row.values():
            yield begin, {}
        elif any(value.strip() for value in row.values()):
            yield begin, {name: value.strip() for name, value in row.items()}
        begin = rows.reader.line_num + 1


def _finding(line: int, row: dict[str, str], now: datetime) -> tuple[Finding | None, list[str]]:
    if not row:
        return None, ["has more or fewer cells than the first line: look at its quotes"]
    at, (name, email) = _date(row["date"]), parseaddr(row["who"])
    company, kind = " ".join(row.get("company", "").split()), row.get("kind", "").lower() or KINDS[0]
    troubles = [
        *_about_time(row["date"], at, now),
        *_about_words(row["words"]),
        *([] if ADDRESS.fullmatch(email) else [f"who: {row['who']!r} has no e-mail address: {EXAMPLE}"]),
        *([] if ISSUE.fullmatch(row["issue"]) else [f"issue: {row['issue']!r} is no key like KS-1"]),
        *([] if kind in KINDS else [f"kind: {kind!r} is none of {', '.join(KINDS)}"]),
    ]
    if max(len(name), len(email), len(company)) > NAME_CHARS:
        troubles.append(f"who, company: at most {NAME_CHARS} characters")
    if troubles or at is None:
        return None, troubles
    return Finding(line, kind, at, name or email, email.lower(), company, row["issue"], row["words"]), []


def _about_time(given: str, at: datetime | None, now: datetime) -> list[str]:
    if at is None:
        return [f"date: {given!r} is no date like 2026-03-02"]
    return [f"date: {given} has not come yet"] if at > now else []


def _about_words(words: str) -> list[str]:
    if not words:
        return ["words: there are none"]
    return [f"words: {len(words)} characters; at most {WORDS_CHARS}"] if len(words) > WORDS_CHARS else []


def _date(given: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(given)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _of_all(findings: list[Finding]) -> list[Wrong]:
    wrong, met = [], dict[tuple[str, str], int]()
    for one in findings:
        before = met.setdefault((one.origin, one.issue), one.line)
        if before != one.line:
            wrong.append(Wrong(one.line, f"says the same as line {before}: take one of them out"))
    if len(findings) > MOST:
        wrong.append(Wrong(findings[MOST].line, f"is one too many: at most {MOST} lines in one file"))
    return wrong
