"""Parameters of run-deployment: marked values and templates, in lists too."""

import json
import subprocess
from decimal import Decimal
from typing import Any

import pytest

from prefect_provider.plugin.language.values import UNKNOWN
from prefect_provider.rules.documents import DEEPEST, document_problems
from prefect_provider.rules.parameters import parameter_problems, run_parameter_problems
from prefect_provider.text.path import Path
from tests.rules.prefect_python import PREFECT_PYTHON

KIND = "__prefect_kind"


def marked(kind: Any, **fields: Any) -> dict[str, Any]:
    """Make a marked object."""
    return {KIND: kind, **fields}


@pytest.mark.parametrize(
    "parameters",
    [
        None,
        {},
        {"a": 1, "b": [True, None, {"c": "{{ event.id }}"}]},
        {"a": marked("jinja", template="{{ event.id }}")},
        {"a": marked("json", value='{"x": 1}')},
        {"a": marked("json", value=5)},
        {"a": marked("json", value=marked("jinja", template="{{ event | tojson }}"))},
        {"a": marked("none", value={"b": "{{ not a template"})},
        {"a": marked("workspace_variable", variable_name="my_var-1")},
        {"a": [[1, 2], [marked("jinja", template="{{ event }}")]]},
        {"a": UNKNOWN, "b": [UNKNOWN], "c": {KIND: UNKNOWN}, "d": marked("jinja", template=UNKNOWN)},
    ],
    ids=str,
)
def test_good_parameters_pass(parameters: Any) -> None:
    """What the server renders as written has no problems."""
    assert parameter_problems(parameters, is_unknown=lambda value: value is UNKNOWN) == []


@pytest.mark.parametrize(
    ("parameters", "path", "words"),
    [
        ("x", (), "object of parameters"),
        (marked("json", value="1"), (), "as a whole"),
        ({"a": "{{ x"}, ("a",), "Jinja"),
        ({"a": {"b": ["{% if %}"]}}, ("a", "b", 0), "Jinja"),
        ({"a": [{"b": "{{ x"}]}, ("a", 0, "b"), "Jinja"),
        ({"a": marked("jinja", template="{{ x")}, ("a", "template"), "Jinja"),
        ({"a": [marked("jinja", template="{{ x")]}, ("a", 0, "template"), "Jinja"),
        ({"a": marked("jinja")}, ("a", "template"), "needs `template`"),
        ({"a": marked("jinja", template=3)}, ("a", "template"), "as text"),
        ({"a": marked("jinga", template="")}, ("a", KIND), 'Write "jinja".'),
        ({"a": [marked(None, value=1)]}, ("a", 0, KIND), "got null"),
        ({"a": marked("json", value="{x")}, ("a", "value"), "line 1, column 2"),
        ({"a": marked("json", value="{{ x }}")}, ("a", "value"), '"jinja"'),
        ({"a": marked("json")}, ("a", "value"), "drops the parameter"),
        ({"a": marked("json", value={"b": marked("nope", value=1)})}, ("a", "value", "b", KIND), "nope"),
        ({"a": marked("none", value=[marked("jinja")])}, ("a", "value", 0, "template"), "needs"),
        ({"a": marked("workspace_variable", variable_name=1)}, ("a", "variable_name"), "name of a variable"),
        ({"a": marked("workspace_variable", variable_name="My Var")}, ("a", "variable_name"), "a-z"),
    ],
    ids=str,
)
def test_a_mistake_is_an_error_at_its_place(parameters: Any, path: Path, words: str) -> None:
    """Each mistake is one error, inside lists as well, where the server does not look."""
    found = [one for one in parameter_problems(parameters) if one.severity == "error"]
    assert [one.path for one in found] == [path]
    assert words in str(found[0])


def test_what_the_server_passes_over_is_a_warning() -> None:
    """A template in a nested list and a field that is ignored are warnings."""
    found = parameter_problems({"a": [["{{ event }}"]], "b": marked("json", value="1", template="{{ x }}")})
    assert [(one.path, one.severity) for one in found] == [
        (("a", 0, 0), "warning"),
        (("b", "template"), "warning"),
    ]


SCHEMA = {
    "type": "object",
    "properties": {
        "day": {"type": "string"},
        "count": {"type": "integer", "minimum": 1, "default": 1},
        "ratio": {"type": "number", "multipleOf": 0.5, "default": 1.0},
        "tags": {"type": "array", "items": {"type": "string"}, "default": []},
    },
    "required": ["day"],
}


@pytest.mark.parametrize(
    ("parameters", "defaults", "path", "words"),
    [
        ({"count": "many"}, None, ("count",), 'expected a whole number, got "many"'),
        ({"count": 0}, None, ("count",), "expected 1 or more, got 0"),
        ({"tags": ["a", 2]}, None, ("tags", 1), "expected text, got 2"),
        ({"ratio": Decimal("0.3")}, None, ("ratio",), "0.3"),
        ({"dya": "today"}, None, ("dya",), "Did you mean `day`?"),
        ({"count": 2}, {}, ("day",), "`day` is missing"),
        ({"count": 2}, {"count": 3}, ("day",), "`day` is missing"),
    ],
    ids=str,
)
def test_parameters_are_held_against_the_deployments_schema(
    parameters: dict[str, Any], defaults: dict[str, Any] | None, path: Path, words: str
) -> None:
    """A wrong type, a wrong name, and one that neither the action nor the deployment gives; each at its place."""
    (found,) = run_parameter_problems(parameters, SCHEMA, defaults=defaults, path=("parameters",))
    assert found.path == ("parameters", *path)
    assert found.severity == "error"
    assert words in str(found)


