"""What an object of Prefect is made of on this runtime: a block with its configuration.

The constructs' own classes extend these, as they extend those that have their attributes in Node on the CDK.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_constructs.native.merging import merge
from prefect_constructs.native.numbers import spelled
from prefect_constructs.native.provider import TerraformProvider
from prefect_constructs.native.resolution import Context, resolve
from prefect_constructs.native.resource import TerraformBlock, TerraformDataSource, TerraformResource
from prefect_constructs.native.tokens import Resolvable
from prefect_constructs.node.configuration import Reference
from prefect_provider.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from prefect_constructs.native.construct import Construct
    from prefect_constructs.native.expressions import ITerraformDependable

__all__ = ["NativeDataSource", "NativeProvider", "NativeResource"]

_GENERATOR: Final = {"provider_name": "prefect", "provider_version_constraint": f"~> {VERSION}"}
_SOURCE: Final = "prefect-iac/prefect"


class _Configured(TerraformBlock):
    """A block that is given its configuration when it is made; constructors set both of these."""

    _tokens: dict[tuple[str, bool], Resolvable]
    _configuration: Mapping[str, Any]

    def interpolation_for_attribute(self, terraform_attribute: str) -> Any:
        """A reference to an attribute, the same each time; with instances for each of something another one."""
        place = (terraform_attribute, self.for_each is None)
        known = self._tokens.get(place)
        if known is None:
            known = self._tokens[place] = super().interpolation_for_attribute(terraform_attribute)
        return known

    def synthesize_attributes(self) -> dict[str, Any]:
        """The attributes, tokens included."""
        return _copy(self._configuration) if self._raw_overrides else dict(self._configuration)


class NativeResource(_Configured, TerraformResource):
    """A resource of Prefect."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        type_name: str,
        configuration: Mapping[str, Any],
        meta: Mapping[str, Any],
        reasons: Iterable[Reference | ITerraformDependable | str] = (),
    ) -> None:
        self._tokens = {}
        super().__init__(
            scope, id_, terraform_resource_type=type_name, terraform_generator_metadata=_GENERATOR, **meta
        )
        self._configuration = _as_now(configuration)
        self._reasons = list(reasons)
        if self._reasons and self.lifecycle is None:
            # Without one of its own none at all would be written.
            self.lifecycle = {}

    @property
    def has_instances(self) -> bool:
        """Whether it may have another number of instances than one."""
        return self.count is not None or self.for_each is not None

    def synthesize_attributes(self) -> dict[str, Any]:
        """The attributes, tokens included."""
        written = super().synthesize_attributes()
        if self._reasons:
            reasons = dict.fromkeys(self._reason(one) for one in self._reasons)
            merge(written, {"lifecycle": {"replace_triggered_by": list(reasons)}})
        return written

    def _reason(self, reason: Any) -> str:
        """Bare: Terraform takes no interpolation there."""
        if isinstance(reason, Reference):
            block: Any = reason.construct
            return f"{block.terraform_resource_type}.{block.friendly_unique_id}.{reason.attribute}"
        text = reason if isinstance(reason, str) else reason.fqn
        resolved: str = resolve(text, Context(self.cdktf_stack))
        return resolved.removeprefix("${").removesuffix("}")


class NativeDataSource(_Configured, TerraformDataSource):
    """A data source of Prefect."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        type_name: str,
        configuration: Mapping[str, Any],
        meta: Mapping[str, Any],
    ) -> None:
        self._tokens = {}
        super().__init__(
            scope, id_, terraform_resource_type=type_name, terraform_generator_metadata=_GENERATOR, **meta
        )
        self._configuration = _as_now(configuration)


class NativeProvider(TerraformProvider):
    """The configuration of Prefect's provider."""

    def __init__(
        self, scope: Construct, id_: str, name: str, configuration: Mapping[str, Any], alias: str | None
    ) -> None:
        super().__init__(
            scope,
            id_,
            terraform_resource_type=name,
            terraform_generator_metadata=_GENERATOR,
            terraform_provider_source=_SOURCE,
            alias=alias,
        )
        self._configuration = _as_now(configuration)

    def synthesize_attributes(self) -> dict[str, Any]:
        """The attributes, tokens included."""
        written: dict[str, Any] = _copy(self._configuration)
        return written


_PLAIN: Final = frozenset({str, bool, int, float, type(None)})


def _as_now(value: Any) -> Any:
    """A configuration with references as they are now: an object may get instances later."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is dict:
        return {key: _as_now(one) for key, one in value.items()}
    if kind is list or kind is tuple:
        return [_as_now(one) for one in value]
    if kind is Reference:
        return value.construct.interpolation_for_attribute(value.attribute)
    number = None if isinstance(value, Resolvable) else spelled(value)
    return value if number is None else number


def _copy(value: Any) -> Any:
    kind = type(value)
    if kind is dict:
        return {key: _copy(one) for key, one in value.items()}
    return [_copy(one) for one in value] if kind is list else value
