"""The documentation as a site: it is built, it says what GitHub shows, and it is looked at in a real browser."""

from __future__ import annotations

import functools
import http.server
import json
import os
import re
import subprocess
import sys
import threading
from collections import Counter
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from markdown_it import MarkdownIt

from tests.environment.browser import NoBrowserError, browsing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent.parent
DOCS = ROOT / "docs"
STRUCTURE = frozenset(
    {"blockquote", "em", "h2", "h3", "h4", "li", "ol", "pre", "strong", "table", "td", "tr", "ul"}
)


def build(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run MkDocs, strictly."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", *arguments],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONWARNINGS": "default"},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built once."""
    directory = tmp_path_factory.mktemp("site") / "site"
    done = build("--site-dir", directory)
    assert done.returncode == 0, done.stderr
    return directory


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where the site is served."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing of requests."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser for all pages; without one, there is nothing to look with."""
    try:
        with browsing(tmp_path_factory.mktemp("browser")) as browser:
            yield browser
    except NoBrowserError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))


@contextmanager
def opened(browser: Browser, address: str, path: str, **options: Any) -> Iterator[Page]:
    """A page in a window of its own; fails if it complains, or asks another host for anything."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.on("request", lambda request: said.append(request.url))
    page.on("requestfailed", lambda request: said.append(f"failed: {request.url}"))
    try:
        page.goto(address + path)
        page.wait_for_function("'document$' in window")
        yield page
        assert [line for line in said if not line.startswith(address)] == []
    finally:
        context.close()


