"""Values that real providers stumble over, under the real terraform: unknowns, large numbers, JSON, large texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.plugin.toy.things import Thing

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.plugin.toy_workspace import ToyWorkspace

UNKNOWNS = """
resource "terraform_data" "seed" {
  input = { text = "seed", list = ["p", "q"], number = 7, nothing = null }
}

resource "toy_thing" "other" {
  name = "other"
}

locals {
  seed = terraform_data.seed.output
}

resource "toy_thing" "refined" {
  name     = "refined"
  document = jsonencode({ x = toy_thing.other.id })
  text     = "id-${toy_thing.other.id}"
  words    = [toy_thing.other.id, "known"]
  marks    = [toy_thing.other.id, "known", toy_thing.other.digest]
  labels   = { known = "k", unknown = toy_thing.other.id }
  anything = { id = toy_thing.other.id, list = [toy_thing.other.id, 1] }
}

resource "toy_thing" "whole" {
  name     = "whole"
  text     = local.seed.nothing
  note     = local.seed.nothing
  flag_on  = local.seed.nothing
  whole    = local.seed.number
  priority = local.seed.number
  words    = local.seed.list
  marks    = toset(local.seed.list)
  anything = local.seed
  quota    = local.seed.nothing
}

resource "toy_thing" "parts" {
  name  = "parts"
  part  = local.seed.text == "seed" ? { label = "yes", note = local.seed.nothing } : null
  parts = [for text in local.seed.list : { label = text }]
  set_of_parts = [
    { label = toy_thing.other.id, spec = "{ \\"b\\": 1, \\"a\\": 2 }" },
    { label = "known", note = toy_thing.other.id, spec = "{ }" },
    { label = "known too", spec = "{ }" },
  ]
  map_of_parts  = { for text in local.seed.list : text => { label = text, core = { spec = jsonencode(text) } } }
  parts_or_none = [{ label = toy_thing.other.id, core = { material = local.seed.nothing } }, { label = "known" }]
  frame         = { size = local.seed.number, pin_wo = toy_thing.other.id }
}
"""


def test_what_is_unknown_is_planned_as_unknown_and_turns_out_as_written(
    toy: Callable[..., ToyWorkspace],
) -> None:
    """Refined unknowns, whole unknown objects and lists, and unknowns in sets are applied without complaint."""
    workspace = toy(UNKNOWNS)
    plan = workspace.plan()
    parts = plan.change("toy_thing.parts").after_unknown
    assert (parts["part"], parts["parts"], parts["map_of_parts"]) == (True, True, True)
    refined = plan.change("toy_thing.refined")
    assert refined.after_unknown["words"] == [True, False]
    assert refined.after["labels"]["known"] == "k"
    workspace.apply_plan()
    workspace.assert_no_changes()

    things = {values["name"]: values for values in workspace.objects(Thing)}
    id_ = things["other"]["id"]
    assert things["refined"]["text"] == f"id-{id_}"
    assert things["refined"]["document"] == f'{{ "x" : "{id_}" }}'
    assert sorted(things["refined"]["marks"]) == sorted(["known", id_, things["other"]["digest"]])
    assert things["whole"]["flag_on"] is True
    assert things["whole"]["words"] == ["p", "q"]
    labels = {part["label"]: part for part in things["parts"]["set_of_parts"]}
    assert labels.keys() == {id_, "known", "known too"}
    assert labels["known"]["note"] == id_
    assert all(part["serial"] for part in labels.values())
    assert things["parts"]["part"]["label"] == "yes"
    assert things["parts"]["parts_or_none"][0]["core"]["material"] == "wood"


def test_a_change_elsewhere_makes_only_what_uses_it_unknown(toy: Callable[..., ToyWorkspace]) -> None:
    """When the object that another refers to is replaced, only the referring attribute is unknown, and settles."""
    configuration = UNKNOWNS.replace('name = "other"', 'name = "other"\n  kind = "fancy"')
    workspace = toy(UNKNOWNS)
    workspace.apply()
    workspace.write(configuration)
    plan = workspace.plan()
    assert plan.change("toy_thing.refined").actions == ("update",)
    unknown = plan.change("toy_thing.refined").after_unknown
    followers = {"digest", "summary", "grade", "revision"}
    written = {"anything", "document", "labels", "marks", "text", "words"}
    assert {name for name, value in unknown.items() if value} == followers | written
    assert "toy_thing.whole" not in plan.actions()
    workspace.apply_plan()
    workspace.assert_no_changes()


NUMBERS = {
    "beyond 64 bits": "123456789012345678901234567890",
    "below 64 bits": "-123456789012345678901234567890",
    "beyond a float": "0.1234567890123456789012345678901234567890",
    "not exact in a float": "0.1",
    "tiny": "1e-300",
    "huge": "1e300",
    "one": "1.0",
}


def test_numbers_keep_every_digit(toy: Callable[..., ToyWorkspace]) -> None:
    """Numbers beyond 64 bits and beyond floats arrive as written, in every place, and stay so."""
    blocks = [
        f'resource "toy_thing" "n{index}" {{\n  name = "n{index}"\n  number = {number}\n  anything = [{number}]\n'
        f"  document = jsonencode({number})\n"
        f'  part = {{ label = "x", core = {{ density = {number} }} }}\n}}\n'
        for index, number in enumerate(NUMBERS.values())
    ]
    outputs = [
        f'output "o{index}" {{\n  value = toy_thing.n{index}.number == {number} '
        f"&& toy_thing.n{index}.anything[0] == {number}\n}}\n"
        for index, number in enumerate(NUMBERS.values())
    ]
    workspace = toy("\n".join(blocks + outputs))
    workspace.settle()
    assert workspace.outputs() == {f"o{index}": True for index in range(len(NUMBERS))}


def test_another_spelling_is_no_change(toy: Callable[..., ToyWorkspace]) -> None:
    """The same JSON, UUID, instant, set or empty text written otherwise plans nothing, at any depth."""
    one = r"""
      document = "{\"a\": [1.0, {}], \"b\": null}"
      identity = "0123ABCD-89ab-cdef-0123-456789abcdef"
      moment   = "2030-01-31T12:00:00Z"
      marks    = ["a", "b"]
      anything = ["a", "b"]
      note     = ""
      documents = ["{ }"]
      part     = { label = "x", note = "", spec = "{\"a\": 1, \"b\": 2}" }
      set_of_parts = [{ label = "x", spec = "{\"a\": 1, \"b\": 2}" }, { label = "y" }]
    """
    other = r"""
      document = "{\"b\":null,\"a\":[1,{ }]}"
      identity = "0123abcd-89AB-cdef-0123-456789abcdef"
      moment   = "2030-01-31T13:00:00+01:00"
      marks    = ["b", "a", "b"]
      anything = tolist(["a", "b"])
      documents = ["{}"]
      part     = { label = "x", spec = jsonencode({ b = 2, a = 1 }), weight = 1, core = null, tags = [] }
      set_of_parts = [{ label = "y", note = "" }, { label = "x", spec = "{\"b\": 2, \"a\": 1.0}" }]
    """
    block = 'resource "toy_thing" "a" {{\n  name = "a"\n{}\n}}\n'
    workspace = toy(block.format(one))
    workspace.settle()
    workspace.write(block.format(other))
    workspace.assert_no_changes()
    workspace.write(block.format(other + '\n  text = "changed"\n'))
    workspace.settle()


def test_five_mebibytes_pass(toy: Callable[..., ToyWorkspace]) -> None:
    """A text of 5 MiB goes to the provider and back, more than gRPC libraries allow by themselves."""
    workspace = toy(
        'resource "toy_thing" "a" {\n  name = "a"\n  text = file("${path.module}/large.txt")\n}\n'
    )
    (workspace.directory / "large.txt").write_text("0123456789abcdef" * (5 * 2**16), encoding="utf-8")
    workspace.settle()
    (values,) = workspace.objects(Thing)
    assert len(values["text"]) == 5 * 2**20


FUNCTIONS = """
output "upper" {
  value = provider::toy::upper("abc")
}
output "null" {
  value = provider::toy::upper(null) == null
}
output "glue" {
  value = [provider::toy::glue("-", "a", "b", "c"), provider::toy::glue("-")]
}
output "half" {
  value = provider::toy::half([1, 2, 0.1]) == tolist([0.5, 1, 0.05])
}
output "same" {
  value = provider::toy::same({ a = [1, "x"], b = null })
}
resource "toy_thing" "a" {
  name = "a"
  text = provider::toy::upper(provider::toy::glue(" ", "b", terraform_data.c.output))
}
resource "terraform_data" "c" {
  input = "c"
}
"""


def test_functions_are_called(toy: Callable[..., ToyWorkspace]) -> None:
    """Functions take null, lists, any value and any number of texts, also those known only after apply."""
    workspace = toy(FUNCTIONS)
    workspace.settle()
    expected: dict[str, Any] = {
        "upper": "ABC",
        "null": True,
        "glue": ["a-b-c", ""],
        "half": True,
        "same": {"a": [1, "x"], "b": None},
    }
    assert workspace.outputs() == expected
    assert workspace.state()["toy_thing.a"]["text"] == "B C"


def test_a_failing_function_points_at_its_argument(toy: Callable[..., ToyWorkspace]) -> None:
    """An argument error names the parameter, also a variadic one; a crash names the function and is no crash."""
    workspace = toy('output "o" {\n  value = provider::toy::glue("-", "a", "b-c")\n}\n')
    error = workspace.plan(check=False).only_error()
    assert "the glue '-' is in it already" in error.detail
    assert "texts" in error.detail
    workspace.write('output "o" {\n  value = provider::toy::half([])\n}\n')
    error = workspace.plan(check=False).only_error()
    assert "half" in error.detail
    assert "nothing to halve" in error.detail
