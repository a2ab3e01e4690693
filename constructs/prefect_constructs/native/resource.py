"""Resources and data sources of any provider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from prefect_constructs.errors import refuse
from prefect_constructs.native.element import TerraformElement
from prefect_constructs.native.expressions import ITerraformDependable, Reference, dependable
from prefect_constructs.native.iterator import TerraformCount, TerraformIterator
from prefect_constructs.native.merging import merge, snake_keys, without_none
from prefect_constructs.native.provider import TerraformProvider, generator
from prefect_constructs.native.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prefect_constructs.native.construct import Construct

__all__ = ["TerraformBlock", "TerraformDataSource", "TerraformResource"]


class TerraformBlock(TerraformElement):
    """What resources and data sources have in common."""

    _address_prefix: str = ""

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - the CDK's name for it
        *,
        terraform_resource_type: str,
        terraform_generator_metadata: Mapping[str, Any] | None,
        attributes: Mapping[str, Any] | None,
        count: float | TerraformCount | None,
        depends_on: Sequence[ITerraformDependable] | None,
        for_each: TerraformIterator | None,
        lifecycle: Mapping[str, Any] | None,
        provider: TerraformProvider | None,
    ) -> None:
        super().__init__(scope, id, f"{self._address_prefix}{terraform_resource_type}")
        self.terraform_resource_type = terraform_resource_type
        self.terraform_generator_metadata = terraform_generator_metadata
        self.count = count
        self.for_each = for_each
        self.lifecycle = lifecycle
        self.provider = provider
        self.depends_on: list[str] | None = (
            None if depends_on is None else [dependable(one) for one in depends_on]
        )
        self._given_attributes = attributes

    @property
    def provider_name(self) -> str:
        """The name of its provider, as far as it says; else empty."""
        return generator(self.terraform_generator_metadata)

    # ------------------------------------------------------------------ attributes

    def interpolation_for_attribute(self, terraform_attribute: str) -> Reference:
        """A reference to an attribute; with instances for each of something it is of them all."""
        each = ".*" if self.for_each is not None else ""
        address = f"{self._element_type}.{self.friendly_unique_id}{each}.{terraform_attribute}"
        return Reference(address, self.cdktf_stack)

    def get_string_attribute(self, terraform_attribute: str) -> str:
        """An attribute that is text."""
        return Token.as_string(self.interpolation_for_attribute(terraform_attribute))

    def get_number_attribute(self, terraform_attribute: str) -> float:
        """An attribute that is a number."""
        return Token.as_number(self.interpolation_for_attribute(terraform_attribute))

    def get_boolean_attribute(self, terraform_attribute: str) -> Reference:
        """An attribute that is true or false."""
        return self.interpolation_for_attribute(terraform_attribute)

    def get_list_attribute(self, terraform_attribute: str) -> list[str]:
        """An attribute that is a list of texts."""
        return Token.as_list(self.interpolation_for_attribute(terraform_attribute))

    def get_number_list_attribute(self, terraform_attribute: str) -> list[float]:
        """An attribute that is a list of numbers."""
        return Token.as_number_list(self.interpolation_for_attribute(terraform_attribute))

    def get_string_map_attribute(self, terraform_attribute: str) -> dict[str, str]:
        """An attribute that is a mapping of texts."""
        return Token.as_string_map(self.interpolation_for_attribute(terraform_attribute))

    def get_number_map_attribute(self, terraform_attribute: str) -> dict[str, float]:
        """An attribute that is a mapping of numbers."""
        return Token.as_number_map(self.interpolation_for_attribute(terraform_attribute))

    def get_boolean_map_attribute(self, terraform_attribute: str) -> dict[str, bool]:
        """An attribute that is a mapping of truth values."""
        return Token.as_boolean_map(self.interpolation_for_attribute(terraform_attribute))

    def get_any_map_attribute(self, terraform_attribute: str) -> dict[str, Any]:
        """An attribute that is a mapping."""
        return Token.as_any_map(self.interpolation_for_attribute(terraform_attribute))

    # ------------------------------------------------------------------ what is written

    def synthesize_attributes(self) -> dict[str, Any]:
        """The attributes, tokens included; classes of one's own may have others."""
        return without_none(self._given_attributes or {})  # type: ignore[no-any-return]

    @property
    def terraform_meta_arguments(self) -> dict[str, Any]:
        """Terraform's meta-arguments, those that are not set as ``None``.

        :raises PrefectConstructError: there are both ``count`` and ``for_each``.
        """
        if self.for_each is not None and self.count is not None:
            what = "`count` and `for_each` exclude each other"
            raise refuse(lambda: self.node.path, ("for_each",), what, remedy="Remove one of them.")
        count = self.count
        return {
            "depends_on": self.depends_on,
            "count": count.to_terraform() if isinstance(count, TerraformCount) else count,
            "provider": None if self.provider is None else self.provider.fqn,
            "lifecycle": _lifecycle(self.lifecycle),
            "for_each": None if self.for_each is None else self.for_each.for_each_expression(),
        }

    def _block(self) -> dict[str, Any]:
        """The block with its meta-arguments and overrides."""
        written = self.synthesize_attributes()
        for name, value in self.terraform_meta_arguments.items():
            if value is None:
                written.pop(name, None)
            else:
                merge(written, {name: snake_keys(value)})
        return written

    def to_terraform(self) -> dict[str, Any]:
        """What it adds to the configuration, tokens included."""
        written = merge(self._block(), self._raw_overrides) if self._raw_overrides else self._block()
        written["//"] = written.get("//", {}) | self._note()
        kind = "data" if self._address_prefix else "resource"
        return {kind: {self.terraform_resource_type: {self.friendly_unique_id: written}}}


