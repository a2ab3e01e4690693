"""The page, looked at in a real browser: it shows all, answers to clicks and keys, and lets nothing in or out."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

from prefect_iac.output.html import Firings, GraphEdge, GraphNode, PageData, Timeline, render
from prefect_iac.output.report import Report
from tests.output.pages import DATA, NASTY_DATA, NASTY_REPORT, REVIEW
from tests.output.reports import NASTY, reports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

QUIET = Report("drift", "3 objects checked: no drift.", (), ("a", "b", "c"), {})


class Tags(HTMLParser):
    """The tags of a page, and their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.found.append((tag, dict(attrs)))


@contextmanager
def opened(browser: Browser, directory: Path, text: str, **options: Any) -> Iterator[Page]:
    """The page in a window of its own; fails if it complains, opens a dialog, or asks for anything."""
    path = directory / "page.html"
    path.write_text(text, encoding="utf-8")
    context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}, **options})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.on("request", lambda request: said.append(f"request: {request.url}"))
    page.on("dialog", lambda dialog: said.append(f"dialog: {dialog.message}"))
    try:
        page.goto(path.as_uri())
        yield page
        page.wait_for_timeout(50)
        assert said == [f"request: {path.as_uri()}"]
    finally:
        context.close()


def shown(page: Page, part: str) -> list[str]:
    """The names of the entries of a part that can be seen."""
    entries = page.locator(f"#{part} [data-item]:visible .address, #{part} [data-item]:visible .name")
    return entries.all_inner_texts()


def test_everything_is_on_the_page(browser: Browser, tmp_path: Path) -> None:
    """Verdict, findings with the worst first, objects, firings, graph, sections and what is suppressed."""
    with opened(browser, tmp_path, render(REVIEW, DATA)) as page:
        assert page.locator("h1").inner_text() == REVIEW.summary
        assert page.locator(".counts").inner_text().split("\n") == ["2 errors", "1 warning"]
        assert shown(page, "findings") == [
            "prefect_automation.restart_crashed",
            "prefect_flow.etl",
            "prefect_automation.cancel_orders",
        ]
        assert shown(page, "objects")[0] == "prefect_flow.etl"
        assert page.locator("#timeline .fire.now").count() > 100
        assert page.locator("#graph .node").count() == len(DATA.nodes)
        assert page.locator("#graph .edge").count() == len(DATA.edges)
        assert page.locator("#graph .edge.loop").count() == 3
        assert page.locator("#section-0 td.number").all_inner_texts() == ["31", "4"]
        assert not page.get_by_text("runs once a month").is_visible()
        page.get_by_text("Suppressed (1)", exact=True).last.click()
        assert page.get_by_text("runs once a month").is_visible()


def test_a_report_alone_is_a_page(browser: Browser, tmp_path: Path) -> None:
    """Without anything to draw, and without anything found."""
    with opened(browser, tmp_path, render(QUIET)) as page:
        assert page.locator(".counts").inner_text() == "nothing found"
        assert page.locator("section").count() == 0


def test_filters_work_by_click(browser: Browser, tmp_path: Path) -> None:
    """A level, an action and a type narrow what is shown, together, and a second click takes them back."""
    with opened(browser, tmp_path, render(REVIEW, DATA)) as page:
        page.get_by_role("button", name="warning", exact=True).click()
        assert shown(page, "findings") == ["prefect_automation.cancel_orders"]
        assert shown(page, "objects") == []
        assert page.locator("#objects .none").is_visible()
        assert page.locator("#shown").inner_text() == "4 of 11 entries"
        page.get_by_role("button", name="warning", exact=True).click()
        assert page.locator("#shown").inner_text() == "11 entries"
        page.get_by_role("button", name="update", exact=True).click()
        page.get_by_role("button", name="create", exact=True).click()
        page.get_by_role("button", name="automation", exact=True).click()
        assert shown(page, "objects") == [
            "prefect_automation.etl_failed",
            "prefect_automation.restart_crashed",
        ]


def test_search_narrows_everything(browser: Browser, tmp_path: Path) -> None:
    """Words are looked for in entries and in the graph; `/` goes to the search, Escape empties it."""
    with opened(browser, tmp_path, render(REVIEW, DATA)) as page:
        page.keyboard.press("/")
        page.keyboard.type("Restart crashed")
        assert shown(page, "findings") == ["prefect_automation.restart_crashed"]
        assert shown(page, "timeline") == ["restart-crashed"]
        assert page.locator("#graph .node:not(.dim)").count() == 1
        page.keyboard.press("Escape")
        assert page.locator("#graph .node.dim").count() == 0
        assert len(shown(page, "findings")) == 3


