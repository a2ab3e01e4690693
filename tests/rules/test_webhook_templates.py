"""Templates of webhooks: what can make an event of a request, and what cannot."""

from __future__ import annotations

import pytest

from prefect_provider.rules.webhook_templates import webhook_template_problems

_TEMPLATE = '{"event": "order.complete", "resource": {"prefect.resource.id": "order.{{ body.id }}"}}'

_EVENT = '"event": "a", "resource": {"prefect.resource.id": "b"}'


@pytest.mark.parametrize(
    "template",
    [
        f"{{{_EVENT}}}",
        _TEMPLATE,
        "{{ body|tojson }}",
        "{{ body|from_cloud_event(headers) }}",
        '{%- if body.x %}{"event": "a", "resource": {}}{% endif %}',
        f'{{{_EVENT}, "payload": {{{{ body | tojson }}}}}}',
        f'{{{_EVENT}, "payload": {{"n": {{{{ body.n|default(0) }}}}, "m": "{{{{ method }}}}"}}}}',
        f'{{{_EVENT}, "payload": {{"n": "{{{{ body.n|humanize_naturaltime }}}}"}}}}',
    ],
)
def test_templates_that_make_events(template: str) -> None:
    """Nothing is said of a template that can make an event."""
    assert webhook_template_problems(template) == []


@pytest.mark.parametrize(
    ("template", "severity", "said"),
    [
        ("{{ body", "error", "not a valid Jinja template"),
        ('{"event": "{{ body.a|default(\\"x\\") }}"}', "error", "not a valid Jinja template"),
        ("order.complete", "error", "does not render to JSON"),
        ('["a"]', "error", "expected an event as a JSON object, got array"),
        ('{"resource": {"prefect.resource.id": "b"}}', "error", "`event` is missing"),
        ('{"event": "a"}', "error", "`resource` is missing"),
        ('{"event": "a", "resource": {"prefect.resource.name": "b"}}', "error", "no `prefect.resource.id`"),
        ('{"event": "{{ body.a }}", "resource": {}}', "warning", "no `prefect.resource.id`"),
        ('{"event": "{{ body.a }}",}', "warning", "does not render to JSON"),
        (f'{{{_EVENT}, "payload": {{{{ event.payload }}}}}}', "warning", "no variable `event`"),
        (f'{{{_EVENT}, "payload": {{{{ body|to_json }}}}}}', "warning", "no filter `to_json`"),
    ],
)
def test_templates_that_make_none(template: str, severity: str, said: str) -> None:
    """What is certain to fail is an error, and what depends on the request a warning."""
    problems = webhook_template_problems(template)
    assert [one.severity for one in problems] == [severity]
    assert said in problems[0].message


def test_quotation_marks_of_jsonencode_have_a_remedy() -> None:
    """The usual cause of a template that is none is named."""
    [problem] = webhook_template_problems('{"event": "{{ body.a|default(\\"x\\") }}"}')
    assert "jsonencode()" in problem.remedy


@pytest.mark.parametrize(
    "template",
    ['{"event": "", "resource": {"prefect.resource.id": "b"}}', '{"event": "a", "resource": "b"}'],
)
def test_what_is_there_and_empty_is_not_misspelt(template: str) -> None:
    """The remedy for a name or a resource that says nothing is how an event is written, and not its own name."""
    [problem] = webhook_template_problems(template)
    assert problem.severity == "error"
    assert "An event is written like" in problem.remedy
