"""Where a construct is put, and Terraform's meta-arguments: refused in Python, never by a trace of Node."""

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import prefect_constructs as pc
from prefect_constructs._runtime import Construct, TerraformCount, TerraformIterator, TerraformStack
from prefect_constructs.testing import Template
from tests.constructs.stacks import CDK, attributes, new_app, new_stack


def error(make: Callable[[], object]) -> str:
    """What the error says, which has to be the library's own, with no other one behind it that is shown."""
    with pytest.raises(pc.PrefectConstructError) as caught:
        make()
    shown = "".join(traceback.format_exception(caught.value))
    assert "JavaScriptError" not in shown, shown
    return str(caught.value)


@pytest.mark.parametrize(
    ("id_", "message"),
    [
        ("", "MyStack/WorkPool(...): id_: Expected a name in its scope, as text, got empty text."),
        (5, "MyStack/WorkPool(...): id_: Expected a name in its scope, as text, got 5 (int)."),
        ("${var.x}", "MyStack/WorkPool(...): id_: The id is a name in Terraform's state"),
        ("2030-report", "MyStack/2030-report: id_: Expected an id that starts with a letter"),
        ("☃", "MyStack/☃: id_: Expected an id that starts with a letter"),
        ("taken", "MyStack/taken: Another construct has this id. Give one of them another id."),
        ("ta ken", 'MyStack/ta ken: Another construct has the id "taken", which is the same name'),
        ("of/two", "MyStack/of/two: name: Expected a name of one or more characters other than /"),
    ],
)
def test_ids(id_: Any, message: str) -> None:
    """An id that the CDK refuses, or makes something else of, is refused by the library."""
    stack = new_stack()
    pc.WorkPool(stack, "taken")
    text = error(lambda: pc.WorkPool(stack, id_))
    assert text.startswith(message), text


def test_token_as_id() -> None:
    """What Terraform works out can be a name, but no id."""
    stack = new_stack()
    pool = pc.WorkPool(stack, "pool")
    assert "cannot be worked out by Terraform" in error(lambda: pc.WorkPool(stack, pool.id))


def test_id_of_another_kind_of_construct() -> None:
    """The id of a construct that is not of this library is taken as well."""
    stack = new_stack()
    CDK.TerraformVariable(stack, "region")
    assert error(lambda: pc.Flow(stack, "region")).startswith("MyStack/region: Another construct has this id")


def test_ids_with_slashes() -> None:
    """A slash is allowed, and is one of the object's name no more than others."""
    stack = new_stack()
    pool = pc.WorkPool(stack, "team/pool", name="pool")
    assert pool.node.path == "MyStack/team--pool"
    assert "Another construct has this id" in error(lambda: pc.WorkPool(stack, "team--pool", name="pool"))


def test_tried_again() -> None:
    """An id is free after a construct that was refused."""
    stack = new_stack()
    error(lambda: pc.WorkPool(stack, "pool", concurrency_limit=-1))
    pc.WorkPool(stack, "pool", concurrency_limit=1)


@pytest.mark.parametrize("scope", [None, "stack", TerraformStack])
def test_scope_that_is_none(scope: Any) -> None:
    """The scope is a construct, and the error of another value says what to write."""
    text = error(lambda: pc.WorkPool(scope, "pool"))
    assert text.startswith("WorkPool(...): scope: Expected a stack or another construct, got"), text
    assert '`WorkPool(self, "pool")`' in text


def test_scope_outside_of_a_stack(tmp_path: Path) -> None:
    """Nothing of Prefect is outside of a stack."""
    app = new_app(tmp_path)
    assert "There is no stack around it" in error(lambda: pc.WorkPool(app, "pool"))
    assert "There is no stack around it" in error(lambda: pc.Deployment(app, "d", flow_name="f"))


def test_scope_inside_of_a_construct() -> None:
    """A construct of one's own is a scope, and a digit in its parts' ids is no matter."""
    stack = new_stack()
    pc.WorkPool(Construct(stack, "team"), "2030", name="pool")
    assert "prefect_work_pool" in Template.from_stack(stack).document["resource"]


def test_two_default_providers() -> None:
    """A stack has one provider without an alias, and one of each alias; Terraform would refuse more."""
    stack = new_stack()
    assert "The stack has another provider without an alias" in error(
        lambda: pc.PrefectProvider(stack, "again")
    )
    pc.PrefectProvider(stack, "other", alias="other")
    assert 'with the alias "other"' in error(lambda: pc.PrefectProvider(stack, "third", alias="other"))