def test_the_graph_pans_and_zooms(browser: Browser, tmp_path: Path) -> None:
    """By mouse, by buttons and by keys; fitting brings it back."""
    with opened(browser, tmp_path, render(REVIEW, DATA)) as page:
        canvas = page.locator("#graph-canvas")
        canvas.scroll_into_view_if_needed()

        def view() -> tuple[float, ...]:
            transform = page.locator("#graph-canvas > g").get_attribute("transform") or ""
            return tuple(round(float(number), 2) for number in re.findall(r"-?[\d.]+(?:e-?\d+)?", transform))

        first = view()
        box = canvas.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] - 30, box["y"] + box["height"] - 12
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 50, y - 30, steps=4)
        page.mouse.up()
        assert view() == pytest.approx((first[0] - 50, first[1] - 30, first[2]), abs=0.1)
        page.locator("#zoom-in").click()
        assert view()[2] == pytest.approx(first[2] * 1.25, abs=0.02)
        canvas.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("-")
        page.keyboard.press("0")
        assert view() == first
        page.mouse.move(x, y)
        page.keyboard.down("Control")
        page.mouse.wheel(0, -200)
        page.keyboard.up("Control")
        page.wait_for_function(
            "scale => !document.querySelector('#graph-canvas > g').getAttribute('transform').includes(scale)",
            arg=f"scale({first[2]}",
        )
        assert view()[2] > first[2]


def test_a_node_shows_its_neighbours(browser: Browser, tmp_path: Path) -> None:
    """By click, and by keys alone: what it comes from and what comes of it, in words, too."""
    with opened(browser, tmp_path, render(REVIEW, DATA)) as page:
        said = page.locator("#graph-picked")
        page.locator("#graph .node", has_text="etl/nightly").click()
        assert said.inner_text() == (
            "etl/nightly: from restart-crashed; to prefect.flow-run.Crashed, prefect.flow-run.Failed"
        )
        assert page.locator("#graph .node:not(.dim)").count() == 4
        page.locator("#graph .node", has_text="etl/nightly").click()
        assert page.locator("#graph .node.dim").count() == 0
        page.locator("#zoom-fit").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert said.inner_text().startswith(DATA.nodes[0].label)


def test_dark_and_light(browser: Browser, tmp_path: Path) -> None:
    """It follows the system, and the button turns it over; texts stand out in both."""
    back = "getComputedStyle(document.body).backgroundColor"
    found = set()
    for scheme in ("light", "dark"):
        with opened(browser, tmp_path, render(REVIEW, DATA), color_scheme=scheme) as page:
            before = page.evaluate(back)
            found.add(before)
            page.locator("#theme").click()
            assert page.evaluate(back) != before
            page.locator("#theme").click()
            assert page.evaluate(back) == before
            assert page.evaluate(CONTRASTS) == []
    assert len(found) == 2


CONTRASTS = """() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => numbers(colour).slice(0, 3).map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if ((numbers(colour)[3] ?? 1) > 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  return [...document.querySelectorAll("h1, h2, p, a, code, dt, dd, button, .badge, legend, td, th, .name, .sum span")]
    .filter((element) => element.checkVisibility())
    .map((element) => {
      const [a, b] = [light(getComputedStyle(element).color), light(behind(element))].sort((x, y) => y - x);
      return [(a + 0.05) / (b + 0.05), element.outerHTML.slice(0, 80)];
    })
    .filter(([contrast]) => contrast < 4.5);
}"""
"""The texts that stand out less than WCAG asks for (AA)."""


