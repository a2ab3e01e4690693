"""The life of an object under the real terraform: made, changed, replaced, lost, found, moved, upgraded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.plugin.toy.server import decide
from tests.plugin.toy.things import Thing

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.plugin.toy_workspace import ToyWorkspace

THING = 'resource "toy_thing" "a" {{\n  name = "a"\n  {}\n}}\n'


def thing(*lines: str) -> str:
    """A configuration with one thing."""
    return THING.format("\n  ".join(lines))


def unknown_names(change: Any) -> set[str]:
    """The attributes that a plan shows as known after apply, as a whole or in part."""
    return {name for name, value in (change.after_unknown or {}).items() if _any_true(value)}


def _any_true(value: Any) -> bool:
    match value:
        case dict():
            return any(map(_any_true, value.values()))
        case list():
            return any(map(_any_true, value))
    return bool(value)


def test_an_object_is_made_changed_replaced_and_destroyed(toy: Callable[..., ToyWorkspace]) -> None:
    """Each step does what it says to the one object, and leaves nothing to do."""
    workspace = toy(thing('text = "one"'))
    workspace.settle()
    first = workspace.state()["toy_thing.a"]
    assert [item["id"] for item in workspace.objects(Thing)] == [first["id"]]

    workspace.write(thing('text = "two"'))
    assert workspace.plan().actions() == {"toy_thing.a": ("update",)}
    workspace.settle()
    second = workspace.state()["toy_thing.a"]
    assert (second["id"], second["text"]) == (first["id"], "two")
    assert second["revision"] > first["revision"]

    workspace.write(thing('text = "two"', 'kind = "fancy"'))
    change = workspace.plan().change("toy_thing.a")
    assert change.actions == ("delete", "create")
    assert change.replace_paths == [["kind"]]
    workspace.settle()
    third = workspace.state()["toy_thing.a"]
    assert third["id"] != second["id"]
    assert [item["id"] for item in workspace.objects(Thing)] == [third["id"]]

    workspace.destroy()
    assert workspace.objects(Thing) == []
    assert workspace.state() == {}


def test_only_what_will_change_is_known_after_apply(toy: Callable[..., ToyWorkspace]) -> None:
    """An update shows as unknown the revision, what follows the change, and the new part's number; nothing else."""
    workspace = toy(thing('text = "one"', 'parts = [{ label = "x" }]'))
    workspace.settle()

    workspace.write(thing('text = "one"', 'parts = [{ label = "x" }]', "whole = 1"))
    change = workspace.plan().change("toy_thing.a")
    assert unknown_names(change) == {"revision"}
    assert set(change.differences) == {"revision", "whole"}

    workspace.write(thing('text = "two"', 'parts = [{ label = "x" }]'))
    change = workspace.plan().change("toy_thing.a")
    assert unknown_names(change) == {"revision", "digest", "summary", "grade"}

    workspace.write(thing('text = "one"', 'parts = [{ label = "x" }, { label = "y" }]'))
    change = workspace.plan().change("toy_thing.a")
    assert unknown_names(change) == {"revision", "parts"}
    assert change.after["parts"][0]["serial"] == "chosen-1"
    assert [set(part) for part in change.after_unknown["parts"]] == [{"tags"}, {"serial", "tags"}]


def test_a_change_inside_a_nested_object_can_need_a_new_one(toy: Callable[..., ToyWorkspace]) -> None:
    """A nested attribute that is declared so replaces the object, its neighbour only updates it."""
    workspace = toy(thing('frame = { size = 1, colour = "red" }'))
    workspace.settle()
    workspace.write(thing('frame = { size = 1, colour = "blue" }'))
    assert workspace.plan().actions() == {"toy_thing.a": ("update",)}
    workspace.write(thing('frame = { size = 2, colour = "red" }'))
    change = workspace.plan().change("toy_thing.a")
    assert change.actions == ("delete", "create")
    assert change.replace_paths == [["frame", "size"]]
    workspace.settle()


def test_a_resource_can_ask_for_a_new_object(toy: Callable[..., ToyWorkspace]) -> None:
    """What only the resource's own planning knows replaces the object, and leaves an empty plan."""
    workspace = toy(thing("whole = 12"))
    workspace.settle()
    workspace.write(thing("whole = 13"))
    assert workspace.plan().change("toy_thing.a").replace_paths == [["whole"]]
    workspace.settle()


