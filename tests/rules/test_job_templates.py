"""Base job templates, held against what the server checks of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.rules.job_templates import template_problems
from prefect_provider.text.path import show_path
from tests.environment.prefect_server import CallError

if TYPE_CHECKING:
    from tests.environment.prefect_server import PrefectServer


def template(configuration: Any, **properties: Any) -> dict[str, Any]:
    """A template whose variables have these properties."""
    return {
        "job_configuration": configuration,
        "variables": {"type": "object", "properties": properties},
    }


WRONG: list[tuple[dict[str, Any], str, str]] = [
    (template({"image": "{{ image }}"}), "job_configuration.image", "Add `image`"),
    (template({"image": "{{ imge }}"}, image={}), "job_configuration.image", "Did you mean `image`?"),
    (template({"env": {"A": ["x {{a}}-{{ b }}"]}}, a={}), "job_configuration.env.A[0]", "`b`"),
    (template({"env": {"{{ key }}": 1}}), "job_configuration.env", "`key`"),
    (template({"x": "{{ $HOME }}"}), "job_configuration.x", "$HOME"),
    (template({"x": "{{ prefect.blocks.secret.s }}"}), "job_configuration.x", "prefect.blocks.secret.s"),
    (template({"c": 1}, env={"type": "array", "default": {}}), "variables.properties.env.default", "a list"),
    (
        template(
            {"c": 1}, env={"type": "object", "properties": {"n": {"type": "integer"}}, "default": {"n": "x"}}
        ),
        "variables.properties.env.default.n",
        "a whole number",
    ),
    (template({"c": 1}, env={"type": "objct"}), "variables.properties.env.type", "not a JSON schema"),
    ({"variables": {"type": "object"}}, "", "missing: `job_configuration`"),
    ({"job_configuration": {"c": 1}, "variables": {}}, "", "missing: `variables`"),
    ({"job_configuration": [1], "variables": {"type": "object"}}, "job_configuration", "an object"),
    (template({}), "", "missing: `job_configuration`"),
]


@pytest.mark.parametrize(("document", "path", "text"), WRONG, ids=lambda value: str(value)[:60])
def test_what_the_server_refuses_is_found_at_its_place(
    document: dict[str, Any], path: str, text: str
) -> None:
    """An undeclared variable, a default of the wrong type and a broken schema are found, each where it is."""
    [found] = template_problems(document)
    assert show_path(found.path) == path
    assert text in str(found)


RIGHT: list[dict[str, Any]] = [
    {},
    template(
        {"env": "{{ env }}", "n": 5, "x": None, "y": "{ not } {{ a variable! }}"}, env={"type": "object"}
    ),
    template({"a": "{{a}}{{ b }}"}, a={"type": "string", "default": None}, b={"default": {"$ref": {"x": 1}}}),
    template({"{{ key }}": 1}),
    template(
        {"c": 1}, n={"type": "integer", "default": 3}, s={"anyOf": [{"type": "string"}, {"type": "null"}]}
    ),
]


@pytest.mark.parametrize("document", RIGHT, ids=lambda value: str(value)[:60])
def test_what_the_server_accepts_is_right(document: dict[str, Any]) -> None:
    """Empty templates, other texts in braces, defaults of null and references to blocks are no mistakes."""
    assert template_problems(document) == []


def test_the_server_agrees(prefect_server: PrefectServer) -> None:
    """What is found here is what a real server refuses, and what is not found it accepts."""
    documents = [document for document, _, _ in WRONG if "variables" in document] + RIGHT
    for number, document in enumerate(documents):
        body = {"name": f"template-{number}", "type": "process", "base_job_template": document}
        assert _refuses(prefect_server, body) == bool(template_problems(document)), document


def _refuses(server: PrefectServer, body: dict[str, Any]) -> bool:
    try:
        server.call("POST", "/work_pools/", body)
    except CallError as error:
        return error.status in (422, 500)
    return False


def test_templates_of_every_worker_are_right(prefect_server: PrefectServer) -> None:
    """Nothing is found in the templates that Prefect and its integrations bring."""
    packages = prefect_server.call("GET", "/collections/views/aggregate-worker-metadata")
    templates = {
        type_: worker["default_base_job_configuration"]
        for package in packages.values()
        for type_, worker in package.items()
    }
    assert len(templates) > 5
    assert [type_ for type_, one in templates.items() if template_problems(one)] == []
