"""An automation: when its trigger fires, Prefect performs its actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, Unpack

from prefect_constructs._generated import PrefectAutomation
from prefect_constructs.actions import Action, action_arguments
from prefect_constructs.elements import construct_path
from prefect_constructs.triggers import Trigger, trigger_arguments

if TYPE_CHECKING:
    from prefect_constructs._runtime import Construct
    from prefect_constructs.argument_types import Flag, Identifier, MetaArguments, Texts

__all__ = ["Actions", "Automation"]

Actions: TypeAlias = Action | Sequence[Action]
"""One action or several."""


class Automation(PrefectAutomation):
    """An automation: when its trigger fires, Prefect performs its actions.

    For example, to be told of failures::

        Automation(
            self,
            "failures",
            trigger=EventTrigger(expect="prefect.flow-run.Failed"),
            actions=SendNotification(slack, body="{{ flow_run.name }} failed"),
        )

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        trigger: When it acts.
        actions: What it does whenever its trigger fires.
        actions_on_trigger: What it does, besides, when the trigger starts to hold.
        actions_on_resolve: What it does, besides, when the trigger no longer holds.
        name: Name of the automation. Default: `id_`.
        description: What it is for. Default: empty.
        enabled: Whether it acts at all. Default: `True`.
        tags: Tags of the automation.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Changing it makes a new object.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's. Changing it makes a new
            object.
        **meta: Terraform's meta-arguments, such as `depends_on` and `lifecycle`.

    Raises:
        PrefectConstructError: Terraform or Prefect would refuse the arguments.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        trigger: Trigger,
        actions: Actions = (),
        actions_on_trigger: Actions = (),
        actions_on_resolve: Actions = (),
        name: str | None = None,
        description: str | None = None,
        enabled: Flag | None = None,
        tags: Texts | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        where = partial(construct_path, scope, id_)
        nested: dict[str, Any] = {
            "trigger": trigger_arguments(trigger, where),
            "actions": _listed(actions, "actions", where),
            "actions_on_trigger": _listed(actions_on_trigger, "actions_on_trigger", where),
            "actions_on_resolve": _listed(actions_on_resolve, "actions_on_resolve", where),
        }
        super().__init__(
            scope,
            id_,
            name=id_ if name is None else name,
            description=description,
            enabled=enabled,
            tags=tags,
            account_id=account_id,
            workspace_id=workspace_id,
            **nested,
            **meta,
        )


def _listed(actions: Actions, name: str, where: Callable[[], str]) -> list[dict[str, Any]] | None:
    several = actions if isinstance(actions, (list, tuple)) else [actions]
    return [action_arguments(one, where, (name, index)) for index, one in enumerate(several)] or None
