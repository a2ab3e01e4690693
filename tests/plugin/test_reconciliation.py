"""What the server returned against what Terraform holds."""

from __future__ import annotations

from typing import Any

from prefect_provider.plugin.engine.planning import plan_values
from prefect_provider.plugin.engine.reconciliation import Difference, complete, differences, settle
from prefect_provider.plugin.language.values import UNKNOWN, Values
from tests.plugin.toy.server import decide, respell
from tests.plugin.toy.things import Thing

PARTS: list[Values] = [{"label": "x", "spec": '{"a": 1, "b": 2}'}, {"label": "y", "tags": ["q", "p"]}]
WRITTEN: Values = dict.fromkeys(Thing.attributes) | {
    "name": "a",
    "document": '{"a": 1, "b": 2}',
    "moment": "2030-01-31T12:00:00Z",
    "marks": ["a", "b"],
    "parts": PARTS,
    "set_of_parts": PARTS,
    "map_of_parts": {"x": PARTS[0]},
    "part": PARTS[0],
    "frame": {"size": 1, "secret": "s", "pin_wo": "1234"},
}
PLANNED = plan_values(Thing, None, WRITTEN)
HELD = decide(Thing, PLANNED, 1)


def changed(**values: Any) -> Values:
    """What the server says after somebody changed it there."""
    return respell(Thing, HELD | values)


def test_what_means_the_same_keeps_the_spelling() -> None:
    """Everything said in other words is held as before."""
    assert changed() != HELD
    assert settle(Thing, changed(), HELD) == HELD
    assert list(differences(Thing, changed(), HELD)) == []


def test_only_what_changed_takes_the_new_spelling() -> None:
    """Beside a real change, at any depth, all else keeps its spelling."""
    parts = [HELD["parts"][0], HELD["parts"][1] | {"weight": 5}]
    settled = settle(Thing, changed(parts=parts, note="n"), HELD)
    assert settled == HELD | {"parts": parts, "note": "n"}


def test_a_volatile_attribute_moves_only_with_another() -> None:
    """A modification time alone is no change; with one, it is taken over."""
    assert settle(Thing, changed(revision=9), HELD) == HELD
    assert settle(Thing, changed(revision=9, text="t"), HELD) == HELD | {"revision": 9, "text": "t"}


def test_differences_have_paths() -> None:
    """A difference is named where it is; of a set, and of what is there or not, as a whole."""
    parts = [HELD["parts"][0], HELD["parts"][1] | {"weight": 5}]
    actual = changed(
        parts=parts, map_of_parts={}, set_of_parts=parts, part=None, frame=HELD["frame"] | {"secret": "t"}
    )
    found = {difference.path: difference for difference in differences(Thing, actual, HELD)}
    assert found.keys() == {
        ("parts", 1, "weight"), ("map_of_parts",), ("set_of_parts",), ("part",), ("frame", "secret"),
    }  # fmt: skip
    assert found["parts", 1, "weight"] == Difference(("parts", 1, "weight"), 1, 5, sensitive=False)
    assert found["frame", "secret"].sensitive


def test_the_unknown_is_completed_and_the_known_stays() -> None:
    """After an apply the plan's own words stay, and only what it left open comes from the server."""
    completed = complete(Thing, PLANNED, respell(Thing, HELD))
    assert completed["document"] == WRITTEN["document"]
    assert [part["serial"] for part in completed["parts"]] == ["chosen-1", "chosen-1"]
    assert completed["parts"][0]["spec"] == PARTS[0]["spec"]
    assert {part["spec"] for part in completed["set_of_parts"]} == {PARTS[0]["spec"], None}
    assert [part["serial"] for part in completed["set_of_parts"]] == ["chosen-1", "chosen-1"]
    assert completed["map_of_parts"]["x"]["serial"] == "chosen-1"
    assert completed["id"] == HELD["id"]


def test_a_set_is_completed_with_the_elements_that_fit() -> None:
    """Of a set that came back in another order each planned element gets its own number."""
    planned = {"set_of_parts": [{"label": label, "serial": UNKNOWN} for label in "abc"]}
    actual = {"set_of_parts": [{"label": label, "serial": label.upper()} for label in "cab"]}
    completed = complete(Thing, planned, actual)["set_of_parts"]
    assert [(part["label"], part["serial"]) for part in completed] == [("a", "A"), ("b", "B"), ("c", "C")]


def test_an_answer_of_another_shape_is_passed_on() -> None:
    """Where the server returned other elements than planned, that is what is true, and Terraform says so."""
    other = [{"label": "z", "serial": "1"}]
    for name in ("set_of_parts", "parts"):
        planned = {name: [{"label": "a", "serial": UNKNOWN}, {"label": "b", "serial": UNKNOWN}]}
        assert complete(Thing, planned, {name: other})[name] == other
