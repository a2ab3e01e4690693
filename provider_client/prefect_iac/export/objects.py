"""The objects of a workspace that are exported: which, under what names, and what is written for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_iac.configuration.labels import unique_labels
from prefect_iac.export.selection import Selection, key_of
from prefect_iac.plan.decoding import declaration_of
from prefect_iac.workspace.content import name_of
from prefect_iac.workspace.origins import FIRST_QUEUE, is_servers, prefects_types
from prefect_provider.api import UnexpectedAnswer
from prefect_provider.plugin.engine.generation import generate
from prefect_provider.plugin.engine.validation import validate
from prefect_provider.plugin.language.diagnostics import Diagnostics

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from prefect_iac.workspace.content import Json, Workspace
    from prefect_provider.api import Client
    from prefect_provider.objects.remote import RemoteObject
    from prefect_provider.plugin.language.values import Values

__all__ = ["ORDER", "Chosen", "Gathering", "LeftOut", "gather"]

ORDER: Final = (
    "prefect_block_type",
    "prefect_block_schema",
    "prefect_block",
    "prefect_global_concurrency_limit",
    "prefect_task_run_concurrency_limit",
    "prefect_work_pool",
    "prefect_work_queue",
    "prefect_flow",
    "prefect_deployment",
    "prefect_variable",
    "prefect_automation",
    "prefect_webhook",
    "prefect_workspace_role",
    "prefect_workspace",
    "prefect_account_member",
    "prefect_service_account",
    "prefect_team",
)
"""The types, each after those that it refers to."""

_FIRST_QUEUES: Final = (None, "", "The work pool's default queue.")
"""The descriptions of first queues that nobody has described."""


class Chosen(NamedTuple):
    """An object that is exported."""

    type: str
    id: str
    label: str
    key: str
    """What people know it by."""
    document: Json
    values: Values


class LeftOut(NamedTuple):
    """An object that cannot be exported, and why."""

    type: str
    key: str
    why: str


class Gathering(NamedTuple):
    """What of a workspace is exported, and what is not."""

    workspace: Workspace
    objects: tuple[Chosen, ...]
    """In the order of :data:`ORDER`, and then by label."""
    names: Mapping[str, tuple[str, str]]
    """Of every object of the workspace by its id: type, and what people know it by."""
    left_out: tuple[LeftOut, ...]
    of_the_server: int
    """How many objects the server has made itself."""
    managed: int
    """How many are in a state already."""


async def gather(
    client: Client, workspace: Workspace, selection: Selection, managed: Collection[str] = ()
) -> Gathering:
    """Choose the objects of a workspace, which is read with its values; ``managed`` are ids that are left out."""
    types = prefects_types(workspace.of("prefect_block_type").values())
    chosen: list[Chosen] = []
    left_out: list[LeftOut] = []
    names: dict[str, tuple[str, str]] = {}
    of_the_server = in_states = 0
    for type_ in ORDER:
        kind = declaration_of(type_)
        if kind is None:
            continue
        keys = {id_: key_of(workspace, type_, one) for id_, one in workspace.of(type_).items()}
        names |= {id_: (type_, key) for id_, key in keys.items()}
        everyones = [one for one in workspace.of(type_).values() if not _is_servers(type_, one, types)]
        of_the_server += len(keys) - len(everyones)
        labels = _labels(type_, everyones, keys)
        for document in sorted(everyones, key=lambda one: labels[one["id"]]):
            id_ = document["id"]
            if not selection.takes(workspace, type_, document):
                continue
            if id_.lower() in managed:
                in_states += 1
                continue
            values, why = await _values(client, kind, workspace, document)
            if why:
                left_out.append(LeftOut(type_, keys[id_], why))
            else:
                chosen.append(Chosen(type_, id_, labels[id_], keys[id_], document, values))
    return Gathering(workspace, tuple(chosen), names, tuple(left_out), of_the_server, in_states)


def _is_servers(type_: str, document: Json, types: Collection[str]) -> bool:
    """Whether the server itself made it, and nobody has set it since: the first queue of a pool can be."""
    if not is_servers(type_, document, types):
        return False
    is_set = (
        document.get("is_paused")
        or document.get("concurrency_limit") is not None
        or document.get("description") not in _FIRST_QUEUES
    )
    return not (type_ == "prefect_work_queue" and document.get("name") == FIRST_QUEUE and is_set)


def _labels(type_: str, documents: Iterable[Json], keys: Mapping[str, str]) -> dict[str, str]:
    """A label for each; those that were made first choose first."""
    oldest = sorted(documents, key=lambda one: (str(one.get("created")), one["id"]))
    return unique_labels(((one["id"], _called(keys[one["id"]])) for one in oldest), type_[len("prefect_") :])


def _called(key: str) -> str:
    """The key, whose two parts may be one name: ``etl/etl``."""
    first, _, second = key.partition("/")
    return first if first == second else key


async def _values(
    client: Client, kind: type[RemoteObject], workspace: Workspace, document: Json
) -> tuple[Values, str]:
    """The attributes of an object as an import would have them; or why they would be refused."""
    resource = kind(client, Diagnostics())
    held: dict[str, Any] = {"id": document["id"]}
    if kind.type_name == "prefect_deployment":
        flow = workspace.flow_of(document)
        held |= {"flow_id": document.get("flow_id"), "flow_name": name_of(flow) if flow else None}
    try:
        values = resource.understand(f"POST {resource.listed_at()}/filter", document, held)
    except UnexpectedAnswer as error:
        return {}, str(error)
    settings = client.settings
    # Where the provider is goes without saying.
    own = [name for name in kind.located_by if values.get(name) == getattr(settings, name)]
    values = {**values, **dict.fromkeys(own)}
    config = generate(kind, values)
    problems = Diagnostics()
    missing = [name for name, one in kind.attributes.items() if one.required and config.get(name) is None]
    validate(kind, config, problems)
    await kind(None, problems).validate(config)
    # What cannot be shown of it would be lost with the next change.
    lost = [one for one in resource.diagnostics if one.severity == "warning"]
    why = [f"it has no {name}" for name in missing] + list(_said(problems, "error")) + list(_said(lost, ""))
    return values, "; ".join(why)


def _said(problems: Iterable[Any], severity: str) -> Iterator[str]:
    return (
        f"{one.summary}: {one.detail}" if one.summary else one.detail
        for one in problems
        if severity in ("", one.severity)
    )
