"""Answers that are not what was asked for: nothing of them becomes state, and no object is lost by them."""

from __future__ import annotations

import asyncio
import copy
import itertools
import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from prefect_provider.api import Answer, RetryPolicy
from prefect_provider.objects.answers import answer_problems
from prefect_provider.objects.catalogue import SERVER_RESOURCES
from prefect_provider.objects.server.variable import Variable
from prefect_provider.objects.server.work_pool import WorkPool
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.types import STRING
from prefect_provider.plugin.language.values import Dynamic
from prefect_provider.plugin.wire.codec import encode
from tests.api.fake_transport import FakeTransport, answer, client, script
from tests.objects.terraform_core import configuration, explain, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prefect_provider.api import Outgoing
    from prefect_provider.objects.remote import RemoteObject

ID = "0198f3a4-4444-4222-8333-944455556666"
OTHER = "0198f3a4-5555-4222-8333-944455556666"
SECRET = "hush-hush"
MOMENT = "2030-01-01T00:00:00Z"

OF_THEIR_OWN = [kind for kind in SERVER_RESOURCES if kind.collection or kind.by_id]
"""What is read with an answer of its own, and not as a part of another object."""

WHOLE: dict[str, Any] = {
    "id": ID,
    "created": MOMENT,
    "updated": MOMENT,
    "name": "n",
    "type": "process",
    "flow_id": OTHER,
    "work_pool_name": "p",
    "priority": 1,
    "block_type": {"slug": "secret"},
    "data": {"value": "x"},
    "value": "v",
    "trigger": {"type": "event", "posture": "Reactive"},
    "actions": [],
    "slug": "n",
    "tag": "n",
    "limit": 1,
    "active": True,
    "concurrency_limit": 1,
    "block_type_id": OTHER,
    "checksum": "sha256:0",
    "fields": {},
    "capabilities": [],
    "version": "1",
}
"""Fields of every kind of object at once."""


def _state(kind: type[RemoteObject]) -> dict[str, Any]:
    named = {"id": ID, "name": "n", "work_pool_name": "p", "type_slug": "secret", "data": "{}"}
    named |= {"flow_id": OTHER, "flow_name": "f"}
    return {name: named.get(name) for name in kind.attributes}


def _refreshed(kind: type[RemoteObject], data: Any) -> lifecycle.Outcome:
    api = client(FakeTransport(lambda _: answer(200, data)), policy=RetryPolicy(max_retries=0))
    return asyncio.run(lifecycle.refresh(kind, api, _state(kind), {}, explain))


WRONG: list[tuple[str, Callable[[dict[str, Any]], Any]]] = [
    ("an empty object", lambda _: {}),
    ("a list", lambda _: []),
    ("a text", lambda _: SECRET),
    ("a null id", lambda whole: whole | {"id": None}),
    ("an id that is none", lambda whole: whole | {"id": "not-an-id"}),
    ("a number as the id", lambda whole: whole | {"id": 5}),
    ("no name", lambda whole: {key: value for key, value in whole.items() if key != "name"}),
    ("a name of another kind", lambda whole: whole | {"name": [SECRET]}),
    ("a moment of another kind", lambda whole: whole | {"created": {"a": SECRET}}),
    ("an object within a message", lambda whole: {"data": whole}),
]


@pytest.mark.parametrize("kind", OF_THEIR_OWN, ids=lambda kind: kind.type_name)
def test_right_answer_is_taken(kind: type[RemoteObject]) -> None:
    """The fields of an object are enough for a state with its id."""
    outcome = _refreshed(kind, WHOLE)
    assert shown(outcome.diagnostics) == []
    assert outcome.state is not None
    assert outcome.state["id"] == ID


@pytest.mark.parametrize(("what", "change"), WRONG, ids=lambda value: value if isinstance(value, str) else "")
@pytest.mark.parametrize("kind", OF_THEIR_OWN, ids=lambda kind: kind.type_name)
def test_wrong_answer_changes_nothing(
    kind: type[RemoteObject], what: str, change: Callable[[dict[str, Any]], Any]
) -> None:
    """Such an answer is an error that says what is wrong with it, without its values; the state stays."""
    if "name" in what and "name" not in kind.attributes:
        pytest.skip("it has no name")
    outcome = _refreshed(kind, change(WHOLE))
    [error] = outcome.diagnostics
    assert error.summary == "Not an answer of a Prefect API", what
    assert "defect" not in error.detail
    assert SECRET not in error.detail
    assert outcome.state == _state(kind)


@pytest.mark.parametrize(
    "kind", [kind for kind in SERVER_RESOURCES if not kind.address], ids=lambda kind: kind.type_name
)
def test_another_object_is_not_taken_for_the_one(kind: type[RemoteObject]) -> None:
    """An answer with the id of another object does not put that id into state."""
    outcome = _refreshed(kind, WHOLE | {"id": OTHER})
    [error] = outcome.diagnostics
    assert error.summary == "Not an answer of a Prefect API"
    assert outcome.state == _state(kind)


def test_fields_of_the_wrong_kind_are_named() -> None:
    """Each field that is not of its kind is named, inside nested objects too."""
    data = {
        "id": ID,
        "name": 5,
        "is_paused": "no",
        "concurrency_limit": True,
        "default_queue_id": "x",
        "base_job_template": [],
        "storage_configuration": {"bundle_upload_step": "x"},
    }
    told = " ".join(answer_problems(WorkPool, data, needed=("id", "type", "a.b")))
    for name in (
        "`type` is missing",
        "`a.b` is missing",
        "`name`: expected text, got a number",
        "`is_paused`",
        "`concurrency_limit`",
        "`default_queue_id`",
        "`base_job_template`: expected an object, got a list",
        "`storage_configuration.bundle_upload_step`",
    ):
        assert name in told
    assert answer_problems(Variable, {"id": ID, "tags": ["a", 5]}) == [
        "`tags[1]`: expected text, got a number"
    ]


