"""All that a workspace holds at one time, as the API's JSON, and what belongs to what."""

from __future__ import annotations

from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from prefect_provider.rules.actions import ACTION_LISTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["TARGETS", "Json", "Target", "Workspace", "name_of"]

Json: TypeAlias = "Mapping[str, Any]"
"""An object as the API has it; ``id`` is a UUID, or the placeholder of one that is made by a plan."""

TARGETS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "run-deployment": ("prefect_deployment", "deployment_id"),
        "pause-deployment": ("prefect_deployment", "deployment_id"),
        "resume-deployment": ("prefect_deployment", "deployment_id"),
        "pause-work-queue": ("prefect_work_queue", "work_queue_id"),
        "resume-work-queue": ("prefect_work_queue", "work_queue_id"),
        "pause-work-pool": ("prefect_work_pool", "work_pool_id"),
        "resume-work-pool": ("prefect_work_pool", "work_pool_id"),
        "pause-automation": ("prefect_automation", "automation_id"),
        "resume-automation": ("prefect_automation", "automation_id"),
        "send-notification": ("prefect_block", "block_document_id"),
        "call-webhook": ("prefect_block", "block_document_id"),
    }
)
"""For each type of action that is done to an object: the object's type, and the field with its id."""


class Target(NamedTuple):
    """What one action of an automation is done to."""

    place: str
    """The list that the action is in: ``actions``."""
    position: int
    """Where it is in the list, from 0."""
    action: Json
    type: str
    """The type of the object; empty for an action that is done to none, or to a run."""
    id: str
    """The object's id; empty where the event decides (``source`` is ``inferred``), and where there is no object."""

    @property
    def inferred(self) -> bool:
        """Whether the object is the one that the event is about."""
        return bool(self.type) and self.action.get("source") == "inferred"


def name_of(document: Json) -> str:
    """What people call an object: its name, the tag of a limit, the slug of a schedule; else its id."""
    for field in ("name", "tag", "slug"):
        if isinstance(document.get(field), str) and document[field]:
            return str(document[field])
    return str(document.get("id", ""))


class Workspace:
    """The objects of one workspace at one time, by their Terraform type and id."""

    def __init__(
        self, objects: Mapping[str, Mapping[str, Json]], unread: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """``objects``: by type, such as ``prefect_flow``, and by id; ``unread``: why there are none of a type."""
        self._objects: Final = {type_: dict(held) for type_, held in objects.items()}
        self.unread: Final = unread
        """Types whose objects the server does not let us see, and why: of these nothing is missing."""

    def of(self, type_: str) -> Mapping[str, Json]:
        """The objects of a type by id; none of a type that there is none of."""
        return self._objects.get(type_, {})

    def get(self, type_: str, id_: object) -> Json | None:
        """The object of an id."""
        return self.of(type_).get(id_) if isinstance(id_, str) else None

    def types(self) -> Iterator[str]:
        """The types of which there are objects."""
        return (type_ for type_, held in self._objects.items() if held)

    @property
    def automations(self) -> Mapping[str, Json]:
        """The automations by id."""
        return self.of("prefect_automation")

    @property
    def deployments(self) -> Mapping[str, Json]:
        """The deployments by id, each with its ``schedules``."""
        return self.of("prefect_deployment")

    def deployment(self, wanted: str) -> Json | None:
        """A deployment by its id, by ``flow/name``, or by its name if only one has it."""
        if wanted in self.deployments:
            return self.deployments[wanted]
        found = self._deployments_by_name.get(wanted, [])
        return found[0] if len(found) == 1 else None

    def full_name(self, deployment: Json) -> str:
        """The name of a deployment with its flow's: ``etl/nightly``."""
        flow = self.flow_of(deployment)
        return f"{name_of(flow) if flow else '?'}/{name_of(deployment)}"

    def flow_of(self, deployment: Json) -> Json | None:
        """The flow of a deployment, by its id, or by its name while a plan does not tell more."""
        flows = self.of("prefect_flow")
        found = flows.get(str(deployment.get("flow_id")))
        if found is None and deployment.get("flow_name"):
            wanted = deployment["flow_name"]
            found = next((flow for flow in flows.values() if flow.get("name") == wanted), {"name": wanted})
        return found

    def pool_of(self, deployment: Json) -> Json | None:
        """The work pool of a deployment; the answer for a deployment names it, and has no id of it."""
        return self._pools_by_name.get(str(deployment.get("work_pool_name")))

    def queue_of(self, deployment: Json) -> Json | None:
        """The work queue of a deployment: the one of its id, or of its name in its pool, or its pool's default."""
        pool, name = deployment.get("work_pool_name"), deployment.get("work_queue_name")
        if not pool:
            return None
        if name:
            return self._queues_by_name.get((str(pool), str(name)))
        held = self.pool_of(deployment)
        return self.get("prefect_work_queue", held.get("default_queue_id")) if held else None

    def targets_of(self, automation: Json) -> Iterator[Target]:
        """What the actions of an automation are done to."""
        for place in ACTION_LISTS:
            listed = automation.get(place)
            for index, action in enumerate(listed if isinstance(listed, list) else ()):
                if not isinstance(action, dict):
                    continue
                type_, field = TARGETS.get(str(action.get("type")), ("", ""))
                inferred = action.get("source") == "inferred"
                id_ = "" if inferred or not field else str(action.get(field) or "")
                yield Target(place, index, action, type_, id_)

    def automations_on(self, type_: str, id_: str) -> Iterator[tuple[Json, Target]]:
        """The automations whose actions name an object, and those that may infer one of its type, with the action."""
        for automation in self.automations.values():
            for target in self.targets_of(automation):
                if target.type == type_ and (target.id == id_ or target.inferred):
                    yield automation, target

    @cached_property
    def _deployments_by_name(self) -> dict[str, list[Json]]:
        found: dict[str, list[Json]] = {}
        for deployment in self.deployments.values():
            for name in (name_of(deployment), self.full_name(deployment)):
                found.setdefault(name, []).append(deployment)
        return found

    @cached_property
    def _pools_by_name(self) -> dict[str, Json]:
        return {name_of(pool): pool for pool in self.of("prefect_work_pool").values()}

    @cached_property
    def _queues_by_name(self) -> dict[tuple[str, str], Json]:
        return {
            (self._pool_name(queue), name_of(queue)): queue
            for queue in self.of("prefect_work_queue").values()
        }

    def _pool_name(self, queue: Json) -> str:
        if queue.get("work_pool_name"):
            return str(queue["work_pool_name"])
        pool = self.get("prefect_work_pool", queue.get("work_pool_id"))
        return name_of(pool) if pool else ""
