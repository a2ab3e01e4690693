"""What an automation does, one class for each type of action.

An action on an object takes the construct itself or the object's id: ``RunDeployment(nightly)``. With
``source="inferred"`` it takes none: then it acts on the object that the event is about. As with triggers, the
automation checks its actions when it is made. The classes are generated from the table of action fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from prefect_constructs.documents import DocumentError, json_text, plain
from prefect_constructs.durations import seconds
from prefect_constructs.errors import refuse
from prefect_constructs.sdk import as_document, plain_keys
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_constructs.argument_types import SdkObject
    from prefect_provider.text.path import Path

__all__ = ["Action", "TypedAction", "action_arguments"]


class TypedAction:
    """An action of a class of its own.

    ``aliases`` are the fields that are called otherwise here than by Prefect and Terraform, with both names; either
    is taken.
    """

    __slots__ = ()

    type: ClassVar[str]
    aliases: ClassVar[Mapping[str, str]] = {}


Action: TypeAlias = "TypedAction | SdkObject | Mapping[str, Any]"
"""Any action; a mapping is one as Prefect's API has it: ``{"type": "cancel-flow-run"}``."""


def action_arguments(
    action: Action, where: Callable[[], str], path: Path
) -> tuple[dict[str, Any], dict[Path, Path]]:
    """An action as an argument of ``PrefectAutomation``, and where its fields were written.

    :raises PrefectConstructError: it is none; the error names the construct ``where()``.
    """
    if isinstance(action, TypedAction):
        given, paths = _typed(action, where, path)
    else:
        document = as_document(action)
        if document is None:
            got = f"the class `{action.__name__}`" if isinstance(action, type) else show(action)
            remedy = f"Call it: `{action.__name__}()`." if isinstance(action, type) else ""
            raise refuse(
                where, path, expected="an action, such as `RunDeployment(...)`", got=got, remedy=remedy
            )
        given, paths = plain_keys(document), {}
    if "schedule_after" in given:
        given["schedule_after"] = seconds(given["schedule_after"])
    if isinstance(given.get("payload"), Mapping | list):
        given["payload"] = _payload(given["payload"], where, (*path, "payload"))
    return {name: value for name, value in given.items() if value is not None}, paths


def _typed(
    action: TypedAction, where: Callable[[], str], path: Path
) -> tuple[dict[str, Any], dict[Path, Path]]:
    given: dict[str, Any] = {"type": action.type}
    paths: dict[Path, Path] = {}
    written = {one.name: getattr(action, one.name) for one in fields(action)}  # type: ignore[arg-type]
    for alias, name in action.aliases.items():
        if written[name] is None:
            written[name] = written[alias]
            paths[*path, name] = (*path, alias)
        elif written[alias] is not None:
            what = f"give `{alias}` or `{name}`, not both: they are the same"
            raise refuse(where, (*path, alias), what)
        del written[alias]
    return {**given, **written}, paths


def _payload(document: Any, where: Callable[[], str], path: Path) -> str:
    try:
        return json_text(plain(document))
    except DocumentError as error:
        raise refuse(where, (*path, *error.path), expected=error.expected, got=error.got) from error