@pytest.mark.parametrize(
    ("parameters", "defaults"),
    [
        ({}, None),
        ({"day": "today", "ratio": Decimal("1.5"), "tags": ["a"]}, {}),
        ({"count": 2}, {"day": "today"}),
        ({"day": "today"}, {"count": "of the deployment"}),
        ({"count": "{{ event.payload.count }}"}, None),
        ({"count": marked("jinja", template="{{ event.payload.count }}")}, None),
        ({"count": marked("workspace_variable", variable_name="count")}, None),
        ({"tags": ["{{ event.name }}", marked("json", value="1")]}, None),
        ({"count": UNKNOWN, "tags": [UNKNOWN]}, None),
        ({"count": 1}, UNKNOWN),
    ],
    ids=str,
)
def test_what_is_worked_out_later_is_not_held_against_it(parameters: dict[str, Any], defaults: Any) -> None:
    """Templates, variables, values that are not known yet, and what the deployment gives."""
    assert (
        run_parameter_problems(
            parameters, SCHEMA, defaults=defaults, is_unknown=lambda value: value is UNKNOWN
        )
        == []
    )


def deep(levels: int) -> Any:
    """Objects and lists inside each other."""
    value: Any = "x"
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return value


@pytest.mark.parametrize(
    ("document", "path", "words"),
    [
        ({"a": "\ud800"}, ("a",), r"expected Unicode text, got the half character \ud800"),
        ({"a": ["x", {"b": "y\udfff"}]}, ("a", 1, "b"), r"got the half character \udfff"),
        ({"\ud800": 1}, (), "half character"),
        (
            {"a": marked("json", value='{"b": 1}'), "c": marked("jinja", template="\ud800")},
            ("c", "template"),
            "half",
        ),
        ({"a": deep(5000)}, ("a",), "expected 150 levels of objects and lists or fewer"),
        ({"a": float("nan")}, ("a",), "JSON has no such number"),
        ({"a": [float("inf")]}, ("a", 0), "JSON has no such number"),
        ({"a": 10**5000}, ("a",), "4000 digits or fewer"),
        ({"a": Decimal("1e-400")}, ("a",), "15 digits or fewer"),
        ({"a": Decimal("0.12345678901234567890123")}, ("a",), "15 digits or fewer"),
    ],
    ids=["text", "inside", "key", "template", "levels", "nan", "infinity", "digits", "small", "long"],
)
def test_what_the_server_cannot_keep_is_an_error_at_its_place(document: Any, path: Path, words: str) -> None:
    """The text of the error can itself be written; the depth of the document does not matter."""
    (found,) = parameter_problems(document)
    assert found.path == path
    assert words in str(found)
    found.message.encode()
    found.remedy.encode()
    assert document_problems({"data": document})


@pytest.mark.parametrize(
    "document",
    [
        {"a": "\U0001f600 é \x00", "b": deep(100), "c": [True, None, 10**300, -1]},
        {"a": Decimal("0.1"), "b": Decimal("1.5"), "c": 0.1 + 0.2, "d": UNKNOWN, "e": [UNKNOWN]},
    ],
    ids=["texts and levels", "numbers"],
)
def test_what_the_server_keeps_is_none(document: Any) -> None:
    """Any whole character, a hundred levels, numbers as a binary float has them, and what is not known yet."""
    assert document_problems(document, is_unknown=lambda value: value is UNKNOWN) == []


def test_the_server_reads_what_is_not_too_deep_and_no_half_characters() -> None:
    """Prefect's own action takes and writes the deepest that passes, and cannot write half a character."""
    if not PREFECT_PYTHON:
        pytest.skip("there is no Python with Prefect")
    code = """
import json, sys
from uuid import uuid4
from prefect.server.events.schemas.automations import AutomationCreate
def kept(parameters):
    action = {"type": "run-deployment", "deployment_id": str(uuid4()), "parameters": parameters}
    trigger = {"type": "event", "posture": "Reactive", "threshold": 1, "within": 0}
    made = AutomationCreate.model_validate({"name": "a", "trigger": trigger, "actions": [action]})
    try:
        AutomationCreate.model_validate_json(made.model_dump_json())
    except Exception:
        return False
    return True
print(json.dumps([kept(one) for one in json.load(sys.stdin)]))
"""
    documents = [{"a": deep(DEEPEST - 1)}, {"a": deep(200)}, {"a": "\ud800"}]
    done = subprocess.run(
        [PREFECT_PYTHON, "-c", code], input=json.dumps(documents), capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout.splitlines()[-1]) == [True, False, False]
    assert [bool(document_problems(one)) for one in documents] == [False, True, True]
