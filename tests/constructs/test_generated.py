"""The generated constructs are those of the declarations."""

import inspect

import pytest

import generate_constructs
import prefect_constructs
from prefect_constructs import _generated
from prefect_constructs._runtime import TerraformDataSource, TerraformResource
from prefect_constructs.elements import PrefectDataSource, PrefectResource
from prefect_provider.objects.catalogue import DATA_SOURCES, RESOURCES

CLASSES = [
    member
    for name in _generated.__all__
    if isinstance(member := getattr(_generated, name), type)
    and issubclass(member, (PrefectResource, PrefectDataSource))
]


def test_current() -> None:
    """Nobody changed a declaration without writing the constructs anew."""
    assert generate_constructs.differences() == []


def test_every_declaration_has_a_construct() -> None:
    """Each resource and data source has exactly one."""
    declared = sorted(kind.__name__ for kind in (*RESOURCES, *DATA_SOURCES))
    assert sorted(made.declaration.__name__ for made in CLASSES) == declared


@pytest.mark.parametrize("made", CLASSES, ids=lambda made: made.__name__)
def test_arguments(made: type[PrefectResource]) -> None:
    """Arguments are the attributes that can be configured, and the required ones have no default."""
    parameters = list(inspect.signature(made.__init__).parameters.values())[3:-1]
    configurable = {
        name: one.required for name, one in made.declaration.attributes.items() if one.configurable
    }
    assert {one.name: one.default is inspect.Parameter.empty for one in parameters} == configurable


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
