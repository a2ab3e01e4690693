"""Parameters of run-deployment: marked values and templates, in lists too."""

from typing import Any

import pytest

from prefect_provider.plugin.language.values import UNKNOWN
from prefect_provider.rules.parameters import parameter_problems
from prefect_provider.text.path import Path

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
