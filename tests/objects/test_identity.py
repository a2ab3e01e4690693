"""How objects are found: import ids, keys and paths, declared once for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from prefect_provider.objects.catalogue import DATA_SOURCES, RESOURCES
from prefect_provider.objects.identity import Key, fill_path
from prefect_provider.objects.server.block import Block
from prefect_provider.objects.server.deployment.resource import Deployment
from prefect_provider.objects.server.deployment_schedule import DeploymentSchedule
from prefect_provider.objects.server.flow import Flow
from prefect_provider.objects.server.variable import Variable
from prefect_provider.objects.server.work_pool import WorkPool
from prefect_provider.objects.server.work_queue import WorkQueue
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.values import UNKNOWN

if TYPE_CHECKING:
    from prefect_provider.objects.remote import RemoteObject
    from tests.objects.terraform_core import World


def test_every_module_contributes_what_it_defines() -> None:
    """Resources and data sources are those that the modules of the objects define, each once."""
    for kinds in (RESOURCES, DATA_SOURCES):
        names = [kind.type_name for kind in kinds]
        assert names == sorted(set(names))
    assert {Flow, WorkQueue, Deployment} < set(RESOURCES)


@pytest.mark.parametrize("kind", RESOURCES, ids=lambda kind: kind.type_name)
def test_declarations_name_what_there_is(kind: type[RemoteObject]) -> None:
    """A key, an address and unchecked fields are made of attributes that the resource has."""
    key = kind.key
    assert {*(key.names if key else ()), *kind.unchecked} <= kind.attributes.keys()
    values = dict.fromkeys(kind.attributes, "x")
    for template in (kind.address, key.path if key else "", kind.by_id):
        if template:
            assert "{" not in fill_path(template, values)
    assert "id" in kind.needed
    # People are known by their ids alone, and so are their keys to whoever does not name the person.
    assert key is not None or kind.type_name in ("prefect_user", "prefect_user_api_key")
    assert kind.import_form().startswith(f"`{key.shown}` or `<" if key else "`<")


READ: list[tuple[Key, type[RemoteObject], str, dict[str, str] | None]] = [
    (Key("{name}"), Flow, "a name", {"name": "a name"}),
    (Key("{name}"), Flow, "a/b", None),
    (Key("name/{name}", "{name}"), Variable, "name/x", {"name": "x"}),
    (Key("name/{name}", "{name}"), Variable, "x", {"name": "x"}),
    (Key("name/{name}", "{name}"), Variable, "X", None),
    (Key("{type_slug}/{name}"), Block, "secret/a", {"type_slug": "secret", "name": "a"}),
    (Key("{type_slug}/{name}"), Block, "secret/", None),
    (Key("{type_slug}/{name}"), Block, "/a", None),
    (Key("{type_slug}/{name}"), Block, "secret", None),
    (Key("{work_pool_name},{name}"), WorkQueue, "p,q,r", {"work_pool_name": "p", "name": "q,r"}),
]


@pytest.mark.parametrize(("key", "kind", "text", "found"), READ)
def test_import_id_is_taken_apart(
    key: Key, kind: type[RemoteObject], text: str, found: dict[str, str] | None
) -> None:
    """An import id gives the attributes of its key, or nothing where it is of none of the forms."""
    assert key.read(text, kind) == found
    if found is not None:
        assert key.read(key.write(found), kind) == found


def test_key_that_is_not_known() -> None:
    """A key is known when each of its attributes is a text."""
    key = Key("{work_pool_name},{name:queue name}")
    assert key.shown == "<work pool name>,<queue name>"
    assert key.known({"work_pool_name": "p", "name": "q", "id": UNKNOWN}) == {
        "work_pool_name": "p",
        "name": "q",
    }
    for value in (UNKNOWN, None, ""):
        assert key.known({"work_pool_name": "p", "name": value}) is None


@pytest.mark.parametrize(("value", "text"), [("", 'got ""'), (None, "got null"), (UNKNOWN, "not known yet")])
def test_path_of_nothing_is_an_error_at_the_attribute(value: object, text: str) -> None:
    """An empty name never becomes the path of a collection; the error is not called a defect."""
    with pytest.raises(ProviderError, match=text) as caught:
        fill_path("/work_pools/{work_pool_name}/queues/{name}", {"work_pool_name": "p q", "name": value})
    assert caught.value.diagnostic.path == ("name",)
    assert fill_path("/a/{b}/c", {"b": "x y/z"}) == "/a/x%20y%2Fz/c"


WRONG: list[tuple[type[RemoteObject], tuple[str, ...], str]] = [
    (Flow, ("a/b", "a%b"), "`<name>` or `<id>`"),
    (Variable, ("A B", "name/", "name/X"), "`name/<name>` or `<id>`"),
    (WorkPool, ("a/b", "prefect-pool"), "`<name>` or `<id>`"),
    (WorkQueue, ("queue", ",q", "p,"), "`<work pool name>,<queue name>` or `<id>`"),
    (Block, ("name", "secret/", "/name", "secret/Na me"), "`<type slug>/<name>` or `<id>`"),
    (Deployment, ("name", "flow/", "/name"), "`<flow name>/<deployment name>` or `<id>`"),
    (
        DeploymentSchedule,
        ("nightly", "flow,nightly", "flow/name,", "/name,nightly", ",nightly"),
        "`<deployment id>,<slug>` or `<flow name>/<deployment name>,<slug>`",
    ),
]


@pytest.mark.parametrize(("kind", "ids", "form"), WRONG, ids=lambda value: getattr(value, "type_name", None))
def test_import_id_of_a_wrong_form(
    world: World, kind: type[RemoteObject], ids: tuple[str, ...], form: str
) -> None:
    """An import id that can be none of an object is refused with the right form, and without a question."""
    for id_ in ids:
        [error] = world.import_state(kind, id_).diagnostics
        assert error.summary == f"Wrong import id for {kind.type_name}"
        assert error.detail.startswith(f"Expected {form}")
        assert f'got "{id_}"' in error.detail
