"""What the person at the terminal reads when something is wrong, under the real terraform."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.plugin.toy.trouble import Faulty

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.plugin.toy_workspace import ToyWorkspace

FAULTY = 'resource "toy_faulty" "{0}" {{\n  name = "{0}"\n  fault = "{1}"\n  {2}\n}}\n'
PARTS = 'parts = [\n    { label = "x" },\n    { label = "y" },\n  ]'


def test_a_mistake_is_reported_with_its_line_and_inner_path(toy: Callable[..., ToyWorkspace]) -> None:
    """Validation points at the line of the attribute and names what is inside it; all mistakes come at once."""
    workspace = toy(
        'resource "toy_thing" "a" {\n'
        '  name = "Not OK"\n'
        "  whole = 1.5\n"
        '  document = "{"\n'
        '  parts = [{ label = "x" }, { label = "y", weight = -1 }]\n'
        '  map_of_parts = { m = { label = "x", spec = "[]" } }\n'
        "  set_of_parts = [null]\n"
        '  secret = "s"\n'
        "}\n"
    )
    errors = {error.line: error for error in workspace.validate().errors}
    assert errors.keys() == {2, 3, 4, 5, 6, 7}
    assert errors[2].summary == "Invalid value for `name`"
    assert errors[2].detail == 'Expected lower case letters, digits and hyphens, got "Not OK".'
    assert errors[3].detail == "Expected a whole number, got 1.5."
    assert "jsonencode" in errors[4].detail
    assert errors[5].summary == "Invalid value for `parts[1].weight`"
    assert errors[5].detail == "Expected a number not below 0, got -1."
    assert errors[6].summary == "Invalid value for `map_of_parts.m.spec`"
    assert errors[7].summary == "Missing object"


def test_a_resource_checks_what_its_declaration_cannot(toy: Callable[..., ToyWorkspace]) -> None:
    """The resource's own errors get line and inner path as well, and come only once the declaration is content."""
    workspace = toy(
        'resource "toy_thing" "a" {\n  name = "a"\n  parts = [{ label = "x", note = "wrong" }]\n}\n'
    )
    error = workspace.validate().only_error()
    assert (error.line, error.summary) == (3, "Wrong note")
    assert error.detail == "At `parts[0].note`: Say something else."


def test_a_provider_block_is_checked(toy: Callable[..., ToyWorkspace]) -> None:
    """Its values, its rules and the provider's own check each report an error at the block's line."""
    workspace = toy('resource "toy_thing" "a" {\n  name = "a"\n}\n')
    workspace.write_provider('store = "x.json"\n  colour = "green"')
    error = workspace.validate().only_error()
    assert (error.summary, error.line) == ("Invalid value for `colour`", 3)
    assert error.detail == 'Expected one of `red`, `blue`, got "green".'
    workspace.write_provider('store = "x.json"\n  colour = "red"\n  shade = "dark"')
    error = workspace.validate().only_error()
    assert error.detail == "`colour` and `shade` cannot be set together; remove one of them."
    workspace.write_provider('store = "x.txt"')
    assert workspace.validate().only_error().summary == "Not a JSON file"
    workspace.write_provider('store = "x.json"\n  shade = "dark"')
    (warning,) = workspace.plan().warnings
    assert (warning.summary, warning.line) == ("Too dark", 3)


def test_a_provider_may_be_configured_with_what_is_not_known_yet(toy: Callable[..., ToyWorkspace]) -> None:
    """While the store is unknown everything is planned; the apply knows it."""
    workspace = toy(
        'resource "terraform_data" "store" {\n  input = "later.json"\n}\n'
        'resource "toy_thing" "a" {\n  name = "a"\n  text = "x"\n}\n'
    )
    workspace.write_provider("store = terraform_data.store.output")
    assert workspace.plan().actions() == {"terraform_data.store": ("create",), "toy_thing.a": ("create",)}
    workspace.apply_plan()
    workspace.assert_no_changes()
    assert (workspace.directory / "later.json").exists()


@pytest.mark.parametrize("call", ["plan", "create"])
def test_a_crash_names_the_resource_and_harms_no_other(toy: Callable[..., ToyWorkspace], call: str) -> None:
    """An unknown exception in a handler is a diagnostic with the address; the others are applied all the same."""
    others = "".join(f'resource "toy_thing" "t{index}" {{\n  name = "t{index}"\n}}\n' for index in range(4))
    workspace = toy(FAULTY.format("f", f"{call} crash", "") + others)
    result = workspace.apply(check=False)
    error = result.only_error()
    assert error.address == "toy_faulty.f"
    assert 'toy_faulty "f"' in error.summary
    assert "ZeroDivisionError: a quarrel of handlers" in error.detail
    assert "defect of the provider" in error.detail
    applied = {f"toy_thing.t{index}" for index in range(4)} if call == "create" else set()
    assert workspace.state().keys() == applied
    assert not list(workspace.provider_pids())


def test_crashes_while_reading_updating_and_deleting_lose_nothing(toy: Callable[..., ToyWorkspace]) -> None:
    """After each failure the state is what it was, and once the fault is gone the work goes on."""
    workspace = toy(FAULTY.format("f", "", ""))
    workspace.apply()
    before = workspace.state()["toy_faulty.f"]
    workspace.write(FAULTY.format("f", "update crash", ""))
    assert 'updating toy_faulty "f"' in workspace.apply(check=False).only_error().summary
    assert workspace.state()["toy_faulty.f"] == before
    workspace.write(FAULTY.format("f", "delete crash", ""))
    workspace.apply()
    assert 'deleting toy_faulty "f"' in workspace.destroy(check=False).only_error().summary
    assert workspace.state()["toy_faulty.f"]["fault"] == "delete crash"
    workspace.write(FAULTY.format("f", "read crash", ""))
    workspace.apply()
    assert 'reading toy_faulty "f"' in workspace.plan(check=False).only_error().summary
    assert workspace.state()["toy_faulty.f"]["fault"] == "read crash"


def test_an_error_says_where_it_is_inside_a_nested_attribute(toy: Callable[..., ToyWorkspace]) -> None:
    """An error with a path is shown at the attribute's line, and the text has the rest of the path."""
    workspace = toy(FAULTY.format("f", "create error", PARTS))
    error = workspace.apply(check=False).only_error()
    assert (error.summary, error.detail) == ("The server says no", "At `parts[1].label`: Ask nicely.")
    assert (error.address, error.line) == ("toy_faulty.f", 4)


def test_a_half_made_object_is_kept(toy: Callable[..., ToyWorkspace]) -> None:
    """An error that carries a state leaves the object in state, tainted, so that it is not lost."""
    workspace = toy(FAULTY.format("f", "create partial", PARTS))
    assert workspace.apply(check=False).only_error().summary == "Only half of it was made"
    (made,) = workspace.objects(Faulty)
    assert workspace.state()["toy_faulty.f"]["id"] == made["id"]
    workspace.write(FAULTY.format("f", "", PARTS))
    workspace.settle()
    (remade,) = workspace.objects(Faulty)
    assert remade["id"] != made["id"]


def test_an_ill_typed_answer_does_not_lose_the_object(toy: Callable[..., ToyWorkspace]) -> None:
    """A handler that returns a value of the wrong type is a defect that is reported, with the object in state."""
    workspace = toy(FAULTY.format("f", "create ill-typed", ""))
    error = workspace.apply(check=False).only_error()
    assert "token" in f"{error.summary} {error.detail}"
    (made,) = workspace.objects(Faulty)
    assert workspace.state()["toy_faulty.f"]["id"] == made["id"]