class Made:
    """A fake server that makes a variable, and answers with what it is told to."""

    def __init__(self, says: Any, *, lists: bool = True) -> None:
        self.id = str(uuid4())
        self.stored: dict[str, Any] | None = None
        self.says = says
        self.lists = lists
        self.deleted: list[str] = []

    def __call__(self, outgoing: Outgoing) -> Answer:
        """Answer a request."""
        if outgoing.method == "POST":
            moment = "2999-01-01T00:00:00Z"
            body = json.loads(outgoing.body or b"{}")
            self.stored = {"id": self.id, "created": moment, "updated": moment} | body
            return answer(201, self.says)
        if outgoing.method == "DELETE":
            self.deleted.append(outgoing.url)
            return answer(204)
        if self.stored is None or not self.lists:
            return answer(404, {"detail": "Variable not found"})
        return answer(200, self.stored)


def _create(made: Made) -> lifecycle.Outcome:
    given = configuration(Variable, {"name": "n", "value": Dynamic(STRING, "v")})

    async def live() -> lifecycle.Outcome:
        api = client(FakeTransport(made), policy=RetryPolicy(max_retries=0))
        planned = await lifecycle.plan(Variable, api, None, given, {}, explain)
        assert shown(planned.diagnostics) == []
        return await lifecycle.apply(Variable, api, None, planned.state, given, planned.private, explain)

    return asyncio.run(live())


@pytest.mark.parametrize(
    "says", [{}, [], None, "text", {"id": None}, {"id": "x"}, {"id": ID, "name": 5}], ids=repr
)
def test_object_is_not_lost_by_an_odd_answer_to_its_creation(says: Any) -> None:
    """What the server made although its answer is odd is looked up and kept in state."""
    made = Made(says)
    outcome = _create(made)
    assert shown(outcome.diagnostics) == []
    assert outcome.state is not None
    assert outcome.state["id"] == made.id


def test_creation_that_cannot_be_made_out_says_to_look() -> None:
    """If there is nothing to be found either, no null id gets into state, and the error says what to do."""
    for says, text in (({}, "looked for afterwards"), ({"id": ID, "name": [SECRET]}, "import it")):
        outcome = _create(Made(says, lists=False))
        [error] = outcome.diagnostics
        assert outcome.state is None
        assert text in error.detail
        assert SECRET not in error.detail


def test_object_with_a_null_id_is_not_deleted_as_none() -> None:
    """A state without an id leads to an error, never to the path of something called None."""
    made = Made({})
    api = client(FakeTransport(made), policy=RetryPolicy(max_retries=0))
    prior = _state(Variable) | {"id": None}
    outcome = asyncio.run(lifecycle.apply(Variable, api, prior, None, {}, {}, explain))
    [error] = outcome.diagnostics
    assert error.path == ("id",)
    assert made.deleted == []
    assert outcome.state == prior


_FULL: dict[str, Any] = WHOLE | {
    "actions": [{"type": "run-deployment", "source": "selected", "deployment_id": ID, "parameters": {}}],
    "base_job_template": {},
    "block_document_references": {"x": {"block_document": {"id": ID}}},
    "concurrency_options": {"collision_strategy": "ENQUEUE"},
    "global_concurrency_limit": {"id": ID, "limit": 1, "name": "x"},
    "labels": {"a": "b"},
    "parameters": {"a": 1},
    "pull_steps": [{"prefect.deployments.steps.git_clone": {"repository": "x"}}],
    "schedules": [
        {"id": ID, "slug": "x", "active": True, "schedule": {"cron": "0 * * * *"}, "parameters": {}}
    ],
    "storage_configuration": {"bundle_upload_step": None},
    "tags": ["a"],
    "trigger": {
        "type": "compound",
        "require": "all",
        "within": 5,
        "triggers": [{"type": "event", "posture": "Reactive", "expect": ["a"], "match": {}, "within": 1}],
    },
}

_DEEP = "a very deep object"
_ODD: tuple[Any, ...] = (None, True, 1.5, "x", [], [[None]], {"a": {}}, "\ud800", 10**400, _DEEP)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in parts:
        yield from _places(part, (*path, step))


def _with(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    changed = copy.copy(value)
    changed[path[0]] = _with(value[path[0]], path[1:], new)
    return changed


@pytest.mark.parametrize("kind", OF_THEIR_OWN, ids=lambda kind: kind.type_name)
def test_whatever_stands_anywhere_in_an_answer(kind: type[RemoteObject]) -> None:
    """Odd values at every place of an answer lead to a state of the declared types, or to an error that blames it."""
    for path, odd in itertools.product(_places(_FULL), _ODD):
        body = json.dumps(_with(_FULL, path, odd)).replace(f'"{_DEEP}"', '{"a":' * 3000 + "1" + "}" * 3000)
        sent = Answer(200, {"content-type": "application/json"}, body.encode())
        api = client(FakeTransport(script(*[sent] * 5)), policy=RetryPolicy(max_retries=0))
        outcome = asyncio.run(lifecycle.refresh(kind, api, _state(kind), {}, explain))
        assert "defect" not in "".join(shown(outcome.diagnostics)), (path, odd)
        assert outcome.state is not None
        assert outcome.state["id"] == ID
        encode(outcome.state, kind.object_type())
