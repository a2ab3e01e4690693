"""Very many objects: the configuration for them, and the objects, written straight into a server's database.

A thousand objects take a server a quarter of a minute to make by its API, ten thousand copies a second. The first of
each kind is made by the API, and the others are copies of it, with names, ids and references of their own.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tests.environment.prefect_server import PrefectServer

__all__ = ["MIX", "Crowd", "mix"]

MIX: Final = {
    "work_pool": 50,
    "work_queue": 50,
    "flow": 100,
    "deployment": 350,
    "variable": 250,
    "block": 100,
    "automation": 100,
}
"""A workspace of a thousand objects, by resource type without ``prefect_``; what one refers to comes before it."""

_SECRET: Final = {"value": "secret"}
_TRIGGER: Final = {"type": "event", "posture": "Reactive", "expect": ["x"], "threshold": 1, "within": 0}
_REFERRED: Final[Mapping[str, tuple[str, ...]]] = {
    "work_queue": ("work_pool",),
    "deployment": ("flow", "work_pool"),
    "automation": ("deployment", "flow", "work_pool"),
}


def mix(total: int) -> dict[str, int]:
    """So many objects, 20 at least, in the proportions of :data:`MIX`; what is left over are variables."""
    sizes = {kind: size * total // 1000 for kind, size in MIX.items()}
    sizes["variable"] += total - sum(sizes.values())
    return sizes


class Crowd:
    """So many objects of each kind, whose names begin alike.

    The sizes have the order of :data:`MIX`, and a kind that others refer to.
    """

    def __init__(self, **sizes: int) -> None:
        self.sizes = sizes
        self.stem = unique("crowd")

    @property
    def total(self) -> int:
        """How many objects these are."""
        return sum(self.sizes.values())

    def name(self, kind: str, number: int) -> str:
        """What an object is called."""
        name = f"{self.stem}-{number}"
        return name.replace("-", "_") if kind == "variable" else name

    def referred(self, kind: str, number: int) -> int:
        """The number of the object of ``kind`` to which others of this number refer."""
        return number % self.sizes[kind]

    # ------------------------------------------------------------------ as a configuration

    def configuration(self) -> dict[str, Any]:
        """In Terraform's JSON; each object is a resource of its own, named ``n<number>``."""
        attributes: dict[str, Callable[[int], dict[str, Any]]] = {
            "work_pool": lambda _: {"type": "process"},
            "work_queue": lambda number: {"work_pool_name": self._reference("work_pool", number, "name")},
            "flow": lambda _: {},
            "deployment": self._deployment,
            "variable": lambda number: {"value": number},
            "block": lambda _: {"type_slug": "secret", "data": json.dumps(_SECRET)},
            "automation": self._automation,
        }
        return {
            "resource": {
                f"prefect_{kind}": {
                    f"n{number}": {"name": self.name(kind, number)} | attributes[kind](number)
                    for number in range(size)
                }
                for kind, size in self.sizes.items()
            }
        }

    def references(self, kind: str, number: int) -> list[str]:
        """The resources on which an object depends, in the form of a state."""
        return [f"prefect_{of}.n{self.referred(of, number)}" for of in _REFERRED.get(kind, ())]

    def _reference(self, kind: str, number: int, attribute: str) -> str:
        return f"${{prefect_{kind}.n{self.referred(kind, number)}.{attribute}}}"

    def _deployment(self, number: int) -> dict[str, Any]:
        return {
            "flow_id": self._reference("flow", number, "id"),
            "work_pool_name": self._reference("work_pool", number, "name"),
            "parameters": json.dumps({"n": number}),
        }

    def _automation(self, number: int) -> dict[str, Any]:
        deployment_id = self._reference("deployment", number, "id")
        return {
            "trigger": {"event": {"posture": "Reactive", "expect": ["x"]}},
            "actions": [{"type": "run-deployment", "deployment_id": deployment_id}],
        }

    # ------------------------------------------------------------------ as objects of a server

    def settle(self, server: PrefectServer) -> dict[str, list[dict[str, Any]]]:
        """Put the objects on a server; of each, what its state needs to be found: its id, its name, what it is in."""
        made: dict[str, list[dict[str, Any]]] = {}
        for kind, size in self.sizes.items():
            if size:
                made[kind] = [self._made_by_api(server, kind, made)]
        with closing(sqlite3.connect(server.database, timeout=60)) as database, database:
            for kind, objects in made.items():
                _Copies(database, self, kind, made).add(objects)
        return made

    def _made_by_api(
        self, server: PrefectServer, kind: str, made: Mapping[str, list[dict[str, Any]]]
    ) -> dict[str, Any]:
        first = {of: objects[0] for of, objects in made.items()}
        body: dict[str, Any] = {"name": self.name(kind, 0)}
        match kind:
            case "work_pool":
                path = "/work_pools/"
                body |= {"type": "process"}
            case "work_queue":
                path = f"/work_pools/{first['work_pool']['name']}/queues"
            case "flow":
                path = "/flows/"
            case "deployment":
                path = "/deployments/"
                body |= {"flow_id": first["flow"]["id"], "work_pool_name": first["work_pool"]["name"]}
                body |= {"parameters": {"n": 0}, "enforce_parameter_schema": True}
            case "variable":
                path = "/variables/"
                body |= {"value": 0}
            case "block":
                type_ = server.call("GET", "/block_types/slug/secret")["id"]
                wanted = {"block_schemas": {"block_type_id": {"any_": [type_]}}}
                schema = server.call("POST", "/block_schemas/filter", wanted)[0]
                path = "/block_documents/"
                body |= {"data": _SECRET, "block_type_id": type_, "block_schema_id": schema["id"]}
            case _:
                path = "/automations/"
                action = {"type": "run-deployment", "source": "selected"}
                action["deployment_id"] = first["deployment"]["id"]
                body |= {"trigger": _TRIGGER, "actions": [action]}
        answer: dict[str, Any] = server.call("POST", path, body)
        return answer


