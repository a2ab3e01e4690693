"""Constructs in the place of their ids and names."""

from __future__ import annotations

from typing import Any, NamedTuple

from prefect_constructs._runtime import Construct, TerraformResource, TerraformStack
from prefect_constructs.elements import DataSourceElement, ResourceElement
from prefect_constructs.node.configuration import Reference as Attribute
from prefect_constructs.placement import stack_of
from prefect_provider.objects.references import REFERENCES, Reference

__all__ = ["Wrong", "as_attribute", "can_follow", "kind_of"]


class Wrong(NamedTuple):
    """A construct that has no place there."""

    expected: str
    got: str
    remedy: str


def as_attribute(construct: Construct, attribute: str) -> Any:
    """What an attribute holds where a construct is given: the construct's id or name.

    The result is :class:`Wrong` where the attribute holds something else.
    """
    reference = REFERENCES.get(attribute)
    if reference is not None and _type_name(construct) == reference.type_name:
        if isinstance(construct, (ResourceElement, DataSourceElement)):
            return Attribute(construct, reference.attribute)
        return getattr(construct, reference.attribute)
    got = f"the {kind_of(construct)} {construct.node.path}"
    if reference is None:
        return Wrong("", got, "Pass its `.id`, `.name` or another of its attributes.")
    return Wrong(f"a {_words(reference.type_name)} or its {reference.attribute}", got, "")


def kind_of(construct: Construct) -> str:
    """What a construct is, in words: ``work pool``."""
    type_name = _type_name(construct)
    return _words(type_name) if type_name else type(construct).__name__


def can_follow(construct: Construct, attribute: str, stack: TerraformStack) -> bool:
    """Whether an object goes when the construct that it was given for an attribute is replaced.

    Terraform can be told so only of what it manages, of one instance, in the same stack.
    """
    reference: Reference | None = REFERENCES.get(attribute)
    return (
        reference is not None
        and reference.perishes
        and isinstance(construct, TerraformResource)
        and not _has_instances(construct)
        and stack_of(construct) is stack
    )


def _has_instances(construct: TerraformResource) -> bool:
    if isinstance(construct, ResourceElement):
        return construct.has_instances
    return construct.count is not None or construct.for_each is not None


def _type_name(construct: Construct) -> str:
    declaration = getattr(construct, "declaration", None)
    return getattr(declaration, "type_name", "") or getattr(construct, "terraform_resource_type", "")


def _words(type_name: str) -> str:
    return type_name.removeprefix("prefect_").replace("_", " ")
