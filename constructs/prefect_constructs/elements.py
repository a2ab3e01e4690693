"""What resources, data sources and the provider share: as constructs they check their arguments.

What Terraform or Prefect would refuse is raised as :class:`~prefect_constructs.errors.PrefectConstructError`,
all of it at once; what they would take and then do otherwise than it reads becomes a warning of the
construct.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from prefect_constructs._runtime import (
    Annotations,
    Construct,
    TerraformDataSource,
    TerraformProvider,
    TerraformResource,
    member,
)
from prefect_constructs.argument_types import MetaArguments
from prefect_constructs.arguments import Arguments
from prefect_constructs.errors import PrefectConstructError, describe
from prefect_constructs.hcl import hcl_attributes
from prefect_provider.plugin.language.diagnostics import Diagnostic, Diagnostics
from prefect_provider.plugin.language.provider import Provider
from prefect_provider.text.spelling import closest
from prefect_provider.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from prefect_provider.plugin.language.resource import DataSource, Resource
from functools import partial

__all__ = ["PrefectDataSource", "PrefectProviderElement", "PrefectResource", "construct_path"]

SOURCE: Final = "prefect-iac/prefect"

_GENERATOR: Final = {"provider_name": "prefect", "provider_version_constraint": f"~> {VERSION}"}
"""It makes the CDK complain of a stack that has Prefect's objects and no provider."""

_META: Final = tuple(MetaArguments.__annotations__)


class PrefectResource(TerraformResource):
    """An object of Prefect that Terraform creates, changes and deletes."""

    declaration: ClassVar[type[Resource]]

    def __init__(
        self, scope: Construct, id_: str, arguments: Mapping[str, Any], meta: Mapping[str, Any]
    ) -> None:
        """``meta`` holds what was not declared: Terraform's meta-arguments, or mistakes."""
        checked = _check(self.declaration, partial(construct_path, scope, id_), arguments, meta)
        try:
            super().__init__(
                scope,
                id_,
                terraform_resource_type=self.declaration.type_name,
                terraform_generator_metadata=_GENERATOR,
                **_given(meta),
            )
        except RuntimeError as error:
            raise _taken(scope, id_, error) from error
        self._configuration = checked.configuration
        _warn(self, checked.diagnostics)

    @member(jsii_name="synthesizeAttributes")
    def _synthesize_attributes(self) -> Mapping[str, Any]:
        return self._configuration

    @member(jsii_name="synthesizeHclAttributes")
    def _synthesize_hcl_attributes(self) -> Mapping[str, Any]:
        return hcl_attributes(self._configuration)


class PrefectDataSource(TerraformDataSource):
    """An object of Prefect that is only looked up."""

    declaration: ClassVar[type[DataSource]]

    def __init__(
        self, scope: Construct, id_: str, arguments: Mapping[str, Any], meta: Mapping[str, Any]
    ) -> None:
        """``meta`` holds what was not declared: Terraform's meta-arguments, or mistakes."""
        checked = _check(self.declaration, partial(construct_path, scope, id_), arguments, meta)
        try:
            super().__init__(
                scope,
                id_,
                terraform_resource_type=self.declaration.type_name,
                terraform_generator_metadata=_GENERATOR,
                **_given(meta),
            )
        except RuntimeError as error:
            raise _taken(scope, id_, error) from error
        self._configuration = checked.configuration
        _warn(self, checked.diagnostics)

    @member(jsii_name="synthesizeAttributes")
    def _synthesize_attributes(self) -> Mapping[str, Any]:
        return self._configuration

    @member(jsii_name="synthesizeHclAttributes")
    def _synthesize_hcl_attributes(self) -> Mapping[str, Any]:
        return hcl_attributes(self._configuration)


class PrefectProviderElement(TerraformProvider):
    """The provider's configuration in a stack."""

    declaration: ClassVar[type[Provider]]

    def __init__(self, scope: Construct, id_: str, arguments: Mapping[str, Any], alias: str | None) -> None:
        """With an ``alias`` it is only for those who name it as their ``provider``."""
        # The CDK asks for it while it makes the construct.
        self._alias = alias
        checked = _check(self.declaration, partial(construct_path, scope, id_), arguments, {})
        try:
            super().__init__(
                scope,
                id_,
                terraform_resource_type=self.declaration.name,
                terraform_generator_metadata=_GENERATOR,
                terraform_provider_source=SOURCE,
            )
        except RuntimeError as error:
            raise _taken(scope, id_, error) from error
        self._configuration = checked.configuration
        _warn(self, checked.diagnostics)

    @property
    @member(jsii_name="alias")
    def alias(self) -> str | None:
        """What tells this configuration from the stack's others; ``None`` for the default one."""
        return self._alias

    @alias.setter
    def alias(self, value: str | None) -> None:
        self._alias = value

    @member(jsii_name="synthesizeAttributes")
    def _synthesize_attributes(self) -> Mapping[str, Any]:
        return self._configuration

    @member(jsii_name="synthesizeHclAttributes")
    def _synthesize_hcl_attributes(self) -> Mapping[str, Any]:
        return hcl_attributes(self._configuration)


def construct_path(scope: Construct, id_: str) -> str:
    """How errors name a construct that is to be made: ``MyStack/nightly``."""
    outer: str = scope.node.path
    return f"{outer}/{id_}" if outer else id_


def _check(
    kind: type[Resource | DataSource | Provider],
    where: Callable[[], str],
    arguments: Mapping[str, Any],
    meta: Mapping[str, Any],
) -> Arguments:
    """The arguments, read; raises if anything is wrong with them."""
    read = Arguments(kind, {name: value for name, value in arguments.items() if value is not None})
    found = read.diagnostics
    _check_meta(arguments, meta, found)
    read.forget_wrong()
    known = {problem.path for problem in found}
    for problem in _own_checks(kind, read):
        if problem.path not in known:
            found.add(problem)
    errors = [problem for problem in found if problem.severity == "error"]
    if errors:
        raise PrefectConstructError(where(), errors)
    return read


def _own_checks(kind: type[Resource | DataSource | Provider], read: Arguments) -> Diagnostics:
    """What the resource itself finds, which needs no server."""
    found = Diagnostics()
    if issubclass(kind, Provider):
        _run(kind().validate(read.values, found))
    else:
        _run(kind(None, found).validate(read.values))
    return found


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Run what waits for nothing, also where an event loop is running already, as in a notebook."""
    try:
        work.send(None)
    except StopIteration:
        return
    work.close()
    msg = "a check of a configuration waits for something; it has to work without a server"
    raise RuntimeError(msg)


def _check_meta(arguments: Mapping[str, Any], meta: Mapping[str, Any], diagnostics: Diagnostics) -> None:
    for name in meta:
        if name not in _META:
            near = closest(name, [*arguments, *_META])
            remedy = (
                f"Did you mean `{near}`?" if near else f"There are {', '.join(f'`{n}`' for n in arguments)}."
            )
            diagnostics.error(f"There is no `{name}`", remedy)


def _given(meta: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in meta.items() if value is not None}


def _warn(construct: Construct, diagnostics: Diagnostics) -> None:
    for problem in diagnostics:
        Annotations.of(construct).add_warning(describe(problem))


def _taken(scope: Construct, id_: str, error: RuntimeError) -> Exception:
    """The error for an id that another construct has; any other error as it is."""
    if "already a Construct with name" not in str(error):
        return error
    detail = "Give one of them another id. Ids are names in Terraform's state, so rename the newer one."
    return PrefectConstructError(
        construct_path(scope, id_), [Diagnostic("error", "Another construct has this id", detail)]
    )