class TerraformResource(TerraformBlock):
    """A resource of any provider.

    ``attributes`` are those of the resource as Terraform's JSON has them, tokens included. The provider is declared
    with :class:`TerraformProvider`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - the CDK's name for it
        *,
        terraform_resource_type: str,
        terraform_generator_metadata: Mapping[str, Any] | None = None,
        attributes: Mapping[str, Any] | None = None,
        connection: Mapping[str, Any] | None = None,
        count: float | TerraformCount | None = None,
        depends_on: Sequence[ITerraformDependable] | None = None,
        for_each: TerraformIterator | None = None,
        lifecycle: Mapping[str, Any] | None = None,
        provider: TerraformProvider | None = None,
        provisioners: Sequence[Mapping[str, Any]] | None = None,
    ) -> None:
        """Each provisioner is a mapping with its ``type``, such as ``local-exec``."""
        super().__init__(
            scope,
            id,
            terraform_resource_type=terraform_resource_type,
            terraform_generator_metadata=terraform_generator_metadata,
            attributes=attributes,
            count=count,
            depends_on=depends_on,
            for_each=for_each,
            lifecycle=lifecycle,
            provider=provider,
        )
        self.connection = connection
        self.provisioners = provisioners
        self.__moved: dict[str, str] | None = None
        self.__gone = False
        self.__imported: dict[str, Any] | None = None
        _check_provisioners(self, connection, provisioners)

    @staticmethod
    def is_terraform_resource(x: object) -> bool:
        """Whether it is a resource."""
        return isinstance(x, TerraformResource)

    def import_from(self, id: str, provider: TerraformProvider | None = None) -> None:  # noqa: A002 - the CDK's
        """Take over the object of this id, by a block ``import``."""
        self.__imported = {"id": id, "provider": provider}

    def move_to_id(self, id: str) -> None:  # noqa: A002 - the CDK's name for it
        """Say that this resource has another address now; it is no longer written itself."""
        self._check_moved()
        self.__moved = {"to": id, "from": self._address}
        self.__gone = True

    def move_from_id(self, id: str) -> None:  # noqa: A002 - the CDK's name for it
        """Say that this resource had another address before."""
        self._check_moved()
        self.__moved = {"to": self._address, "from": id}

    @property
    def _address(self) -> str:
        return f"{self.terraform_resource_type}.{self.friendly_unique_id}"

    def _check_moved(self) -> None:
        if self.__moved is not None:
            what = f"it is moved already, from {self.__moved['from']} to {self.__moved['to']}"
            raise refuse(lambda: self.node.path, (), what)

    @property
    def terraform_meta_arguments(self) -> dict[str, Any]:
        """Terraform's meta-arguments, those that are not set as ``None``."""
        return super().terraform_meta_arguments | {"connection": self.connection}

    def _block(self) -> dict[str, Any]:
        written = super()._block()
        if self.provisioners is None:
            written.pop("provisioner", None)
            return written
        blocks = []
        for one in self.provisioners:
            fields = without_none(dict(one))
            blocks.append({fields.pop("type"): snake_keys(fields)})
        return merge(written, {"provisioner": blocks})

    def to_terraform(self) -> dict[str, Any]:
        """What it adds to the configuration, tokens included."""
        found = {} if self.__gone else super().to_terraform()
        if self.__moved is not None:
            found["moved"] = [dict(self.__moved)]
        if self.__imported is not None:
            block = {"id": self.__imported["id"], "to": self._address}
            if self.__imported["provider"] is not None:
                block["provider"] = self.__imported["provider"].fqn
            found["import"] = [block]
        return found


