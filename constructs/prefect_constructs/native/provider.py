"""The configuration of a provider in a stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_constructs.native.element import TerraformElement
from prefect_constructs.native.merging import merge, snake_keys, without_none

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_constructs.native.construct import Construct

__all__ = ["TerraformProvider", "generator"]


class TerraformProvider(TerraformElement):
    """The configuration of a provider, which also says where it comes from.

    For example::

        TerraformProvider(
            stack,
            "random",
            terraform_resource_type="random",
            terraform_provider_source="hashicorp/random",
            terraform_generator_metadata={"provider_name": "random", "provider_version_constraint": "~> 3.6"},
        )

    With an ``alias`` it is only for those who name it as their ``provider``.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - the CDK's name for it
        *,
        terraform_resource_type: str,
        terraform_generator_metadata: Mapping[str, Any] | None = None,
        terraform_provider_source: str | None = None,
        attributes: Mapping[str, Any] | None = None,
        alias: str | None = None,
    ) -> None:
        """``attributes`` are those of the provider as Terraform's JSON has them, tokens included."""
        super().__init__(scope, id)
        self.terraform_resource_type = terraform_resource_type
        self.terraform_generator_metadata = terraform_generator_metadata
        self.terraform_provider_source = terraform_provider_source
        self.alias = alias
        self._given_attributes = attributes

    @staticmethod
    def is_terraform_provider(x: object) -> bool:
        """Whether it is the configuration of a provider."""
        return isinstance(x, TerraformProvider)

    @property
    def fqn(self) -> str:
        """What others name as their ``provider``."""
        return self.terraform_resource_type + ("" if self.alias is None else f".{self.alias}")

    @property
    def provider_name(self) -> str:
        """The name of its provider, as far as it says; else empty."""
        return generator(self.terraform_generator_metadata)

    def synthesize_attributes(self) -> dict[str, Any]:
        """The attributes, tokens included; classes of one's own may have others."""
        return without_none(self._given_attributes or {})  # type: ignore[no-any-return]

    def to_terraform(self) -> dict[str, Any]:
        """What it adds to the configuration, tokens included."""
        made = self.terraform_generator_metadata or {}
        version = made.get("provider_version") or made.get("provider_version_constraint")
        needed = {"version": version, "source": self.terraform_provider_source}
        written = merge(snake_keys(self.synthesize_attributes()), self._raw_overrides)
        if self.alias is not None:
            written["alias"] = self.alias
        name = self.terraform_resource_type
        return {
            "terraform": {"required_providers": {name: without_none(needed)}},
            "provider": {name: [written]},
        }


def generator(metadata: Mapping[str, Any] | None) -> str:
    """The name of the provider that a block says that it needs; empty if it says nothing."""
    return str((metadata or {}).get("provider_name") or "")
