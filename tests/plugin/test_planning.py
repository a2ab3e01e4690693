"""Plans, attribute by attribute: what is kept, what is unknown, what needs a new object."""

from __future__ import annotations

from typing import Any

import pytest

from prefect_provider.plugin.engine.planning import Plan, configured_names, plan_values
from prefect_provider.plugin.language.types import STRING
from prefect_provider.plugin.language.values import UNKNOWN, Dynamic, Values
from tests.plugin.toy.server import decide
from tests.plugin.toy.things import Frame, Part, Thing

NOTHING: Values = dict.fromkeys(Thing.attributes)


def made(**written: Any) -> Values:
    """The state of a thing that was written so."""
    return decide(Thing, plan_values(Thing, None, NOTHING | {"name": "a"} | written), 1) | {"id": "toy-1"}


def planned(prior: Values | None, *configured: str, **written: Any) -> Plan:
    """The settled plan for what is written."""
    plan = Plan(Thing, prior, NOTHING | {"name": "a"} | written, configured)
    plan.settle()
    return plan


def differences(plan: Plan) -> Values:
    """What is planned otherwise than it was."""
    assert plan.prior is not None
    return {name: value for name, value in plan.planned.items() if value != plan.prior[name]}


def test_a_new_object_has_defaults_and_unknowns() -> None:
    """On creation left out means the default, null, or what the server decides."""
    plan = planned(None)
    unknown = {name for name, value in plan.planned.items() if value == UNKNOWN}
    assert unknown == {
        "id", "priority", "quota", "digest", "summary", "grade", "created", "revision", "secret_length",
    }  # fmt: skip
    assert (plan.planned["flag_on"], plan.planned["settings"], plan.planned["note"]) == (True, "{}", None)
    assert plan.planned["default_core"] == {"material": "steel", "density": None, "spec": None}
    assert plan.changes("text")
    assert plan.replace == []


CHANGES: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ({}, {}, {}),
    ({"whole": 1}, {}, {"whole": None, "revision": UNKNOWN}),
    ({"note": "n"}, {}, {"note": None, "revision": UNKNOWN}),
    ({"note": ""}, {}, {}),
    ({}, {"note": ""}, {"note": ""}),
    ({"priority": 5}, {}, {}),
    ({"quota": 5}, {}, {}),
    ({"flag_on": False}, {}, {"flag_on": True, "revision": UNKNOWN}),
    ({"settings": '{ "a": 1 }'}, {"settings": '{"a":1.0}'}, {}),
    ({"document": "null"}, {}, {"document": None}),
    ({"secret_wo": "a"}, {"secret_wo": "b"}, {}),
    (
        {"secret_wo_version": 1},
        {"secret_wo_version": 2},
        {"secret_wo_version": 2, "secret_length": UNKNOWN, "revision": UNKNOWN},
    ),
    (
        {"text": "a"},
        {"text": "b"},
        {"text": "b", "digest": UNKNOWN, "summary": UNKNOWN, "grade": UNKNOWN, "revision": UNKNOWN},
    ),
    (
        {"text": "a", "grade": "g"},
        {"text": "b", "grade": "g"},
        {"text": "b", "digest": UNKNOWN, "summary": UNKNOWN, "revision": UNKNOWN},
    ),
    ({"labels": {"a": "1"}}, {"labels": UNKNOWN}, {"labels": UNKNOWN, "revision": UNKNOWN}),
    (
        {"anything": Dynamic(STRING, "a")},
        {"anything": Dynamic(STRING, None)},
        {"anything": Dynamic(STRING, None), "revision": UNKNOWN},
    ),
]


@pytest.mark.parametrize(("before", "now", "expected"), CHANGES)
def test_an_update_plans_what_changes_and_what_follows_it(
    before: dict[str, Any], now: dict[str, Any], expected: dict[str, Any]
) -> None:
    """Only what means something else changes; only what follows it, and the volatile, is unknown."""
    assert differences(planned(made(**before), **now)) == expected