def test_a_removed_attribute_goes_back_to_its_reset_also_after_a_failure(
    toy: Callable[..., ToyWorkspace],
) -> None:
    """An attribute with a reset that was configured is reset, even when the first apply of its removal fails."""
    faulty = 'resource "toy_faulty" "f" {{\n  size = {}\n  fault = "{}"\n}}\n'
    workspace = toy(faulty.format(5, ""))
    workspace.settle()
    workspace.write(faulty.format("null", "update crash"))
    assert workspace.plan().change("toy_faulty.f").after["size"] == 10
    workspace.apply(check=False)
    assert workspace.state()["toy_faulty.f"]["size"] == 5
    workspace.write(faulty.format("null", ""))
    workspace.settle()
    assert workspace.state()["toy_faulty.f"]["size"] == 10


def test_private_data_survives_and_is_not_inherited(toy: Callable[..., ToyWorkspace]) -> None:
    """What a resource keeps in private comes back with every call, and a new object begins without it."""
    workspace = toy(thing("whole = 1"))
    workspace.settle()
    for number, writes in ((2, 2), (3, 3)):
        workspace.write(thing(f"whole = {number}"))
        assert [item.detail for item in workspace.apply().warnings] == [f"{writes} writes"]
        workspace.assert_no_changes()
    workspace.write(thing("whole = 3", 'kind = "fancy"'))
    workspace.apply()
    workspace.write(thing("whole = 4", 'kind = "fancy"'))
    assert [item.detail for item in workspace.apply().warnings] == ["2 writes"]


def test_an_imported_object_needs_no_change(toy: Callable[..., ToyWorkspace]) -> None:
    """What was made elsewhere, with everything set or nothing, is imported, and the plan is empty."""
    full = (
        'text = "t"',
        "whole = 5",
        'document = "{ }"',
        'marks = ["b", "a"]',
        'note = ""',
        "settings = jsonencode({ b = 1, a = [1.0] })",
        'moment = "2030-01-31T12:00:00Z"',
        'identity = "0123abcd-89ab-cdef-0123-456789abcdef"',
        'part = { label = "x", note = "" }',
        'parts = [{ label = "x", core = {} }]',
        'set_of_parts = [{ label = "x" }, { label = "y", note = "" }]',
        'map_of_parts = { m = { label = "x", spec = jsonencode({ z = 1, a = 2 }) } }',
    )
    for lines in (full, ('secret_wo = "hidden"',)):
        workspace = toy(thing(*lines))
        workspace.settle()
        (id_,) = workspace.store.ids("toy_thing")
        workspace.run("state", "rm", "toy_thing.a", check=True)
        workspace.import_("toy_thing.a", id_)
        workspace.assert_no_changes()


def test_a_missing_object_cannot_be_imported(toy: Callable[..., ToyWorkspace]) -> None:
    """Importing what is not there says so."""
    workspace = toy(thing())
    result = workspace.import_("toy_thing.a", "toy_thing-99", check=False)
    assert result.exit_code == 1
    assert "No such object" in result.stderr
    assert 'toy_thing "toy_thing-99"' in result.stderr


def test_drift_is_seen_and_healed(toy: Callable[..., ToyWorkspace]) -> None:
    """What was changed elsewhere is shown as drift and put right; what the server may choose is accepted."""
    workspace = toy(thing('text = "mine"', 'parts = [{ label = "x" }]'))
    workspace.settle()
    (actual,) = workspace.objects(Thing)
    theirs = {"text": "theirs", "flag_on": False, "note": "n", "parts": [actual["parts"][0] | {"weight": 9}]}
    workspace.store.replace(Thing, actual["id"], actual | theirs | {"priority": 77})

    plan = workspace.plan()
    (drift,) = plan.drift
    assert set(drift.differences) == {"text", "flag_on", "note", "parts", "priority", "revision"} - {
        "revision"
    }
    after = plan.change("toy_thing.a").after
    assert (after["text"], after["flag_on"], after["note"], after["priority"]) == ("mine", True, None, 77)
    workspace.settle()
    (healed,) = workspace.objects(Thing)
    assert (healed["text"], healed["flag_on"], healed["parts"][0]["weight"]) == ("mine", True, 1)


