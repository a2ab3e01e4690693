"""A whole ``prefect.yaml`` as constructs: its deployments, and an automation for each of their triggers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from prefect_constructs._generated import DataPrefectBlock, DataPrefectVariable
from prefect_constructs._runtime import Annotations, Construct, Fn, Token
from prefect_constructs.deployment import Deployment
from prefect_constructs.errors import refuse
from prefect_constructs.files import reading
from prefect_constructs.placement import place
from prefect_constructs.prefect_yaml import as_arguments
from prefect_constructs.tokens import is_expression, is_unresolved, literally
from prefect_provider.project.document import read_project
from prefect_provider.project.source import Source, read_source
from prefect_provider.project.triggers import trigger_texts
from prefect_provider.rules.placeholders import ABSENT, Known, block_parts, block_value, key_steps
from prefect_provider.rules.prefect_yaml import automation_name
from prefect_provider.text.spelling import closest, names, show

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from prefect_constructs._generated.references import AnyWorkPool
    from prefect_constructs._runtime import Scope
    from prefect_provider.project.document import Project, ProjectDeployment

__all__ = ["PrefectYaml"]

_OF_ONE_VALUE: Final = frozenset({"date-time", "json", "secret", "string"})
"""Types of blocks that hold nothing but a ``value``, which stands for the block."""


class PrefectYaml(Construct):
    """The deployments of a ``prefect.yaml``, as `prefect deploy --all` makes them, and their triggers' automations.

    For example::

        project = PrefectYaml(self, "shop", "prefect.yaml", work_pools={"fast": pool})
        project.deployments["nightly"].on(EventTrigger(expect="order.complete"))

    What the file cannot say in Terraform is an error with its line; nothing is left out without a word. A variable or
    block that a placeholder names, and that is not given, is looked up by Terraform.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`.
        file: The file.
        only: The names of the deployments to take. Default: all.
        environment: What `{{ $NAME }}` stands for. Default: the environment of this process.
        variables: Values of `{{ prefect.variables.name }}`.
        blocks: Values of `{{ prefect.blocks.type.name }}`, or the blocks' data, by `type.name`.
        outputs: What build steps put out, by their `id`; such steps are taken to have been run.
        triggers: Triggers by the deployment's name, which come in the place of the file's: each is JSON, or the path of
            a YAML or JSON file, relative to `code`; as `prefect deploy --trigger` takes them.
        work_pools: Constructs of work pools, by the name that the file has for them.
        code: Where `prefect deploy` would run: entrypoints are relative to it, and the code is read there, not
            imported. Default: the directory of the file.

    Raises:
        PrefectConstructError: the file cannot be taken, or Terraform or Prefect would refuse what it says.
    """

    def __init__(
        self,
        scope: Scope,
        id_: str,
        file: str | Path,
        *,
        only: Sequence[str] | None = None,
        environment: Mapping[str, str] | None = None,
        variables: Mapping[str, Any] | None = None,
        blocks: Mapping[str, Any] | None = None,
        outputs: Mapping[str, Any] | None = None,
        triggers: Mapping[str, Sequence[str]] | None = None,
        work_pools: Mapping[str, AnyWorkPool] | None = None,
        code: str | Path | None = None,
    ) -> None:
        where = place(type(self).__name__, scope, id_)
        outer: Any = scope
        super().__init__(outer, id_)
        base = Path(file).parent if code is None else Path(code)
        lookups = _LookUps(self, dict(variables or {}), dict(blocks or {}))
        given = Known.of(os.environ if environment is None else environment, outputs=outputs)
        known = given._replace(variable=lookups.variable, block=lookups.block, text=_text)
        project = _read(where, Path(file), known, triggers or {}, base)
        for name in filter(is_expression, project.deployments if only is None else ()):
            # It is what the deployment is found by, also here.
            what = f"{show(name)} is the name of a deployment that only Terraform works out"
            raise refuse(
                where, (), what, remedy="Give its parts as `variables` or `blocks`, or write the name."
            )
        for name in only or ():
            if name not in project.deployments:
                near = closest(name, list(project.deployments))
                remedy = f'Did you mean "{near}"?' if near else f"It has {names(project.deployments)}."
                raise refuse(where, ("only",), f"{file} has no deployment {show(name)}", remedy=remedy)
        self.deployments: Final[dict[str, Deployment]] = {
            name: _deployment(self, name, one, base, work_pools or {})
            for name, one in project.deployments.items()
            if only is None or name in only
        }
        """The deployments by name."""


def _read(
    where: Callable[[], str],
    file: Path,
    known: Known,
    triggers: Mapping[str, Sequence[str]],
    base: Path,
) -> Project:
    with reading(where, file) as text:
        read = read_source(text).read
        source = Source(read._replace(value=literally(read.value)))
        texts = {name: trigger_texts(given, base) for name, given in triggers.items()}
        return read_project(source, known, code=base, triggers=texts, is_unknown=is_unresolved)


def _deployment(
    scope: Construct, name: str, one: ProjectDeployment, base: Path, pools: Mapping[str, AnyWorkPool]
) -> Deployment:
    arguments = as_arguments(one.fields)
    pool = arguments.get("work_pool")
    if isinstance(pool, str) and pool in pools:
        arguments["work_pool"] = pools[pool]
    triggers = []
    for position, trigger in enumerate(one.triggers, start=1):
        beside = {"description": trigger.description, "enabled": trigger.enabled, **trigger.action}
        if trigger.name != automation_name(name, position):
            beside["name"] = trigger.name
        triggers.append(
            {**trigger.trigger, **{key: item for key, item in beside.items() if item is not None}}
        )
    made = Deployment(scope, name, **arguments, triggers=triggers, code=base)
    for warning in one.warnings:
        Annotations.of(made).add_warning(warning)
    return made


class _LookUps:
    """The variables and blocks that are given, and else those that Terraform looks up, once each."""

    def __init__(self, scope: Scope, variables: dict[str, Any], blocks: dict[str, Any]) -> None:
        self._scope: Final = scope
        self._variables: Final = variables
        self._blocks: Final = blocks
        self._looked_up: Final[dict[str, Any]] = {}

    def variable(self, name: str) -> Any:
        if name not in self._variables:
            self._variables[name] = DataPrefectVariable(self._scope, f"variable-{name}", name=name).value
        return self._variables[name]

    def block(self, name: str) -> Any:
        kind, label, keys = block_parts(name)
        if not label or f"{kind}.{label}" in self._blocks:
            return block_value(self._blocks, name) if label else ABSENT
        called = f"block-{kind}-{label}"
        if called not in self._looked_up:
            found = DataPrefectBlock(self._scope, called, type_slug=kind, name=label)
            self._looked_up[called] = Fn.jsondecode(found.data)
        steps = key_steps(keys)
        if kind in _OF_ONE_VALUE and steps[:1] != ["value"]:
            steps = ["value", *steps]
        data = self._looked_up[called]
        return Fn.lookup_nested(data, steps) if steps else data


def _text(value: Any) -> str:
    return Token.as_string(value) if not isinstance(value, str) and is_unresolved(value) else str(value)