@pytest.mark.parametrize(
    ("meta", "message"),
    [
        ({"depends_on": ["pool"]}, 'depends_on[0]: Expected a construct, not its id or name, got "pool".'),
        ({"depends_on": [None]}, "depends_on[0]: Expected a construct, not its id or name, got None."),
        ({"depends_on": "pool"}, 'depends_on: Expected a list of constructs, got "pool".'),
        ({"provider": "prefect"}, 'provider: Expected a `PrefectProvider`, got "prefect".'),
        ({"count": "3"}, 'count: Expected a number of instances, or a `TerraformCount`, got "3".'),
        ({"count": -1}, "count: Expected a number of instances"),
        ({"count": True}, "count: Expected a number of instances, or a `TerraformCount`, got True."),
        ({"for_each": {"a": 1}}, "for_each: Expected a `TerraformIterator`, got {'a': 1} (dict). Make one"),
        ({"provisioners": {"type": "x"}}, "provisioners: Expected a list of provisioners, got"),
        ({"follow_replacements": "no"}, 'follow_replacements: Expected True or False, got "no".'),
        ({"lifecycle": True}, 'lifecycle: Expected a mapping such as {"prevent_destroy": True}, got True.'),
        (
            {"lifecycle": {"prevent_destruction": True}},
            "lifecycle.prevent_destruction: There is no `prevent_destruction` in `lifecycle`. Did you mean `prev",
        ),
        (
            {"lifecycle": {"prevent_destroy": "yes"}},
            'lifecycle.prevent_destroy: Expected True or False, got "yes".',
        ),
        (
            {"lifecycle": {"ignore_changes": ["descripton"]}},
            'lifecycle.ignore_changes[0]: Expected an attribute, as Terraform calls it, got "descripton". Did you',
        ),
        (
            {"lifecycle": {"ignore_changes": "description"}},
            'lifecycle.ignore_changes: Expected "all", or a list of attributes, got "description". Write `["desc',
        ),
        (
            {"lifecycle": {"replace_triggered_by": [5]}},
            "lifecycle.replace_triggered_by[0]: Expected a construct, or a reference as text, got 5.",
        ),
        (
            {"lifecycle": {"precondition": [{"cond": True}]}},
            "lifecycle.precondition[0]: Expected a mapping with `condition` and `error_message`, got",
        ),
        ({"connection": {"type": "ssh"}}, ""),
    ],
)
def test_meta_arguments(meta: dict[str, Any], message: str) -> None:
    """Each wrong one is named, with what was expected and what was found."""
    text = error(lambda: pc.WorkPool(new_stack(), "pool", **meta))
    assert text.startswith(f"MyStack/pool: {message}"), text


def test_several_meta_arguments() -> None:
    """They are reported together with what is wrong with the arguments."""
    text = error(
        lambda: pc.WorkPool(
            new_stack(),
            "pool",
            paused="yes",
            depends_on=pc.WorkPool(new_stack(), "p"),  # type: ignore[arg-type]
            count=1,
            for_each=TerraformIterator.from_list(["a"]),
        )
    )
    for line in ("depends_on: ", "for_each: `count` and `for_each` exclude each other", "paused: "):
        assert f"\n  - {line}" in text


def test_meta_arguments_that_are_right() -> None:
    """What is right is written as Terraform has it, structs of the CDK included."""
    stack = new_stack()
    other = pc.PrefectProvider(stack, "other", alias="other")
    pc.WorkPool(
        stack,
        "pool",
        provider=other,
        count=TerraformCount.of(2),
        depends_on=[pc.Flow(stack, "f")],
        lifecycle={
            "ignore_changes": ["description"],
            "precondition": [{"condition": "${true}", "error_message": "never"}],
        },
    )
    found = attributes(stack, "prefect_work_pool")
    assert found["lifecycle"] == {
        "ignore_changes": ["description"],
        "precondition": [{"condition": "${true}", "error_message": "never"}],
    }
    assert (found["provider"], found["count"]) == ("prefect.other", 2)
    assert found["depends_on"] == ["prefect_flow.f"]
    struct: Any = CDK.TerraformResourceLifecycle(prevent_destroy=True)
    with_struct = new_stack()
    pc.WorkPool(with_struct, "pool", lifecycle=struct)
    assert attributes(with_struct, "prefect_work_pool")["lifecycle"] == {"prevent_destroy": True}