class _Copies:
    """Copies of the first object of a kind, row by row."""

    def __init__(
        self,
        database: sqlite3.Connection,
        crowd: Crowd,
        kind: str,
        made: Mapping[str, list[dict[str, Any]]],
    ) -> None:
        self._database = database
        self._crowd = crowd
        self._kind = kind
        self._made = made

    def add(self, objects: list[dict[str, Any]]) -> None:
        """Write what is missing after the first."""
        first = objects[0]
        rows: list[tuple[dict[str, str], dict[str, Any]]] = []
        queues: list[tuple[dict[str, str], dict[str, Any]]] = []
        for number in range(1, self._crowd.sizes[self._kind]):
            new = first | {"id": str(uuid4()), "name": self._crowd.name(self._kind, number)}
            instead = {first["id"]: new["id"], first["name"]: new["name"]}
            fields: dict[str, Any] = {}
            if self._kind == "work_pool":
                new["default_queue_id"] = str(uuid4())
                instead[first["default_queue_id"]] = new["default_queue_id"]
                queues.append((instead, {}))
            elif self._kind == "work_queue":
                new["work_pool_name"] = self._other("work_pool", number, "name", instead)
                self._other("work_pool", number, "id", instead)
                fields["priority"] = 2 + number // self._crowd.sizes["work_pool"]
            elif self._kind == "deployment":
                new["flow_id"] = self._other("flow", number, "id", instead)
                self._other("work_pool", number, "default_queue_id", instead)
                fields = {"parameters": json.dumps({"n": number}), "version_id": None}
            elif self._kind == "variable":
                fields["value"] = json.dumps(number)
            elif self._kind == "automation":
                self._other("deployment", number, "id", instead)
            rows.append((instead, fields))
            objects.append(new)
        self._write("block_document" if self._kind == "block" else self._kind, first["id"], rows)
        self._write("work_queue", first.get("default_queue_id"), queues)

    def _other(self, kind: str, number: int, field: str, instead: dict[str, str]) -> str:
        """The object to which this one refers, instead of the one to which the first does."""
        referred: str = self._made[kind][self._crowd.referred(kind, number)][field]
        instead[self._made[kind][0][field]] = referred
        return referred

    def _write(self, table: str, id_: str | None, rows: list[tuple[dict[str, str], dict[str, Any]]]) -> None:
        if not rows:
            return
        found = self._database.execute(f"SELECT * FROM {table} WHERE id = ?", (id_,))  # noqa: S608 - ours
        columns = [column[0] for column in found.description]
        (original,) = found.fetchall()
        places = ", ".join("?" * len(columns))
        self._database.executemany(
            f"INSERT INTO {table} ({', '.join(map(json.dumps, columns))}) VALUES ({places})",  # noqa: S608 - ours
            (_row(columns, original, number, *row) for number, row in enumerate(rows, start=1)),
        )


def _row(
    columns: Sequence[str],
    original: Sequence[Any],
    number: int,
    instead: Mapping[str, str],
    fields: Mapping[str, Any],
) -> list[Any]:
    """The original with other ids and names in it, and with fields of its own; made a little later."""
    row = []
    for column, value in zip(columns, original, strict=True):
        if column in ("created", "updated"):
            made = datetime.fromisoformat(value) + timedelta(milliseconds=number)
            row.append(made.strftime("%Y-%m-%d %H:%M:%S.%f"))
        elif column in fields:
            row.append(fields[column])
        else:
            row.append(_put(value, instead))
    return row


def _put(value: Any, instead: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for old, new in instead.items():
            value = value.replace(old, new)
    return value
