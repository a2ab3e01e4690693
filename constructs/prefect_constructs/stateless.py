"""What is in no state: actions, which are done once, and ephemeral resources, which are read at each use.

The CDK has no classes for them on both runtimes, so that they write their blocks into the stack's JSON themselves.
Actions need Terraform 1.14, ephemeral resources 1.10.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, Self, TypeAlias, get_args
from weakref import WeakKeyDictionary

from prefect_constructs._runtime import IResolvable, TerraformElement, TerraformResource, Token
from prefect_constructs.cdk_elements import enter_element, of_the_cdk, read_element
from prefect_constructs.errors import refuse
from prefect_constructs.node.configuration import Reference
from prefect_constructs.placement import stack_of
from prefect_constructs.plain_values import plain_value
from prefect_provider.text.spelling import names, show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_constructs._runtime import Scope, TerraformProvider
    from prefect_provider.plugin.language.action import Action
    from prefect_provider.plugin.language.resource import EphemeralResource

__all__ = ["ActionEvent", "PrefectAction", "PrefectEphemeral"]

ActionEvent: TypeAlias = Literal["before_create", "after_create", "before_update", "after_update"]
"""When Terraform runs an action of a resource."""

_EVENTS: Final[tuple[str, ...]] = get_args(ActionEvent)
_AFTER: Final[tuple[ActionEvent, ...]] = ("after_create", "after_update")

_TRIGGERS: Final[WeakKeyDictionary[TerraformResource, list[dict[str, Any]]]] = WeakKeyDictionary()
"""The triggers of each resource, in the order in which they were given."""


class _Stateless(TerraformElement):
    """A block of the stack."""

    kind: ClassVar[str]
    declaration: ClassVar[type[Action | EphemeralResource]]

    def __init__(
        self,
        scope: Scope,
        id_: str,
        arguments: Mapping[str, Any],
        provider: TerraformProvider | None,
    ) -> None:
        """``provider`` is the configuration that it uses, if not the default one."""
        id_ = plain_value(id_)
        read = read_element(self, self.declaration, scope, id_, arguments, {"provider": provider})
        self._configuration: dict[str, Any] = read.configuration
        self._provider: TerraformProvider | None = read.meta.given.get("provider")
        try:
            place: Any = scope
            super().__init__(place, id_, f"{self.kind}.{self.declaration.type_name}")
        except (RuntimeError, TypeError) as error:
            raise of_the_cdk(read.where, error) from None
        enter_element(self, read)

    @property
    def address(self) -> str:
        """How Terraform calls it: ``action.prefect_run_deployment.migrate``."""
        return f"{self.kind}.{self.declaration.type_name}.{self.friendly_unique_id}"

    def to_terraform(self) -> Any:
        """The block; the CDK merges those of all elements of a stack."""
        block = self._block(_tokens(self._configuration))
        if self._provider is not None:
            block = {"provider": self._provider.fqn, **block}
        return {self.kind: {self.declaration.type_name: {self.friendly_unique_id: block}}}

    def to_hcl_terraform(self) -> Any:
        """The CDK's renderer of HCL would leave it out without a word."""
        path = self.node.path
        what = "the CDK writes no such block as HCL"
        raise refuse(lambda: path, (), what, remedy="Synthesize JSON, as `App()` does by default.")

    def _block(self, configuration: dict[str, Any]) -> dict[str, Any]:
        return configuration


def _tokens(value: Any) -> Any:
    """A configuration with tokens for what refers to constructs."""
    match value:
        case dict():
            return {key: _tokens(item) for key, item in value.items()}
        case list() | tuple():
            return [_tokens(item) for item in value]
        case Reference():
            construct: Any = value.construct
            return construct.interpolation_for_attribute(value.attribute)
    return value


class PrefectAction(_Stateless):
    """Something that Terraform does once: when a resource changes, or when it is asked to with `-invoke`."""

    kind = "action"
    declaration: ClassVar[type[Action]]

    def _block(self, configuration: dict[str, Any]) -> dict[str, Any]:
        return {"config": configuration}

    def triggered_by(
        self, resource: TerraformResource, *events: ActionEvent, condition: str | None = None
    ) -> Self:
        """Do it whenever Terraform changes a resource of the stack, of whichever provider.

        For example::

            migrate = RunDeploymentAction(stack, "migrate", deployment="migrate/production")
            migrate.triggered_by(schema_version, "after_update")

        Args:
            resource: The resource.
            *events: When it is done. Default: after a creation, and after an update.
            condition: An expression that has to be true.

        Raises:
            PrefectConstructError: there is no such event, or the resource is none, or one of another stack.
        """
        path = self.node.path
        for event in events:
            if event not in _EVENTS:
                raise refuse(lambda: path, ("events",), expected=f"one of {names(_EVENTS)}", got=show(event))
        if not isinstance(resource, TerraformResource):
            raise refuse(lambda: path, ("resource",), expected="a resource", got=show(resource))
        if stack_of(resource) is not stack_of(self):
            what = "the resource is in another stack, where Terraform does not know the action"
            raise refuse(lambda: path, ("resource",), what)
        triggers = _TRIGGERS.setdefault(resource, [])
        trigger: dict[str, Any] = {"events": list(events or _AFTER), "actions": [self.address]}
        triggers.append(trigger if condition is None else {**trigger, "condition": condition})
        resource.add_override("lifecycle.action_trigger", triggers)
        return self


class PrefectEphemeral(_Stateless):
    """Something that Terraform reads at each use, and stores nowhere."""

    kind = "ephemeral"
    declaration: ClassVar[type[EphemeralResource]]

    def text_attribute(self, name: str) -> str:
        """The expression for an attribute that is text."""
        return f"${{{self.address}.{name}}}"

    def any_attribute(self, name: str) -> IResolvable:
        """The token for an attribute of any other type."""
        return Token.as_any(self.text_attribute(name))
