"""The rules of a webhook's template: it has to render to the JSON of an event.

What is certain is an error: a template that is no template, and a fixed text that is no event. How a template renders
depends on the request; where it is plain that no request makes an event of it, that is a warning.
"""

from __future__ import annotations

from json import JSONDecodeError, loads
from re import DOTALL
from re import compile as pattern
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.rules.templates import HUMANIZING, Surroundings, faults, is_template
from prefect_provider.text.json import kind_of
from prefect_provider.text.problem import Problem, Severity
from prefect_provider.text.spelling import closest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_provider.text.path import Path

__all__ = ["FIELDS", "MOST_CHARACTERS", "RESOURCE_ID", "SURROUNDINGS", "webhook_template_problems"]

MOST_CHARACTERS: Final = 30_000

SURROUNDINGS: Final = Surroundings(
    "webhooks",
    frozenset({"body", "headers", "method"}),
    frozenset({"from_cloud_event", *HUMANIZING}),
    has_limits=False,
)
"""What Prefect Cloud has around a webhook's template."""

FIELDS: Final = ("event", "follows", "id", "occurred", "payload", "related", "resource")
"""The fields of an event."""

RESOURCE_ID: Final = "prefect.resource.id"

_EXAMPLE: Final = '{"event": "order.complete", "resource": {"prefect.resource.id": "order.{{ body.id }}"}}'

_PUT_OUT: Final = pattern(r"\{\{.*?\}\}", DOTALL)
"""Where a value is put out."""

_STATEMENT: Final = pattern(r"\{[%#]")

_ESCAPED: Final = pattern(r"\{[{%](?:(?![}%]\}).)*\\\"", DOTALL)
"""A quotation mark inside of an expression as `jsonencode()` writes it."""


def webhook_template_problems(template: str, *, path: Path = ()) -> list[Problem]:
    """What is wrong with a template."""
    found = [*_faults(template, path)]
    if not any(one.severity == "error" for one in found):
        found += _event_problems(template, path)
    return found


def _faults(template: str, path: Path) -> Iterator[Problem]:
    several_lines = "\n" in template
    for fault in faults(template, SURROUNDINGS):
        line = f"line {fault.line}: " if several_lines else ""
        remedy = fault.remedy
        if fault.severity == "error" and _ESCAPED.search(template):
            remedy = (
                '`jsonencode()` writes \\" for the quotation marks inside of {{ }}: use single ones there, or write '
                "the template as a heredoc"
            )
        yield Problem(path, f"{line}{fault.message}", remedy, fault.severity)


def _event_problems(template: str, path: Path) -> Iterator[Problem]:
    """Whether what it renders to can be an event: ``0`` stands for whatever is put out."""
    is_fixed = not is_template(template) and "{#" not in template
    if not is_fixed and (_STATEMENT.search(template) or _PUT_OUT.fullmatch(template.strip())):
        # What there is of it depends on the request altogether.
        return
    severity: Severity = "error" if is_fixed else "warning"
    try:
        event = loads(_PUT_OUT.sub("0", template))
    except (JSONDecodeError, RecursionError) as error:
        where = f" ({error})" if isinstance(error, JSONDecodeError) else ""
        message = f"it does not render to JSON{where}, so that every request is answered 400"
        yield Problem(path, message, f"An event is written like {_EXAMPLE}", severity)
        return
    for message, remedy in _lacks(event):
        yield Problem(path, message, remedy, severity)


def _lacks(event: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(event, dict):
        yield f"expected an event as a JSON object, got {kind_of(event)}", f"It is written like {_EXAMPLE}"
        return
    resource = event.get("resource")
    if not event.get("event") and event.get("event") != 0:
        yield "the event has no name: `event` is missing, or empty", _meant("event", event)
    if not isinstance(resource, dict):
        yield "the event is of no resource: `resource` is missing, or no object", _meant("resource", event)
    elif RESOURCE_ID not in resource:
        yield f"the event's resource has no `{RESOURCE_ID}`", _meant(RESOURCE_ID, resource)


def _meant(name: str, given: dict[str, Any]) -> str:
    near = closest(name, [one for one in given if one != name])
    return f"Write `{name}` for `{near}`" if near else f"An event is written like {_EXAMPLE}"
