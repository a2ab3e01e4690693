"""Reports for the tests of formats: one with everything in it, and large ones with names that mean harm."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from prefect_iac.output.report import Code, Detail, Finding, Location, Paragraph, Report, Section, Table

__all__ = ["FULL", "NASTY", "automations", "reports", "texts"]

NASTY: Final = (
    "<img src=x onerror=alert(1)>",
    "</details></details><script>alert(1)</script>",
    "```\n````\n~~~",
    "`` ` ``` `a",
    "a | b || c\\|d",
    "@everyone and @prefecthq/team, see #123, !45, %6, ~bug, $7, &8, GH-9",
    "<!-- prefect-iac {} -->",
    "-->]]>&lt;&#60;",
    "/close\n/approve",
    "[click](javascript:alert(1)) ![x](http://127.0.0.1/x.png) <http://x>",
    "*a* _b_ **c** ~~d~~ $x$",
    "\x1b[31mred\x07\r\nnext \u202egnp.exe",
    "\ud800 half \x00 nul \ufffe",
    "# heading",
    "1. one",
    "名前 " * 30,
    "😀" * 60,
    "x" * 2000,
    " ",
    "",
)

FULL: Final = Report(
    "lint",
    "3 objects looked at: 1 error, 1 warning, 1 suppressed.",
    (
        Finding(
            "lint/loop",
            "error",
            'prefect_automation.each["a.b"]',
            "starts itself",
            (
                Detail("trigger.expect[0]", "prefect.flow-run.Crashed"),
                Detail("actions[0]", "run etl/nightly"),
            ),
            Location("infra/auto mations.py", 41),
            "https://example.org/rules/loop",
        ),
        Finding("lint/unseen-event", "warning", "prefect_automation.orders", "expects orders.cancelled"),
        Finding("lint/short-memory", "note", "prefect_automation.both", "has no within"),
        Finding(
            "lint/always-true", "error", "prefect_automation.quiet", "always fires", suppressed="wanted so"
        ),
    ),
    (
        'prefect_automation.each["a.b"]',
        "prefect_automation.orders",
        "prefect_automation.quiet",
        "prefect_flow.a",
    ),
    {"version": 1},
    (
        Section(
            "Firings",
            (
                Paragraph("What would have\nfired."),
                Table(
                    ("automation", "now", "planned"),
                    (("etl-failed", "148", "12"), ("名前", "-", "31")),
                    frozenset({"now", "planned"}),
                ),
            ),
        ),
        Section("Graph", (Code("graph LR\n\ta --> b", "mermaid"),), folded=True),
    ),
)


def automations(count: int) -> Report:
    """A review of that many automations, each with a nasty name, details, and a row in each of two sections."""
    names = [f"{NASTY[number % len(NASTY)]}{number}" for number in range(count)]
    findings = tuple(
        Finding(
            f"lint/{number % 7}",
            ("error", "warning", "note")[number % 3],
            f'prefect_automation.each["{name}"]',
            f"does {name}",
            (Detail(name, name), Detail("trigger", name)),
            Location(name, number + 1),
            suppressed="reason " + name if number % 5 == 4 else None,
        )
        for number, name in enumerate(names)
    )
    table = Table(
        ("automation", "now", "planned"),
        tuple((name, str(number), name) for number, name in enumerate(names)),
        frozenset({"now"}),
    )
    sections = (
        Section("Firings " + NASTY[1], (Paragraph(NASTY[8]), table, Code("\n".join(names), "diff"))),
        Section(
            "By object " + NASTY[1], (table, Code("\n".join(names), "```x"), Paragraph(NASTY[2])), folded=True
        ),
    )
    return Report(
        "review", f"{count} automations " + NASTY[0], findings, tuple(names), {"version": 1}, sections
    )


texts = st.one_of(st.sampled_from(NASTY), st.text(st.characters(), max_size=80))

_blocks = st.one_of(
    st.builds(Paragraph, texts),
    st.builds(Code, texts, texts),
    st.lists(st.tuples(texts, texts), max_size=4).map(
        lambda rows: Table(("a", "b"), tuple(rows), frozenset("b"))
    ),
)
_findings = st.builds(
    Finding,
    rule=texts,
    level=st.sampled_from(["error", "warning", "note"]),
    subject=texts,
    message=texts,
    details=st.lists(st.builds(Detail, texts, texts), max_size=3).map(tuple),
    location=st.none() | st.builds(Location, texts, st.none() | st.integers(1, 9)),
    help=st.none() | texts,
    suppressed=st.none() | texts,
)
_sections = st.builds(Section, texts, st.lists(_blocks, max_size=3).map(tuple), st.booleans())
reports = st.builds(
    Report,
    name=st.just("lint"),
    summary=texts,
    findings=st.lists(_findings, max_size=4).map(tuple),
    subjects=st.lists(texts, max_size=3).map(tuple),
    document=st.just({"version": 1}),
    sections=st.lists(_sections, max_size=3).map(tuple),
)