@pytest.mark.parametrize("width", [400, 1200])
@pytest.mark.parametrize("nasty", [False, True])
def test_it_fits_the_window(browser: Browser, tmp_path: Path, width: int, nasty: bool) -> None:
    """The page never scrolls sideways, on a telephone neither, and with names of any length."""
    text = render(NASTY_REPORT, NASTY_DATA) if nasty else render(REVIEW, DATA)
    with opened(browser, tmp_path, text, viewport={"width": width, "height": 800}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_prints(browser: Browser, tmp_path: Path) -> None:
    """On paper everything is open, and what only answers to clicks is not there."""
    with opened(browser, tmp_path, render(REVIEW, DATA)) as page:
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.get_by_text("runs once a month").is_visible()
        assert not page.locator("#filters").is_visible()
        assert page.locator("h1").is_visible()


def test_names_do_nothing(browser: Browser, tmp_path: Path) -> None:
    """Names that are HTML, scripts, links or the end of one are text, in every place of the page and its graph."""
    with opened(browser, tmp_path, render(NASTY_REPORT, NASTY_DATA)) as page:
        assert page.locator("img").count() == 0
        assert page.locator("script").count() == 2
        for handler in ("onerror", "onload", "onclick", "style"):
            assert page.locator(f"main [{handler}]").count() == (1 if handler == "style" else 0)
        assert page.locator("#graph .node").count() == len(NASTY)
        links = page.locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        assert all(link.startswith("#") for link in links)
        assert "<img src=x onerror=alert(1)>" in page.locator("#findings").inner_text()
        page.locator("#search").fill("onerror")
        assert len(shown(page, "findings")) == 1


def test_names_do_not_end_the_data(browser: Browser, tmp_path: Path) -> None:
    """What the page draws from has no tag in any form, also none that begins a comment or has more behind its name."""
    names = ("</script x>", "<!-- <script ", "</script\n>", "&lt;/script&gt;", *NASTY)
    nodes = tuple(GraphNode(str(number), "event", name) for number, name in enumerate(names))
    text = render(QUIET, PageData(nodes))
    data = text.partition('id="data">')[2].partition("</script>")[0]
    assert not set("<>&") & set(data)
    with opened(browser, tmp_path, text) as page:
        assert page.locator("#graph .node").count() == len(names)
        assert page.locator("#graph .node title").first.text_content() == "event\n</script x>"


def test_the_policy_lets_nothing_run_or_load(browser: Browser, tmp_path: Path) -> None:
    """Also what might get into the page is not run, not loaded and not sent: the browser refuses it."""
    text = render(REVIEW, DATA).replace(
        "</main>",
        "<script>document.title = 'ran'</script><img src='http://127.0.0.1:9/x.png'>"
        "<p onclick=\"document.title = 'ran'\" id=trap>trap</p></main>",
    )
    path = tmp_path / "page.html"
    path.write_text(text, encoding="utf-8")
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(path.as_uri())
    page.locator("#trap").click()
    assert page.title() != "ran"
    assert sum("Content Security Policy" in text for text in said) >= 3, said
    page.close()


def test_a_large_graph_is_drawn_in_time(browser: Browser, tmp_path: Path) -> None:
    """Five hundred automations with their events and deployments, and a ring through all of them."""
    count = 500
    nodes = tuple(
        node
        for number in range(count)
        for node in (
            GraphNode(f"e{number}", "event", f"event.{number}"),
            GraphNode(f"a{number}", "automation", f"automation {number}"),
        )
    )
    edges = tuple(
        edge
        for number in range(count)
        for edge in (
            GraphEdge(f"e{number}", f"a{number}", number),
            GraphEdge(f"a{number}", f"e{(number + 1) % count if number % 10 else number}"),
        )
    )
    with opened(browser, tmp_path, render(REVIEW, PageData(nodes, edges))) as page:
        assert page.locator("#graph .node").count() == 2 * count
        assert page.evaluate("performance.getEntriesByType('navigation')[0].domComplete") < 10_000


def test_many_firings_are_drawn_in_time(browser: Browser, tmp_path: Path) -> None:
    """Five hundred automations that fire all the time."""
    start = datetime(2026, 11, 18, tzinfo=UTC)
    times = tuple(start + timedelta(minutes=10 * number) for number in range(1000))
    rows = tuple(Firings(f"automation {number}", times, times[::2]) for number in range(500))
    data = PageData(timeline=Timeline(start, start + timedelta(days=7), rows))
    with opened(browser, tmp_path, render(REVIEW, data)) as page:
        assert page.locator("#timeline .fire").count() == 1000
        assert page.evaluate("performance.getEntriesByType('navigation')[0].domComplete") < 10_000


@given(reports)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_makes_a_tag(report: Report) -> None:
    """The tags and attributes of a page are those that the report asks for, whatever its texts are."""
    known = {
        *(
            "a",
            "body",
            "button",
            "code",
            "dd",
            "details",
            "div",
            "dl",
            "dt",
            "fieldset",
            "footer",
            "form",
            "h1",
            "h2",
        ),
        *(
            "head",
            "header",
            "html",
            "input",
            "label",
            "legend",
            "li",
            "main",
            "meta",
            "nav",
            "p",
            "pre",
            "script",
        ),
        *("section", "span", "style", "summary", "table", "tbody", "td", "th", "thead", "title", "tr", "ul"),
    }
    tags = Tags(render(report)).found
    assert {tag for tag, _ in tags} <= known
    assert not [attrs for _, attrs in tags if any(name.startswith("on") for name in attrs)]
    assert sum(tag == "li" and "data-item" in attrs for tag, attrs in tags) == len(report.findings)
