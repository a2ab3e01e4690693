"""A report as one page that needs nothing else: no network, no server, no files beside it.

Whatever others named is text in it: it is escaped where the page is written, set as text where the page draws, and a
policy inside the page lets nothing run and nothing load but what it brings itself.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections import Counter
from dataclasses import asdict
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from prefect_iac.output.html.data import PageData
from prefect_iac.output.report import LEVELS, Code, Paragraph, Table
from prefect_iac.output.text import printable, readable
from prefect_provider.text.spelling import counted
from prefect_provider.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from prefect_iac.output.html.data import Action, PlannedObject, Timeline
    from prefect_iac.output.report import Block, Detail, Finding, Level, Report, Section

__all__ = ["render"]

_ACTIONS: Final[tuple[Action, ...]] = (
    "destroy",
    "replace",
    "update",
    "create",
    "move",
    "import",
    "forget",
    "none",
)
_NOTHING: Final = PageData()


def render(report: Report, data: PageData = _NOTHING) -> str:
    """The page.

    Args:
        report: what was found.
        data: what is drawn beside it.
    """
    style, script, form = (_file(name) for name in ("page.css", "page.js", "page.html"))
    counts: Counter[Level] = Counter(
        finding.level for finding in report.findings if finding.suppressed is None
    )
    parts = list(_parts(report, data))
    page = {
        "policy": escape(_policy(style, script)),
        "title": _text(f"{report.name}: {report.summary}"),
        "style": style,
        "script": script,
        "level": next((level for level in LEVELS if counts[level]), "good"),
        "kind": _text(" · ".join(part for part in (f"prefect-iac {report.name}", data.title) if part)),
        "summary": _text(report.summary),
        "counts": "".join(f"<li>{badge}</li>" for badge in _counts(counts)),
        "links": "".join(f'<li><a href="#{name}">{_text(title)}</a></li>' for name, title, _ in parts),
        "filters": _filters(report, data),
        "body": "\n".join(content for _, _, content in parts),
        "footer": f"{len(report.subjects)} looked at. prefect-iac {VERSION}. Times are in UTC.",
        "data": _data(data),
    }
    return form.format_map(page)


def _counts(counts: Counter[Level]) -> list[str]:
    """How many findings of each level there are."""
    badges = [_badge(level, counted(counts[level], level)) for level in LEVELS if counts[level]]
    return badges or [_badge("good", "nothing found")]


def _file(name: str) -> str:
    return (files("prefect_iac.output.html") / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Nothing runs but this script, nothing has style but by this sheet, and nothing is loaded or sent."""
    rules = ["default-src 'none'", f"style-src '{_digest(style)}'", f"script-src '{_digest(script)}'"]
    return "; ".join([*rules, "base-uri 'none'", "form-action 'none'"])