class Outline(HTMLParser):
    """How many of each tag there are in a page, or in the article of one."""

    def __init__(self, text: str, *, article: bool) -> None:
        super().__init__()
        self.inside = not article
        self.found: Counter[str] = Counter()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count a tag."""
        self.inside |= tag == "article"
        if self.inside and tag in STRUCTURE:
            self.found[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        """Leave the article."""
        if tag == "article":
            self.inside = False


def test_pages_are_as_on_github(site: Path) -> None:
    """Each page has the headings, lists, tables and blocks that CommonMark makes of it, README as the first page."""
    different = {}
    for page in [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]:
        text = re.sub(r"\A---\n.*?\n---\n", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        expected = Outline(MarkdownIt("commonmark").enable("table").render(text), article=False).found
        name = page.relative_to(DOCS).with_suffix("").as_posix() if page.is_relative_to(DOCS) else "README"
        folder = "reference" if name == "index" else name.removesuffix("README")
        shown = Outline((site / folder / "index.html").read_text(encoding="utf-8"), article=True).found
        if shown != expected:
            different[name] = {
                tag: (expected[tag], shown[tag]) for tag in STRUCTURE if expected[tag] != shown[tag]
            }

    assert different == {}


def test_files_of_the_repository_are_linked_there(site: Path) -> None:
    """Links to what is no page lead to the repository, links of README to pages lead to these."""
    first = (site / "index.html").read_text(encoding="utf-8")
    assert 'href="https://github.com/prefect-iac/prefect-iac/blob/main/main.py"' in first
    assert 'href="https://github.com/prefect-iac/prefect-iac/tree/main/examples"' in first
    assert 'href="review/"' in first
    assert 'href="reference/"' in first
    examples = (site / "examples" / "index.html").read_text(encoding="utf-8")
    assert 'href="https://github.com/prefect-iac/prefect-iac/tree/main/examples/resources"' in examples


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[x](absent.md)", "absent.md"),
        ("[x](index.md#absent)", "#absent"),
        ("[x](../absent.py)", "there is no absent.py"),
    ],
    ids=["page", "heading", "file"],
)
def test_what_leads_nowhere_ends_the_build(tmp_path: Path, text: str, complaint: str) -> None:
    """A link to a page, a heading or a file that is not there is named, and there is no site."""
    done = build_of(tmp_path, {"index.md": "# A\n", "page.md": f"# B\n\n{text}\n"}, ["index.md", "page.md"])

    assert done.returncode == 1
    assert complaint in done.stderr


def test_a_page_that_is_nowhere_ends_the_build(tmp_path: Path) -> None:
    """Every page is in the navigation; a star takes the pages of its own folder that nothing else names."""
    pages = {"index.md": "# A\n", "more/a.md": "# B\n", "more/b.md": "# C\n"}

    assert build_of(tmp_path, pages, ["index.md", "more/*.md"]).returncode == 0
    done = build_of(tmp_path, pages, ["index.md", "*.md", "more/a*.md"])
    assert done.returncode == 1
    assert "more/b.md" in done.stderr


def build_of(directory: Path, pages: dict[str, str], entries: list[str]) -> subprocess.CompletedProcess[str]:
    """Build a site of a few pages with the settings of this one."""
    for name, text in pages.items():
        page = directory / "docs" / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, encoding="utf-8")
    settings = {
        "INHERIT": str(ROOT / "mkdocs.yml"),
        "docs_dir": str(directory / "docs"),
        "site_dir": str(directory / "site"),
        "theme": {"custom_dir": str(ROOT / "scripts" / "docs_site" / "theme")},
        "hooks": [str(ROOT / "scripts" / "docs_site" / "hooks.py")],
        "nav": ["README.md", *entries],
    }
    file = directory / "mkdocs.yml"
    file.write_text(json.dumps(settings), encoding="utf-8")
    return build("--config-file", file)


VIEWS = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
LOOKED_AT = ["", "getting-started/", "reference/", "resources/automation/", "drift/", "support/"]


@pytest.mark.parametrize("view", VIEWS)
def test_it_fits_the_window(browser: Browser, address: str, view: str) -> None:
    """Pages never scroll sideways; wide tables and code do, by themselves."""
    for path in LOOKED_AT:
        with opened(browser, address, path, viewport=VIEWS[view]) as page:
            assert page.locator("article h1").is_visible()
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= VIEWS[view]["width"], path


def test_the_navigation_leads_through(browser: Browser, address: str) -> None:
    """From the first page to a resource by clicks, on a phone through the drawer."""
    with opened(browser, address, "") as page:
        page.locator(".md-tabs").get_by_role("link", name="Reference").click()
        assert page.locator("h1").inner_text().startswith("Prefect Provider")
        page.locator("article").get_by_role("link", name="work_pool", exact=True).first.click()
        assert page.locator("h1").inner_text().startswith("prefect_work_pool (Resource)")
    with opened(browser, address, "", viewport=VIEWS["phone"]) as page:
        page.locator(".md-header__button[for=__drawer]").click()
        drawer = page.locator(".md-nav--primary")
        drawer.locator("label.md-nav__title:visible", has_text="Start").click()
        drawer.get_by_role("link", name="Commands").click()
        page.wait_for_url("**/review/")


@pytest.mark.parametrize("view", VIEWS)
def test_the_search_finds(browser: Browser, address: str, view: str) -> None:
    """What an attribute is called leads to its page, first of all to that of the resource."""
    with opened(browser, address, "", viewport=VIEWS[view]) as page:
        if view == "phone":
            page.locator(".md-header__button[for=__search]").click()
        page.locator(".md-search__input").click()
        page.keyboard.type("base_job_template")
        found = page.locator(".md-search-result__link")
        found.first.wait_for()
        addresses = found.evaluate_all("links => links.map(link => new URL(link.href).pathname)")
        assert addresses[0] == "/resources/work_pool/"


def test_code_is_copied(browser: Browser, address: str) -> None:
    """The button at a block takes all of it."""
    with opened(
        browser, address, "resources/work_pool/", permissions=["clipboard-read", "clipboard-write"]
    ) as page:
        block = page.locator("article pre").first
        block.hover()
        page.locator("article .md-code__button, article .md-clipboard").first.click()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.strip() == block.locator("code").inner_text().strip()


def test_dark_and_light(browser: Browser, address: str) -> None:
    """It follows the system, and what a reader chooses comes first."""
    back = "getComputedStyle(document.body).backgroundColor"
    found = {}
    for scheme in ("light", "dark"):
        with opened(browser, address, "", color_scheme=scheme) as page:
            found[scheme] = page.evaluate(back)
            page.locator(".md-header__option label:visible").click()
            assert page.evaluate(back) == found["light"]
            page.locator(".md-header__option label:visible").click()
            assert page.evaluate(back) == found.setdefault("dark", page.evaluate(back))
    assert found["light"] != found["dark"]