def test_an_attribute_that_was_configured_is_reset() -> None:
    """Removed from the configuration it goes back to its reset; never configured, it stays as the server chose."""
    state = made(quota=5)
    assert planned(state).planned["quota"] == 5
    assert planned(state, "quota").planned["quota"] == 10
    assert configured_names(Thing, NOTHING | {"quota": 5, "priority": Dynamic(STRING, None)}) == ["quota"]


def test_nested_objects_are_compared_with_their_counterparts() -> None:
    """What the server numbered keeps its number: by index, by key, or by meaning in a set."""
    x, y = {"label": "x", "spec": '{"a": 1}'}, {"label": "y"}
    state = made(parts=[x, y], map_of_parts={"x": x, "y": y}, set_of_parts=[x, y])
    respelled = {"label": "x", "spec": '{"a":1.0}', "weight": 1, "note": ""}
    plan = planned(
        state,
        parts=[respelled, {"label": "z"}],
        map_of_parts={"y": y, "z": respelled},
        set_of_parts=[{"label": "z"}, respelled],
    )
    kept = state["parts"][0]
    # Where null stood for the empty note it cannot stay, now that it is written.
    assert plan.planned["parts"][0] == kept | {"note": ""}
    assert plan.planned["parts"][1]["serial"] == "chosen-1"
    assert plan.planned["map_of_parts"]["z"]["serial"] == UNKNOWN
    assert plan.planned["map_of_parts"]["y"] == state["map_of_parts"]["y"]
    assert plan.planned["set_of_parts"][0]["serial"] == UNKNOWN
    assert plan.planned["set_of_parts"][1] == kept


def test_a_new_object_is_needed_where_the_declaration_says() -> None:
    """A replaced attribute is reported with its path, at any depth; while it is unknown it counts as changed."""
    state = made(frame={"size": 1})
    assert planned(state, frame={"size": 1, "colour": "blue"}).replace == []
    assert planned(state, frame={"size": 2}).replace == [("frame", "size")]
    assert planned(state, frame={"size": UNKNOWN}).replace == [("frame", "size")]
    assert planned(state, frame=UNKNOWN).replace == [("frame",)]
    assert planned(state, frame={"size": 1}, kind="fancy").replace == [("kind",)]
    assert planned(made(), frame=UNKNOWN).replace == []


def test_a_resource_may_adjust_the_plan() -> None:
    """What a resource changes in a plan counts as a change; a mere respelling is put back."""
    plan = Plan(Thing, made(settings='{"a":1}'), NOTHING | {"name": "a", "settings": '{"a":1}'})
    plan.planned["settings"] = '{ "a": 1 }'
    plan.settle()
    assert differences(plan) == {}
    plan = Plan(Thing, made(), NOTHING | {"name": "a"})
    plan.planned["digest"] = "other"
    plan.require_replace("digest")
    plan.settle()
    assert differences(plan) == {"digest": "other", "summary": UNKNOWN, "revision": UNKNOWN}
    assert plan.replace == [("digest",)]


def test_the_plan_shares_nothing_with_the_prior_state() -> None:
    """A resource that adjusts a plan in place does not change the state it came from."""
    state = made(words=["a"], part={"label": "x"})
    plan = planned(state, words=["a"], part={"label": "x"})
    plan.planned["words"].append("b")
    plan.planned["part"]["label"] = "y"
    assert (state["words"], state["part"]["label"]) == (["a"], "x")


def test_write_only_members_are_planned_as_null() -> None:
    """Terraform accepts nothing else, also inside nested objects."""
    assert plan_values(Frame, None, {"size": 1, "pin_wo": "1234"})["pin_wo"] is None


def test_members_of_a_default_are_planned_like_written_ones() -> None:
    """What a nested default leaves out is filled in."""
    assert plan_values(Part, None, {"label": "x", "core": {}})["core"]["material"] == "wood"
