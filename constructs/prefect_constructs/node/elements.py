"""The classes that stand for those of ``elements.js``: their objects cross to Node once, when they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from prefect_constructs._runtime import (
    RUNTIME,
    TerraformDataSource,
    TerraformMetaArguments,
    TerraformProvider,
    TerraformResource,
    create,
    load,
)
from prefect_constructs.node.configuration import Encoder, Reference
from prefect_constructs.node.package import ASSEMBLY, archive
from prefect_provider.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from prefect_constructs._runtime import ITerraformDependable, Scope

__all__ = ["NodeDataSource", "NodeProvider", "NodeResource", "Reason"]

load(ASSEMBLY, VERSION, archive(RUNTIME))

Reason: TypeAlias = "Reference | ITerraformDependable | str"
"""What an object is replaced with: an attribute, a construct, or a reference as text."""

_OF_INSTANCES: Final = frozenset({"count", "for_each"})


def _declare(class_: Any) -> None:
    """Say of a class of this library that it is one of jsii's own, which overrides nothing that is in Node.

    Otherwise each object's members are searched for overrides, one by one; in classes of others they are.
    """
    if class_.__module__.partition(".")[0] == __name__.partition(".")[0]:
        class_.__jsii_declared_type__ = class_.__jsii_type__


class NodeResource(TerraformResource, jsii_type=f"{ASSEMBLY}.Resource"):
    """A resource that has its attributes in Node.

    ``has_instances`` says whether it may have another number of instances than one. It and the tokens of text are kept
    here, so that nobody has to ask Node for them again.
    """

    has_instances: bool
    _tokens: dict[str, str]

    def __init__(
        self,
        scope: Scope,
        id_: str,
        type_name: str,
        configuration: Mapping[str, Any],
        meta: Mapping[str, Any],
        reasons: Iterable[Reason] = (),
    ) -> None:
        self._tokens = {}
        self.has_instances = not _OF_INSTANCES.isdisjoint(meta)
        encoder = Encoder()
        text = encoder.text(configuration)
        given = [one if isinstance(one, str) else encoder.place(one) for one in reasons]
        arguments = [scope, id_, type_name, text, encoder.objects, given, _struct(meta)]
        create(NodeResource, self, arguments)

    def __init_subclass__(cls) -> None:
        _declare(cls)

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name in _OF_INSTANCES:
            self.has_instances = True
            self._tokens.clear()

    def get_string_attribute(self, terraform_attribute: str) -> str:
        """The token of an attribute that is text."""
        known = self._tokens.get(terraform_attribute)
        if known is None:
            known = self._tokens[terraform_attribute] = super().get_string_attribute(terraform_attribute)
        return known


class NodeDataSource(TerraformDataSource, jsii_type=f"{ASSEMBLY}.DataSource"):
    """A data source that has its attributes in Node."""

    _tokens: dict[str, str]

    def __init__(
        self,
        scope: Scope,
        id_: str,
        type_name: str,
        configuration: Mapping[str, Any],
        meta: Mapping[str, Any],
    ) -> None:
        self._tokens = {}
        encoder = Encoder()
        text = encoder.text(configuration)
        create(NodeDataSource, self, [scope, id_, type_name, text, encoder.objects, _struct(meta)])

    def __init_subclass__(cls) -> None:
        _declare(cls)

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name in _OF_INSTANCES:
            self._tokens.clear()

    def get_string_attribute(self, terraform_attribute: str) -> str:
        """The token of an attribute that is text."""
        known = self._tokens.get(terraform_attribute)
        if known is None:
            known = self._tokens[terraform_attribute] = super().get_string_attribute(terraform_attribute)
        return known


class NodeProvider(TerraformProvider, jsii_type=f"{ASSEMBLY}.Provider"):
    """A provider's configuration that is in Node."""

    def __init__(
        self, scope: Scope, id_: str, name: str, configuration: Mapping[str, Any], alias: str | None
    ) -> None:
        encoder = Encoder()
        text = encoder.text(configuration)
        create(NodeProvider, self, [scope, id_, name, text, encoder.objects, alias])


def _struct(meta: Mapping[str, Any]) -> Any:
    """Terraform's meta-arguments as the CDK has them, which checks them; none in most cases."""
    return TerraformMetaArguments(**meta) if meta else None
