"""Links in all that people read lead somewhere: to files, and to headings as GitHub names them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


@cache
def read(page: Path) -> tuple[tuple[str, ...], frozenset[str]]:
    """The targets of the links in a page, and the names of its headings."""
    text = re.sub(r"\A---\n.*?\n---\n", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    links: list[str] = []
    names: list[str] = []
    names += [name for token in tokens for name in re.findall(r'<a id="([^"]+)"', token.content)]
    for before, token in zip([None, *tokens], tokens, strict=False):
        for child in token.children or []:
            target = child.attrGet("href") or child.attrGet("src")
            links += [str(target)] if target else []
        if before is not None and before.type == "heading_open":
            shown = "".join(child.content for child in token.children or [])
            name = re.sub(r"[^\w -]", "", shown.lower()).replace(" ", "-")
            number = sum(re.fullmatch(rf"{re.escape(name)}(-\d+)?", other) is not None for other in names)
            names.append(f"{name}-{number}" if number else name)
    return tuple(links), frozenset(names)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Each relative link leads to a file or folder that there is, and to a heading that the file has."""
    wrong = []
    for link in read(page)[0]:
        parts = urlsplit(link)
        if parts.scheme:
            continue
        target = (page.parent / parts.path).resolve() if parts.path else page
        there = target.exists() and target.is_relative_to(ROOT)
        names = read(target)[1] if there and target.suffix == ".md" else frozenset[str]()
        if not there or (parts.fragment and parts.fragment not in names):
            wrong.append(link)

    assert wrong == []


def test_links_elsewhere_are_encrypted() -> None:
    """What leads elsewhere, which nothing here fetches, is a whole address with https."""
    links = {link for page in PAGES for link in read(page)[0] if urlsplit(link).scheme}

    assert len(links) > 5
    assert [link for link in links if not re.match(r"https://[\w-]+(\.[\w-]+)+(/|$)", link)] == []
