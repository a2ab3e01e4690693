"""The generated constructs are those of the declarations."""

import inspect
from typing import get_args

import pytest

import generate_constructs
import prefect_constructs
from prefect_constructs import _generated
from prefect_constructs._generated import vocabulary
from prefect_constructs._runtime import TerraformDataSource, TerraformResource
from prefect_constructs.cdk_elements import PrefectDataSource, PrefectResource
from prefect_constructs.stateless import PrefectAction, PrefectEphemeral
from prefect_provider.functions import functions
from prefect_provider.objects.catalogue import ACTIONS, DATA_SOURCES, EPHEMERAL_RESOURCES, RESOURCES
from prefect_provider.rules.actions import SOURCES, STATES
from prefect_provider.rules.triggers import EVENT_POSTURES, METRIC_OPERATORS, METRICS

CLASSES = list(
    dict.fromkeys(
        member
        for name in _generated.__all__
        if isinstance(member := getattr(_generated, name), type)
        and issubclass(member, (PrefectResource, PrefectDataSource, PrefectAction, PrefectEphemeral))
    )
)


def test_current() -> None:
    """Nobody changed a declaration without writing the constructs anew."""
    assert generate_constructs.differences() == []


def test_every_declaration_has_a_construct() -> None:
    """Each resource, data source, ephemeral resource and action has exactly one."""
    kinds = (*RESOURCES, *DATA_SOURCES, *EPHEMERAL_RESOURCES, *ACTIONS)
    declared = sorted(kind.__name__ for kind in kinds)
    assert sorted(made.declaration.__name__ for made in CLASSES) == declared


@pytest.mark.parametrize("made", CLASSES, ids=lambda made: made.__name__)
def test_arguments(made: type[PrefectResource | PrefectDataSource]) -> None:
    """Arguments are the attributes that can be configured, and what refers to an object has a second name.

    The required ones have no default, but for the name of a resource, which is the construct's, and for those of two
    names.
    """
    parameters = list(inspect.signature(made.__init__).parameters.values())[3:-1]
    named = {"name"} if issubclass(made, PrefectResource) else set()
    expected = {
        name: one.required and name not in named and name not in getattr(made, "aliases", {}).values()
        for name, one in made.declaration.attributes.items()
        if one.configurable
    }
    expected |= dict.fromkeys(getattr(made, "aliases", ()), False)
    assert {one.name: one.default is inspect.Parameter.empty for one in parameters} == expected


def test_second_names() -> None:
    """A resource that has no class written by hand has the provider's name as well."""
    assert {name for name in _generated.__all__ if name.startswith("Prefect")} - {
        "PrefectFn",
        "PrefectProvider",
    } == {f"Prefect{kind.__name__}" for kind in RESOURCES}
    assert prefect_constructs.PrefectWorkPool is prefect_constructs.WorkPool


def test_words_of_the_rules() -> None:
    """What Prefect calls postures, states, metrics and the like is what the rules say."""
    assert [one.value for one in vocabulary.Posture] == list(EVENT_POSTURES)
    for words, known in (
        (vocabulary.StateType, STATES),
        (vocabulary.ActionSource, SOURCES),
        (vocabulary.MetricName, METRICS),
        (vocabulary.MetricOperator, METRIC_OPERATORS),
    ):
        assert get_args(words) == known


@pytest.mark.parametrize("made", CLASSES, ids=lambda made: made.__name__)
def test_properties_hide_nothing(made: type[PrefectResource]) -> None:
    """No attribute has the name of a member of the CDK's own class."""
    attributes = set(made.declaration.attributes)
    assert not attributes & ({*dir(TerraformResource)} | {*dir(TerraformDataSource)})


def test_public_names() -> None:
    """What the package lists is there, once, and in order."""
    names = prefect_constructs.__all__
    assert names == sorted(set(names))
    assert all(hasattr(prefect_constructs, name) for name in names)
    assert set(_generated.__all__) <= set(names)


def test_every_function_is_a_method() -> None:
    """Each takes what the function takes."""
    methods = {
        name: list(inspect.signature(member).parameters)
        for name, member in inspect.getmembers(prefect_constructs.PrefectFn, inspect.isfunction)
    }
    assert methods == {
        one.name: [
            parameter.name.replace("id", "id_")
            for parameter in (*one.parameters, *([one.variadic] if one.variadic else []))
        ]
        for one in functions()
    }
