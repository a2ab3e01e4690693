"""What two spellings of a trigger's and an action's parts mean the same, and which are refused."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefect_provider.objects.server.automation.actions import INSTEAD, Action, JsonText
from prefect_provider.objects.server.automation.resource import Automation
from prefect_provider.objects.server.automation.triggers import (
    LabelsJson,
    Require,
    RequireText,
    SimpleTrigger,
    Trigger,
)
from prefect_provider.plugin.language.nested import NestedKind
from prefect_provider.plugin.language.types import BOOL, NUMBER, STRING
from prefect_provider.plugin.language.values import UNKNOWN, Dynamic
from prefect_provider.rules.actions import ACTIONS, FIELDS
from prefect_provider.rules.triggers import TRIGGER_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_provider.plugin.language.declaration import Declaration

SAME_LABELS = [
    ("{}", " { } "),
    ("{}", "[]"),
    ("{}", "[{}]"),
    ('{"a":"v"}', '{"a": ["v"]}'),
    ('{"a":"v"}', '[{"a":"v"}]'),
    ('{"a":["v","w"]}', '{"a":["w","v"]}'),
    ('{"a":"v","b":"w"}', '{"b":"w","a":"v"}'),
    ('[{"a":"v"},{"b":"w"}]', '[{"b":["w"]},{},{"a":"v"}]'),
]


@pytest.mark.parametrize(("left", "right"), SAME_LABELS)
def test_labels_that_the_same_resources_meet(left: str, right: str) -> None:
    """Labels are equal when the server would treat them alike."""
    assert LabelsJson(several=True).same(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("{}", '{"a":"v"}'),
        ('{"a":"v"}', '{"a":"w"}'),
        ('{"a":"v"}', '{"a":["v","w"]}'),
        ('{"a":"v"}', '{"b":"v"}'),
        ('[{"a":"v"},{"b":"w"}]', '{"a":"v","b":"w"}'),
        ('{"a":"1"}', '{"a":1}'),
    ],
)
def test_labels_that_differ(left: str, right: str) -> None:
    """Labels that other resources meet are not equal."""
    assert not LabelsJson(several=True).same(left, right)


@given(st.dictionaries(st.text(), st.lists(st.text(), min_size=1)), st.randoms())
def test_order_and_spelling_of_labels_never_matter(labels: dict[str, list[str]], random: Any) -> None:
    """Shuffled, and with single values in place of lists of one, labels stay what they are."""
    items = list(labels.items())
    random.shuffle(items)
    other = {
        label: values[0] if len(values) == 1 else random.sample(values, len(values))
        for label, values in items
    }
    assert LabelsJson().same(json.dumps(labels), json.dumps(other))


@pytest.mark.parametrize(
    ("several", "text"),
    [(False, "[]"), (False, '"x"'), (True, '"x"'), (True, "1"), (True, "{"), (False, "null")],
)
def test_labels_have_to_be_objects(several: bool, text: str) -> None:
    """Anything but an object, and an array where one is allowed, is refused."""
    assert list(LabelsJson(several=several).problems(text))


@pytest.mark.parametrize(
    ("several", "text"), [(False, "{}"), (True, "{}"), (True, "[]"), (True, '[{"a":"b"}]')]
)
def test_labels_that_are_objects(several: bool, text: str) -> None:
    """Objects are accepted, and arrays of them where a related resource is meant."""
    assert not list(LabelsJson(several=several).problems(text))


@pytest.mark.parametrize(
    "value",
    [
        Dynamic(STRING, "any"),
        Dynamic(STRING, "all"),
        Dynamic(NUMBER, 1),
        Dynamic(NUMBER, 7),
        Dynamic(STRING, UNKNOWN),
    ],
)
def test_require_accepts(value: Dynamic) -> None:
    """Both words and every count are accepted, and what is not yet known."""
    assert not list(Require().problems(value))


@pytest.mark.parametrize(
    "value",
    [
        Dynamic(STRING, "2"),
        Dynamic(STRING, "some"),
        Dynamic(NUMBER, 0),
        Dynamic(NUMBER, Decimal("1.5")),
        Dynamic(BOOL, True),
    ],
)
def test_require_refuses(value: Dynamic) -> None:
    """Other words, numbers that are no count, and truth values are refused."""
    [problem] = Require().problems(value)
    assert problem.expected == '"any", "all" or a whole number of 1 or more'


def test_require_inside_a_list_takes_numbers_as_text() -> None:
    """Terraform turns the number of an inner `require` into text, which is accepted."""
    assert not [*RequireText().problems("any"), *RequireText().problems("12")]
    assert list(RequireText().problems("0"))
    assert list(RequireText().problems("1.5"))


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ('{"a":1}', '{\n  "a": 1\n}', True),
        ("[1,2]", "[1, 2]", True),
        ("[1,2]", "[2, 1]", False),
        ("1", "1.0", False),
        ("{{ event.id }}", "{{event.id}}", False),
        ("{{ event.id }}", "{{ event.id }}", True),
    ],
)
def test_payload_is_compared_as_json_only_where_it_is(left: str, right: str, same: bool) -> None:
    """The indentation of an object means nothing; templates and other texts are compared as they are."""
    assert JsonText().same(left, right) is same


def _kinds(declaration: type[Declaration], depth: int = 0) -> Iterator[tuple[int, type[Declaration]]]:
    yield depth, declaration
    for name in ("compound", "sequence"):
        if name in declaration.attributes:
            composite = declaration.nested(name)
            yield from _kinds(composite.nested("triggers"), depth + 1)


def test_composites_nest_three_levels_deep() -> None:
    """A trigger may combine triggers that combine triggers that combine events, and no more."""
    levels = list(_kinds(Trigger))
    assert max(depth for depth, _ in levels) == 3
    assert all((declaration is SimpleTrigger) == (depth == 3) for depth, declaration in levels)


def test_declaration_has_the_fields_of_the_rules() -> None:
    """Every field that the rules know can be written, and no other."""
    assert set(Action.attributes) == FIELDS | {"type"}
    assert set(INSTEAD) == {spec.type for spec in ACTIONS.values() if spec.cloud_only or spec.oss_only}
    for kind, fields in TRIGGER_FIELDS.items():
        # The posture of a metric trigger goes without saying.
        assert set(Trigger.nested(kind).attributes) == fields - ({"posture"} if kind == "metric" else set())


def test_null_means_what_the_server_makes_of_it() -> None:
    """The defaults of the declaration are those of the rules."""
    for name, attribute in Action.attributes.items():
        stated = {
            json.dumps(spec.defaults[name])
            for spec in ACTIONS.values()
            if spec.defaults.get(name) is not None
        }
        if name in ("parameters", "job_variables"):
            assert not stated
        elif stated:
            assert stated == {
                json.dumps(float(attribute.null_is) if name == "schedule_after" else attribute.null_is)
            }


def test_every_attribute_is_described() -> None:
    """Each attribute at any depth says what it is, as a sentence."""

    def described(declaration: type[Declaration]) -> Iterator[str]:
        for attribute in declaration.attributes.values():
            yield attribute.description
            if isinstance(attribute.kind, NestedKind):
                assert attribute.kind.nested.__doc__
                yield from described(attribute.kind.nested)

    assert all(text[-1:] in (".", ")") and text[0] in "`" + text[0].upper() for text in described(Automation))
