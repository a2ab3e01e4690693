"""What resources, data sources, the provider and what is in no state share: as constructs they check their arguments.

What Terraform or Prefect would refuse is raised as :class:`~prefect_constructs.errors.PrefectConstructError`,
all of it at once; what they would take and then do otherwise than it reads becomes a warning of the
construct.
"""

from __future__ import annotations

import inspect
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from prefect_constructs._runtime import Annotations, Construct, Scope, TerraformStack
from prefect_constructs.arguments import Arguments
from prefect_constructs.elements import DataSourceElement, ProviderElement, ResourceElement
from prefect_constructs.errors import PrefectConstructError, describe, taken
from prefect_constructs.meta_arguments import Meta, read_meta
from prefect_constructs.node.configuration import Reference
from prefect_constructs.origins import origin
from prefect_constructs.placement import enter, place, stack_of, take_alias, take_id
from prefect_constructs.plain_values import plain_value
from prefect_constructs.references import can_follow
from prefect_constructs.wording import Wording
from prefect_provider.plugin.language.action import Action
from prefect_provider.plugin.language.diagnostics import Diagnostic, Diagnostics
from prefect_provider.plugin.language.kinds import String
from prefect_provider.plugin.language.provider import Provider
from prefect_provider.plugin.language.resource import DataSource, EphemeralResource, Resource
from prefect_provider.text.problem import say

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from prefect_provider.text.path import Path

    Declared = Resource | DataSource | EphemeralResource | Action | Provider

__all__ = [
    "PrefectDataSource",
    "PrefectProviderElement",
    "PrefectResource",
    "enter_element",
    "of_the_cdk",
    "read_element",
]

_OURS: Final = __name__.partition(".")[0]

_PREFIXES: Final = {DataSource: "data", EphemeralResource: "ephemeral", Action: "action"}


class PrefectResource(ResourceElement):
    """An object of Prefect that Terraform creates, changes and deletes.

    ``aliases`` are arguments that stand for an attribute: ``{"work_pool": "work_pool_name"}``.
    """

    declaration: ClassVar[type[Resource]]
    aliases: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self,
        scope: Scope,
        id_: str,
        arguments: Mapping[str, Any],
        meta: Mapping[str, Any],
        wording: Wording | None = None,
    ) -> None:
        """``meta`` holds what was not declared: Terraform's meta-arguments, or mistakes."""
        id_ = plain_value(id_)
        read = read_element(self, self.declaration, scope, id_, arguments, meta, wording)
        followed = [Reference(one, "id") for one in read.followed] if read.meta.follow else []
        reasons = [*read.meta.replaced_by, *followed]
        source = origin()
        notes = {} if source is None else {"//": {"source": source}}
        try:
            super().__init__(
                scope,
                id_,
                self.declaration.type_name,
                read.configuration | notes,
                read.meta.given,
                reasons,
            )
        except (RuntimeError, TypeError) as error:
            raise of_the_cdk(read.where, error) from None
        enter_element(self, read)


class PrefectDataSource(DataSourceElement):
    """An object of Prefect that is only looked up."""

    declaration: ClassVar[type[DataSource]]
    aliases: ClassVar[Mapping[str, str]] = {}

    def __init__(self, scope: Scope, id_: str, arguments: Mapping[str, Any], meta: Mapping[str, Any]) -> None:
        """``meta`` holds what was not declared: Terraform's meta-arguments, or mistakes."""
        id_ = plain_value(id_)
        read = read_element(self, self.declaration, scope, id_, arguments, meta)
        try:
            super().__init__(scope, id_, self.declaration.type_name, read.configuration, read.meta.given)
        except (RuntimeError, TypeError) as error:
            raise of_the_cdk(read.where, error) from None
        enter_element(self, read)


class PrefectProviderElement(ProviderElement):
    """The provider's configuration in a stack."""

    declaration: ClassVar[type[Provider]]
    aliases: ClassVar[Mapping[str, str]] = {}

    def __init__(self, scope: Scope, id_: str, arguments: Mapping[str, Any], alias: str | None) -> None:
        """With an ``alias`` it is only for those who name it as their ``provider``."""
        read = read_element(self, self.declaration, scope, id_, arguments, {})
        try:
            super().__init__(scope, id_, self.declaration.name, read.configuration, alias)
        except (RuntimeError, TypeError) as error:
            raise of_the_cdk(read.where, error) from None
        take_alias(alias, read.stack, read.where)
        enter_element(self, read)


