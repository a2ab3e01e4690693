"""Markdown, read again with a parser: what was text is text, and the structure is only our own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

from prefect_iac.output import FORMATS
from prefect_iac.output.markdown import code, escape
from prefect_iac.output.report import Code, Finding, Paragraph, Report, Section, Table
from prefect_iac.output.text import printable
from tests.output.reports import FULL, NASTY, automations, reports, texts

if TYPE_CHECKING:
    from markdown_it.token import Token

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OURS = re.compile(r"<details><summary>[^<>]*</summary>\n?|</details>\n?")


def tokens(text: str) -> list[Token]:
    """What a parser makes of it, the parts of each line included."""
    found = []
    for token in READER.parse(text):
        found.append(token)
        found += token.children or []
    return found


def assert_whole(text: str) -> None:
    """All HTML is ours and closed, all fences are closed, and nothing links or shows what we did not mean."""
    found = tokens(text)
    blocks = [token.content for token in found if token.type == "html_block"]
    assert all(OURS.fullmatch(block) for block in blocks), blocks
    depth = 0
    for block in blocks:
        depth += 1 if block.startswith("<details>") else -1
        assert 0 <= depth <= 1
    assert depth == 0
    assert not [token for token in found if token.type in {"html_inline", "image", "s_open", "em_open"}]
    for token in found:
        if token.type == "link_open":
            assert str(token.attrs["href"]).startswith(("http://", "https://"))
            assert token.markup == "autolink"
        if token.type == "fence":
            lines = text.split("\n")[token.map[0] : token.map[1]] if token.map else []
            assert lines[-1] == token.markup
    seen = "\n".join(token.content for token in found if token.type == "text")
    # What a host takes for a person, an issue or a label.
    assert not re.search(r"(?:[@#!%~$&]|GH-)[\w\"]", re.sub(r"https?://\S+", "", seen))
    # Orders to a host stand at the start of a line.
    fenced = {line for token in found if token.type == "fence" and token.map for line in range(*token.map)}
    lines = text.split("\n")
    assert not [line for number, line in enumerate(lines) if line.startswith("/") and number not in fenced]


def test_markdown_has_everything() -> None:
    """A verdict, the findings with rule and place, tables with numbers to the right, and folds."""
    assert (
        FORMATS["markdown"](FULL)
        == """\
### ⛔ 3 objects looked at: 1 error, 1 warning, 1 suppressed.

- ⛔ `prefect_automation.each["a.b"]` starts itself (`lint/loop`, `infra/auto mations.py:41`, \
<https://example.org/rules/loop>)
  - `trigger.expect[0]`: prefect.flow-run.Crashed
  - `actions[0]`: run etl/nightly
- ⚠️ `prefect_automation.orders` expects orders.cancelled (`lint/unseen-event`)
- 💡 `prefect_automation.both` has no within (`lint/short-memory`)

#### Firings

What would have fired.

| automation | now | planned |
| --- | ---: | ---: |
| etl-failed | 148 | 12 |
| 名前 | - | 31 |

<details><summary>Graph</summary>

```mermaid
graph LR
    a --> b
```

</details>

<details><summary>1 suppressed</summary>

- `lint/always-true` `prefect_automation.quiet`: wanted so

</details>"""
    )
    assert_whole(FORMATS["markdown"](FULL))


def test_nothing_found_is_a_verdict() -> None:
    """A report without findings begins with a good sign."""
    assert FORMATS["markdown"](Report("drift", "no drift.", (), (), {})) == "### ✅ no drift."


@given(reports)
@settings(max_examples=150, deadline=None)
def test_no_name_breaks_out(report: Report) -> None:
    """Whatever the texts are, the structure is that of the report."""
    text = FORMATS["markdown"](report)
    assert_whole(text)
    found = tokens(text)
    folds = sum(section.folded for section in report.sections)
    suppressed = sum(finding.suppressed is not None for finding in report.findings)
    opened = [
        token for token in found if token.type == "html_block" and token.content.startswith("<details>")
    ]
    assert len(opened) == folds + bool(suppressed)
    blocks = [block for section in report.sections for block in section.blocks]
    assert sum(token.type == "table_open" for token in found) == sum(
        isinstance(block, Table) for block in blocks
    )
    assert sum(token.type == "fence" for token in found) == sum(isinstance(block, Code) for block in blocks)


@given(texts)
@settings(max_examples=150, deadline=None)
def test_text_comes_back(text: str) -> None:
    """What is escaped shows as it was, but for white space and the marks that break references."""
    (inline,) = [token for token in READER.parse(f"a {escape(text)}") if token.type == "inline"]
    shown = "".join(token.content for token in inline.children or []).replace("\u200b", "")
    expected = " ".join(printable(piece) for piece in text.split()).replace("\u200b", "")
    assert shown == f"a {expected}".rstrip()


@given(texts)
@settings(max_examples=150, deadline=None)
def test_code_comes_back(text: str) -> None:
    """A name as code is one span, with the name in it."""
    (inline,) = [token for token in READER.parse(f"a {code(text)}.") if token.type == "inline"]
    if printable(text).strip():
        assert [token.content for token in inline.children or [] if token.type == "code_inline"] == [
            printable(text)
        ]


@pytest.mark.parametrize("name", NASTY)
def test_nasty_names_in_every_place(name: str) -> None:
    """Each name as a subject, a message, a title, a cell, a paragraph and a fence."""
    blocks = (Paragraph(name), Table((name,), ((name,),)), Code(name, name))
    sections = (Section(name, blocks), Section(name, blocks, folded=True))
    assert_whole(
        FORMATS["markdown"](Report("x", name, (Finding(name, "error", name, name),), (), {}, sections))
    )


def test_many_automations_are_whole() -> None:
    """A large report with nasty names in all places closes what it opens."""
    assert_whole(FORMATS["markdown"](automations(500)))