def _digest(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _text(text: str) -> str:
    return escape(" ".join(printable(piece) for piece in text.split()))


def _badge(kind: str, text: str) -> str:
    return f'<span class="badge {kind}">{_text(text)}</span>'


def _parts(report: Report, data: PageData) -> Iterator[tuple[str, str, str]]:
    """Name, title and content of each part, in their order."""
    found = [finding for finding in report.findings if finding.suppressed is None]
    suppressed = [finding for finding in report.findings if finding.suppressed is not None]
    numbered = list(enumerate(report.sections))
    for number, section in numbered:
        if section.leading:
            yield f"section-{number}", section.title, _section(section, number)
    if found:
        found.sort(key=lambda finding: LEVELS.index(finding.level))
        yield _part("findings", "Findings", _items("findings", map(_finding, found)), counted=True)
    if data.objects:
        objects = sorted(data.objects, key=lambda planned: _ACTIONS.index(planned.action))
        yield _part("objects", "Plan by object", _items("objects", map(_object, objects)), counted=True)
    if data.timeline is not None and data.timeline.rows:
        yield _part("timeline", "Firings", _timeline(data.timeline), counted=True)
    if data.nodes:
        yield _part("graph", "Event graph", _GRAPH)
    for number, section in numbered:
        if section.leading:
            continue
        yield f"section-{number}", section.title, _section(section, number)
    if suppressed:
        title = f"Suppressed ({len(suppressed)})"
        items = _items("findings suppressed", map(_finding, suppressed))
        yield "suppressed", title, f'<section id="suppressed">{_folded(title, items)}</section>'


def _part(name: str, title: str, content: str, *, counted: bool = False) -> tuple[str, str, str]:
    none = '<p class="none" hidden>Nothing here fits the filters.</p>' if counted else ""
    mark = " data-counted" if counted else ""
    heading = f'<h2 id="{name}-title">{_text(title)}</h2>'
    return (
        name,
        title,
        f'<section id="{name}" aria-labelledby="{name}-title"{mark}>{heading}{content}{none}</section>',
    )


def _items(kind: str, items: Iterable[str]) -> str:
    return f'<ul class="{kind}">{"".join(items)}</ul>'


def _finding(finding: Finding) -> str:
    where = [f"<code>{_text(finding.rule)}</code>"]
    if finding.location is not None:
        where.append(f"<code>{_text(finding.location.text())}</code>")
    if finding.help is not None:
        where.append(_link(finding.help))
    if finding.suppressed is not None:
        where.append(f"suppressed: {_text(finding.suppressed)}")
    head = f'{_badge(finding.level, finding.level)} <span class="address">{_text(finding.subject)}</span>'
    head += f" <span>{_text(finding.message)}</span>"
    return (
        f'<li data-item data-level="{finding.level}"><div class="head">{head}</div>'
        f'{_details(finding.details)}<p class="where">{" · ".join(where)}</p></li>'
    )


def _link(address: str) -> str:
    """A link where it leads to the web; anything else is only text."""
    if not address.startswith(("https://", "http://")):
        return _text(address)
    return f'<a href="{escape(printable(address))}" rel="noreferrer noopener">{_text(address)}</a>'


def _object(planned: PlannedObject) -> str:
    head = f'{_badge(planned.action, planned.action)} <span class="address">{_text(planned.address)}</span>'
    if planned.level is not None:
        head += f" {_badge(planned.level, planned.level)}"
    items = "".join(f"<li>{_text(note)}</li>" for note in planned.notes)
    notes = f'<ul class="notes">{items}</ul>' if items else ""
    level = f' data-level="{planned.level}"' if planned.level is not None else ' data-level="none"'
    return (
        f'<li data-item data-action="{planned.action}" data-type="{_text(planned.type)}"{level}>'
        f'<div class="head">{head}</div>{_details(planned.changes)}{notes}</li>'
    )


def _details(details: Iterable[Detail]) -> str:
    rows = "".join(
        f"<dt><code>{_text(detail.place)}</code></dt><dd>{_text(detail.text)}</dd>" for detail in details
    )
    return f"<dl>{rows}</dl>" if rows else ""


def _section(section: Section, number: int) -> str:
    body = "".join(map(_block, readable(section)))
    name = f"section-{number}"
    if section.folded:
        return f'<section id="{name}">{_folded(section.title, body)}</section>'
    return _part(name, section.title, body)[2]


def _folded(title: str, body: str) -> str:
    return f"<details><summary>{_text(title)}</summary>{body}</details>"


def _block(block: Block) -> str:
    match block:
        case Paragraph(text):
            return f"<p>{_text(text)}</p>"
        case Code(text):
            lines = (printable(line) for line in text.expandtabs(4).splitlines())
            return f'<pre tabindex="0"><code>{escape(chr(10).join(lines))}</code></pre>'
        case Table(header, rows, numbers):
            kinds = [' class="number"' if name in numbers else "" for name in header]
            head = "".join(
                f'<th scope="col"{kind}>{_text(name)}</th>' for name, kind in zip(header, kinds, strict=True)
            )
            body = "".join(
                f"<tr>{''.join(f'<td{kind}>{_text(cell)}</td>' for cell, kind in zip(row, kinds, strict=True))}</tr>"
                for row in rows
            )
            table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
            return f'<div class="wide" tabindex="0">{table}</div>'


def _timeline(timeline: Timeline) -> str:
    rows = []
    for row in timeline.rows:
        now, planned = len(row.now), len(row.planned)
        kind = "more" if planned > now else "less" if planned < now else "same"
        said = f'{now} → <span class="{kind}">{planned}</span>'
        rows.append(
            f'<div class="line-row" data-item><span class="name">{_text(row.automation)}</span>'
            f'<span class="sum" aria-label="{now} now, {planned} planned">{said}</span></div>'
        )
    covered = ""
    if timeline.covered_from is not None and timeline.covered_from > timeline.start:
        covered = f" Grey: before {timeline.covered_from:%d %b %H:%M}, of which the history has no events."
    span = f"{timeline.start:%d %b %Y %H:%M} to {timeline.end:%d %b %Y %H:%M}.{covered}"
    legend = (
        '<div class="legend"><span><span class="key now"></span>now (above)</span>'
        '<span><span class="key planned"></span>planned (below)</span></div>'
    )
    return (
        f'<div class="tools"><span>{_text(span)}</span>{legend}</div><div id="timeline-rows">{"".join(rows)}</div>'
        '<div class="line-axis"><span></span><div id="timeline-axis"></div><span></span></div>'
    )


_GRAPH: Final = """\
<div class="tools">
<button type="button" id="zoom-in" aria-label="Zoom in">+</button>
<button type="button" id="zoom-out" aria-label="Zoom out">&minus;</button>
<button type="button" id="zoom-fit">Fit</button>
<div class="legend">
<span><span class="key new"></span>new</span> <span><span class="key changed"></span>changed</span>
<span><span class="key gone"></span>gone</span> <span><span class="key loop"></span>loop</span>
<span>dashed: configured, not seen</span>
</div>
</div>
<svg class="canvas" id="graph-canvas" tabindex="0" role="group" aria-label="Event graph: arrow keys move it, \
plus and minus zoom, 0 fits; Tab goes through its parts"></svg>
<p class="picked-list" id="graph-picked" role="status"></p>"""


def _filters(report: Report, data: PageData) -> str:
    levels = {finding.level for finding in report.findings} | {planned.level for planned in data.objects}
    actions = {planned.action for planned in data.objects}
    groups: list[tuple[str, str, list[str]]] = [
        ("level", "Level", [level for level in LEVELS if level in levels]),
        ("action", "Action", [action for action in _ACTIONS if action in actions]),
        ("type", "Type", sorted({planned.type for planned in data.objects})),
    ]
    return "\n".join(
        f"<fieldset><legend>{title}</legend>{''.join(_button(name, value) for value in values)}</fieldset>"
        for name, title, values in groups
        if len(values) > 1
    )


def _button(group: str, value: str) -> str:
    shown = value.removeprefix("prefect_") if group == "type" else value
    chosen = f'data-group="{group}" data-value="{_text(value)}" aria-pressed="false"'
    return f'<button type="button" {chosen}>{_text(shown)}</button>'


def _data(data: PageData) -> str:
    """What the page draws, as JSON in which nothing can end the element that holds it."""
    document: dict[str, Any] = {
        "graph": {
            "nodes": [_printable(asdict(node)) for node in data.nodes],
            "edges": [_printable(asdict(edge)) for edge in data.edges],
        },
        "timeline": None,
    }
    if data.timeline is not None:
        line = data.timeline
        document["timeline"] = {
            "start": line.start.timestamp(),
            "end": max(line.end.timestamp(), line.start.timestamp() + 1),
            "covered": (line.covered_from or line.start).timestamp(),
            "rows": [
                {
                    name: [round(time.timestamp()) for time in getattr(row, name)]
                    for name in ("now", "planned")
                }
                for row in line.rows
            ],
        }
    text = json.dumps(document, separators=(",", ":"))
    return text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")


def _printable(document: dict[str, Any]) -> dict[str, Any]:
    return {name: printable(value) if isinstance(value, str) else value for name, value in document.items()}