class ReadElement(NamedTuple):
    """What a construct is made of."""

    where: Callable[[], str]
    stack: TerraformStack
    configuration: dict[str, Any]
    meta: Meta
    followed: list[Any]
    warnings: list[Diagnostic]


def read_element(
    construct: Construct,
    kind: type[Declared],
    scope: Scope,
    id_: str,
    arguments: Mapping[str, Any],
    meta: Mapping[str, Any],
    wording: Wording | None = None,
) -> ReadElement:
    """Read the arguments of a construct that is to be made.

    :raises PrefectConstructError: something is wrong with them, or with the place.
    """
    class_ = type(construct)
    where = place(class_.__name__, scope, id_)
    found = Diagnostics()
    given = {name: value for name, value in arguments.items() if value is not None}
    paths = _resolve_aliases(getattr(class_, "aliases", {}), given, found)
    spoken = (wording or Wording()).with_paths(paths)
    unnamed = _name_after_id(kind, given, id_)
    read = Arguments(kind, given)
    checked = read_meta(meta, _parameters(class_), kind.attributes, found)
    read.forget_wrong()
    known = {problem.path for problem in read.diagnostics}
    own = [problem for problem in _own_checks(kind, read) if problem.path not in known]
    told = [_of_the_id(one) if unnamed else one for one in (*read.diagnostics, *own)]
    problems = [*found, *map(spoken.problem, told)]
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise PrefectConstructError(where(), errors)
    stack = stack_of(scope)
    followed = [one for name, one in read.references if can_follow(one, name, stack)]
    take_id(_address(kind), scope, id_, where)
    return ReadElement(where, stack, read.configuration, checked, followed, problems)


def _address(kind: type[Declared]) -> str:
    """What Terraform puts before the name in an address; objects of two kinds may share a name."""
    if issubclass(kind, Provider):
        return "provider"
    for of, prefix in _PREFIXES.items():
        if issubclass(kind, of):
            return f"{prefix}.{kind.type_name}"
    return kind.type_name


def _resolve_aliases(
    aliases: Mapping[str, str], given: dict[str, Any], found: Diagnostics
) -> dict[Path, Path]:
    """Put what was given under another name in its attribute's place; the result tells how to speak of it."""
    paths: dict[Path, Path] = {}
    for alias, attribute in aliases.items():
        if alias not in given:
            if attribute not in given:
                paths[(attribute,)] = (alias,)
            continue
        value = given.pop(alias)
        paths[(attribute,)] = (alias,)
        if attribute in given:
            found.error("", f"Give `{alias}` or `{attribute}`, not both: they are the same.", (alias,))
        given[attribute] = value
    return paths


def _name_after_id(kind: type[Declared], given: dict[str, Any], id_: str) -> bool:
    """Give a resource that has no name the name of the construct; returns whether that was done."""
    name = kind.attributes.get("name")
    if not issubclass(kind, Resource) or name is None or not name.required or "name" in given:
        return False
    if not isinstance(name.kind, String):
        return False
    given["name"] = id_
    return True


def _of_the_id(problem: Diagnostic) -> Diagnostic:
    """A problem of a name that nobody gave."""
    if problem.path != ("name",):
        return problem
    remedy = "The name is that of the construct, as none was given: pass `name`."
    return Diagnostic(problem.severity, problem.summary, say(problem.detail, remedy=remedy), problem.path)


@cache
def _parameters(class_: type) -> list[str]:
    """The arguments that people see: those of the nearest class of this library."""
    ours = next(one for one in class_.__mro__ if one.__module__.partition(".")[0] == _OURS)
    names = list(inspect.signature(ours.__init__).parameters)  # type: ignore[misc]  # it is only read
    return [name for name in names if name not in {"self", "scope", "id_", "meta"}]


def _own_checks(kind: type[Declared], read: Arguments) -> Diagnostics:
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


def enter_element(construct: Construct, read: ReadElement) -> None:
    """What is done with a construct once it is there."""
    enter(construct, read.stack)
    for problem in read.warnings:
        Annotations.of(construct).add_warning(describe(problem))


def of_the_cdk(where: Callable[[], str], error: Exception) -> Exception:
    """The CDK's own error, in a line that names the construct."""
    if "already a Construct with name" in str(error):
        return taken(where)
    what = f"the CDK refuses it: {str(error).strip().splitlines()[0]}"
    return PrefectConstructError(where(), [Diagnostic("error", "", say(what))])
