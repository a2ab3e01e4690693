"""An automation: when its trigger fires, Prefect performs its actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, Unpack

from prefect_constructs._generated import PrefectAutomation
from prefect_constructs.actions import Action, action_arguments
from prefect_constructs.cdk_elements import PrefectResource
from prefect_constructs.errors import refuse
from prefect_constructs.placement import place
from prefect_constructs.sdk import SERVER_SET, as_document, without_server_set
from prefect_constructs.tokens import is_unresolved
from prefect_constructs.triggers import Trigger, trigger_arguments
from prefect_constructs.wording import Wording
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from prefect_constructs._runtime import Scope
    from prefect_constructs.argument_types import Flag, Identifier, MetaArguments, SdkObject, Texts
    from prefect_provider.text.path import Path

__all__ = ["Actions", "Automation"]

Actions: TypeAlias = "Action | Sequence[Action]"
"""One action or several."""


class Automation(PrefectAutomation):
    """An automation: when its trigger fires, Prefect performs its actions.

    For example, to be told of failures::

        Automation(
            self,
            "failures",
            trigger=nightly.when_failed(),
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
        scope: Scope,
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
        where = place(type(self).__name__, scope, id_)
        paths: dict[Path, Path] = {}
        nested: dict[str, Any] = {}
        if is_unresolved(trigger):
            nested["trigger"] = trigger
        else:
            nested["trigger"], written = trigger_arguments(trigger, where)
            paths |= written
        for list_name, given in (
            ("actions", actions),
            ("actions_on_trigger", actions_on_trigger),
            ("actions_on_resolve", actions_on_resolve),
        ):
            nested[list_name] = _listed(given, list_name, where, paths)
        arguments = {
            "name": name,
            "description": description,
            "enabled": enabled,
            "tags": tags,
            "account_id": account_id,
            "workspace_id": workspace_id,
            **nested,
        }
        # An automation that was exported has also what the server sets.
        rest = {key: value for key, value in meta.items() if key not in SERVER_SET}
        PrefectResource.__init__(self, scope, id_, arguments, rest, Wording(paths))

    @classmethod
    def from_document(
        cls,
        scope: Scope,
        id_: str,
        document: Mapping[str, Any] | SdkObject,
        **meta: Unpack[MetaArguments],
    ) -> Automation:
        """The automation of a document: a file for `prefect automation create`, an export, or an object of the SDK.

        What the server sets, such as ids and times, is left out; any other field is taken, or refused by its name.
        """
        found = as_document(document)
        if found is None:
            where = place(cls.__name__, scope, id_)
            raise refuse(where, (), expected="the mapping of an automation", got=show(document))
        given: dict[str, Any] = without_server_set(found)
        return cls(scope, id_, **{"trigger": None, **given, **meta})


def _listed(
    actions: Any, name: str, where: Callable[[], str], paths: dict[Path, Path]
) -> list[dict[str, Any]] | None:
    if actions is None:
        return None
    if is_unresolved(actions):
        unresolved: list[dict[str, Any]] = actions
        return unresolved
    listed: list[dict[str, Any]] = []
    for index, one in enumerate(actions if isinstance(actions, (list, tuple)) else [actions]):
        arguments, written = action_arguments(one, where, (name, index))
        listed.append(arguments)
        paths |= written
    return listed or None