def test_an_object_deleted_elsewhere_is_planned_anew(toy: Callable[..., ToyWorkspace]) -> None:
    """What is gone from the server is created again, and deleting it twice is no error."""
    workspace = toy(thing())
    workspace.settle()
    (id_,) = workspace.store.ids("toy_thing")
    workspace.store.delete(id_)
    assert workspace.plan().actions() == {"toy_thing.a": ("create",)}
    workspace.settle()
    (id_,) = workspace.store.ids("toy_thing")
    workspace.store.delete(id_)
    workspace.destroy("-refresh=false")
    assert workspace.state() == {}


def test_an_old_state_is_upgraded(toy: Callable[..., ToyWorkspace]) -> None:
    """A state of version 0, with a title for a name and texts for numbers, is read as one of version 1."""
    workspace = toy(thing("whole = 5", "number = 0.12345678901234567890123", 'marks = ["upgraded"]'))
    workspace.settle()
    path = workspace.directory / "terraform.tfstate"
    state = json.loads(path.read_text(encoding="utf-8"))
    (instance,) = state["resources"][0]["instances"]
    assert instance["schema_version"] == 1
    attributes = instance["attributes"]
    attributes["title"] = attributes.pop("name")
    attributes["whole"] = "5"
    attributes["marks"] = None
    del attributes["parts"]
    attributes["number"] = "NUMBER"
    instance["schema_version"] = 0
    text = json.dumps(state).replace('"NUMBER"', "0.12345678901234567890123")
    path.write_text(text, encoding="utf-8")

    workspace.assert_no_changes("-refresh=false")
    workspace.settle()
    assert workspace.state()["toy_thing.a"]["name"] == "a"


def test_a_newer_state_is_refused(toy: Callable[..., ToyWorkspace]) -> None:
    """A state that a later provider wrote is not guessed at."""
    workspace = toy(thing())
    workspace.apply()
    path = workspace.directory / "terraform.tfstate"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"schema_version": 1', '"schema_version": 2'),
        encoding="utf-8",
    )
    error = workspace.plan(check=False).only_error()
    assert "newer" in f"{error.summary} {error.detail}"


def test_terraform_data_can_become_a_thing(toy: Callable[..., ToyWorkspace]) -> None:
    """A moved block takes the place of another type of resource, and the plan only shows the move."""
    workspace = toy()
    made = workspace.store.create(Thing, decide(Thing, {"name": "a"}, 1) | _defaults())
    workspace.write(f'resource "terraform_data" "old" {{\n  input = "{made["id"]}"\n}}\n')
    workspace.apply()
    moved = "moved {\n  from = terraform_data.old\n  to = toy_thing.a\n}\n"
    workspace.write(thing() + moved)
    assert workspace.plan().actions() == {}
    workspace.settle()
    assert workspace.state()["toy_thing.a"]["id"] == made["id"]


def test_what_cannot_become_a_thing_says_so(toy: Callable[..., ToyWorkspace]) -> None:
    """A move from a type that the resource does not know is refused with both names."""
    workspace = toy('resource "toy_slow" "old" {}\n')
    workspace.apply()
    workspace.write(thing() + "moved {\n  from = toy_slow.old\n  to = toy_thing.a\n}\n")
    error = workspace.plan(check=False).only_error()
    assert "toy_slow" in f"{error.summary} {error.detail}"
    assert "toy_thing" in f"{error.summary} {error.detail}"


def _defaults() -> dict[str, Any]:
    return {
        "kind": "plain",
        "text_or_not": "something",
        "flag_on": True,
        "settings": "{}",
        "marks_or_none": [],
        "parts_or_none": [],
        "default_core": {"material": "steel", "density": None, "spec": None},
    }


def test_a_data_source_is_read(toy: Callable[..., ToyWorkspace]) -> None:
    """A lookup gives nested objects, waits for what is made in the same apply, and fails where it says."""
    lookup = 'data "toy_thing" "d" {\n  name = toy_thing.a.name\n  depends_on = [toy_thing.a]\n}\n'
    output = 'output "o" {\n  value = data.toy_thing.d\n}\n'
    workspace = toy(thing('text = "t"', 'parts = [{ label = "x" }]') + lookup + output)
    workspace.settle()
    found = workspace.outputs()["o"]
    assert (found["text"], found["parts"][0]["label"]) == ("t", "x")
    assert found["id"] == workspace.state()["toy_thing.a"]["id"]

    workspace.write('data "toy_thing" "d" {\n  name = "nobody"\n}\n')
    error = workspace.plan(check=False).only_error()
    assert (error.summary, error.detail) == ("No thing is called nobody", "Create it first.")
    assert error.snippet == 'name = "nobody"'
