"""Many objects on a real server, made by its API and not by the provider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from tests.environment.prefect_server import PrefectServer

__all__ = ["populate"]

_TRIGGER = {"type": "event", "expect": ["x"], "match": {}, "posture": "Reactive", "threshold": 1, "within": 0}


class _Population:
    """Objects whose names begin alike."""

    def __init__(self, server: PrefectServer) -> None:
        self._server = server
        self.stem = unique("population")

    def make(self, kind: str, number: int) -> dict[str, Any]:
        """One more object; it refers to others of the population, which are made when first needed."""
        name = f"{self.stem}-{number}"
        path, body = getattr(self, f"_{kind}")(name, number)
        made: dict[str, Any] = self._server.call("POST", path, body)
        return made

    def _work_pool(self, name: str, _: int) -> tuple[str, dict[str, Any]]:
        return "/work_pools/", {"name": name, "type": "process"}

    def _flow(self, name: str, _: int) -> tuple[str, dict[str, Any]]:
        return "/flows/", {"name": name}

    def _variable(self, name: str, number: int) -> tuple[str, dict[str, Any]]:
        return "/variables/", {"name": name.replace("-", "_"), "value": number}

    def _work_queue(self, name: str, _: int) -> tuple[str, dict[str, Any]]:
        if not hasattr(self, "_pool"):
            self._pool = self.make("work_pool", -1)
        return f"/work_pools/{self._pool['name']}/queues", {"name": name}

    def _deployment(self, name: str, number: int) -> tuple[str, dict[str, Any]]:
        if not hasattr(self, "_own_flow"):
            self._own_flow = self.make("flow", -1)
        return "/deployments/", {"name": name, "flow_id": self._own_flow["id"], "parameters": {"n": number}}

    def _block(self, name: str, number: int) -> tuple[str, dict[str, Any]]:
        if not hasattr(self, "_schema"):
            type_ = self._server.call("GET", "/block_types/slug/secret")["id"]
            wanted = {"block_schemas": {"block_type_id": {"any_": [type_]}}}
            self._schema = self._server.call("POST", "/block_schemas/filter", wanted)[0]
        ids = {"block_type_id": self._schema["block_type_id"], "block_schema_id": self._schema["id"]}
        return "/block_documents/", {"name": name, "data": {"value": f"secret-{number}"}, **ids}

    def _global_concurrency_limit(self, name: str, number: int) -> tuple[str, dict[str, Any]]:
        return "/v2/concurrency_limits/", {"name": name, "limit": number}

    def _automation(self, name: str, _: int) -> tuple[str, dict[str, Any]]:
        return "/automations/", {"name": name, "trigger": _TRIGGER, "actions": [{"type": "do-nothing"}]}


def populate(server: PrefectServer, **sizes: int) -> dict[str, list[dict[str, Any]]]:
    """So many new objects of each kind, by its resource type without ``prefect_``: what the server said of each."""
    population = _Population(server)
    return {kind: [population.make(kind, number) for number in range(size)] for kind, size in sizes.items()}