class TerraformDataSource(TerraformBlock):
    """A data source of any provider; ``attributes`` are those of the data source as Terraform's JSON has them."""

    _address_prefix = "data."

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - the CDK's name for it
        *,
        terraform_resource_type: str,
        terraform_generator_metadata: Mapping[str, Any] | None = None,
        attributes: Mapping[str, Any] | None = None,
        connection: Mapping[str, Any] | None = None,
        count: float | TerraformCount | None = None,
        depends_on: Sequence[ITerraformDependable] | None = None,
        for_each: TerraformIterator | None = None,
        lifecycle: Mapping[str, Any] | None = None,
        provider: TerraformProvider | None = None,
        provisioners: Sequence[Mapping[str, Any]] | None = None,
    ) -> None:
        """``connection`` and ``provisioners`` mean nothing to a data source."""
        super().__init__(
            scope,
            id,
            terraform_resource_type=terraform_resource_type,
            terraform_generator_metadata=terraform_generator_metadata,
            attributes=attributes,
            count=count,
            depends_on=depends_on,
            for_each=for_each,
            lifecycle=lifecycle,
            provider=provider,
        )

    @staticmethod
    def is_terraform_data_source(x: object) -> bool:
        """Whether it is a data source."""
        return isinstance(x, TerraformDataSource)


def _lifecycle(lifecycle: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if lifecycle is None:
        return None
    written: dict[str, Any] = without_none(dict(lifecycle))
    reasons = written.get("replace_triggered_by")
    if reasons:
        written["replace_triggered_by"] = [one if isinstance(one, str) else one.fqn for one in reasons]
    return written


_PROVISIONERS = frozenset({"file", "local-exec", "remote-exec"})
_CONNECTIONS = frozenset({"ssh", "winrm"})


def _check_provisioners(element: TerraformElement, connection: Any, provisioners: Any) -> None:
    from prefect_provider.text.spelling import names, show

    for index, one in enumerate(provisioners or ()):
        kind = one.get("type") if isinstance(one, Mapping) else one
        if kind not in _PROVISIONERS:
            expected = f"a mapping whose `type` is one of {names(sorted(_PROVISIONERS))}"
            raise refuse(
                lambda: element.node.path, ("provisioners", index), expected=expected, got=show(kind)
            )
    if connection is None:
        return
    right = (
        isinstance(connection, Mapping) and connection.get("type") in _CONNECTIONS and "host" in connection
    )
    if not right:
        expected = f"a mapping with a `host` and a `type`, one of {names(sorted(_CONNECTIONS))}"
        got = show(dict(connection) if isinstance(connection, Mapping) else connection)
        raise refuse(lambda: element.node.path, ("connection",), expected=expected, got=got)
