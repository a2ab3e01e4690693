"""Workspaces of hundreds and thousands of objects: how many requests terraform takes for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.environment.reading_proxy import ReadingProxy
from tests.environment.request_kinds import by_kind
from tests.objects.crowd_states import state_of
from tests.objects.crowds import Crowd, mix
from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

pytestmark = pytest.mark.sqlite

REFRESHED = 12
"""Requests for the refresh of a thousand objects of seven kinds: two pages a kind, with most of them full."""

FEW = 20
"""Requests for the refresh of fifty, among very many others: a page that tells nothing, and then a filter for those of
a kind that wait together. Of ten at a time, of seven kinds, that is three or four. Where terraform has the machine for
itself, it is 12 to 15 requests in all (`make bench`); other tests beside it keep reads from finding each other."""

FIXED = 20
"""Requests of a command, above one for each object that it creates or destroys; at a thousand, two in a hundred."""


@pytest.fixture
def server(prefect_servers: Callable[..., PrefectServer]) -> PrefectServer:
    """A server of the test's own, without background services."""
    return prefect_servers(services=False)


@pytest.fixture
def proxy(server: PrefectServer) -> Iterator[ReadingProxy]:
    """What counts the requests."""
    with ReadingProxy(server.url) as proxy:
        yield proxy


@pytest.fixture
def applied(
    terraform: Callable[..., Workspace], server: PrefectServer, proxy: ReadingProxy
) -> Callable[[Crowd], Workspace]:
    """A function that puts a crowd on the server, and into the configuration and the state of a workspace."""

    def apply(crowd: Crowd) -> Workspace:
        workspace = terraform(crowd.configuration(), api_url=proxy.api_url)
        workspace.write_json(state_of(crowd, crowd.settle(server), server.api_url), "terraform.tfstate")
        return workspace

    return apply


def requests(proxy: ReadingProxy, work: Callable[[], object]) -> dict[str, int]:
    """The requests that some work takes, by kind."""
    before = len(proxy.seen)
    work()
    return by_kind(proxy.seen[before:])


def test_a_thousand_objects_are_refreshed_in_a_dozen_requests(
    applied: Callable[[Crowd], Workspace], proxy: ReadingProxy
) -> None:
    """A plan of a thousand objects that finds nothing to do; `make bench` tells how long it takes."""
    workspace = applied(Crowd(**mix(1000)))

    def planned(*, bulk: bool) -> dict[str, int]:
        workspace.write_json({"provider": {"prefect": {"bulk_reads": bulk}}}, "provider.tf.json")
        return requests(proxy, workspace.assert_no_changes)

    together, alone = planned(bulk=True), planned(bulk=False)

    assert sum(together.values()) <= REFRESHED, str(together)
    assert sum(alone.values()) > 1000


@pytest.mark.since("3.8.5")
def test_few_objects_among_many_are_found_without_a_scan(
    applied: Callable[[Crowd], Workspace], server: PrefectServer, proxy: ReadingProxy
) -> None:
    """Fifty objects of a workspace with ten thousand others: what others look after is hardly looked at."""
    Crowd(**mix(10_000)).settle(server)
    workspace = applied(Crowd(**mix(50)))
    # Others came after ours, too: the newest first is no short cut.
    Crowd(**mix(10_000)).settle(server)
    proxy.answered.clear()

    # How many reads find each other depends on how fast terraform sends them, and so on what else the machine does.
    first, second = (requests(proxy, workspace.assert_no_changes) for _ in range(2))

    assert min(sum(first.values()), sum(second.values())) <= FEW, f"{first}\n{second}"
    assert len(proxy.answered) <= 4000


def test_a_creation_is_one_request(
    terraform: Callable[..., Workspace], server: PrefectServer, proxy: ReadingProxy
) -> None:
    """An apply of four hundred new objects, ten at once: all are made, with one request each and few more."""
    crowd = Crowd(**mix(400))
    workspace = terraform(crowd.configuration(), api_url=proxy.api_url)

    made = requests(proxy, lambda: workspace.apply("-parallelism=10"))

    assert server.call("POST", "/deployments/count", {}) == crowd.sizes["deployment"]
    assert sum(made.values()) <= crowd.total + FIXED, str(made)
    workspace.assert_no_changes()


def test_a_destruction_is_one_request(
    applied: Callable[[Crowd], Workspace], server: PrefectServer, proxy: ReadingProxy
) -> None:
    """A destroy of four hundred objects: all are gone, with one request each and few more."""
    crowd = Crowd(**mix(400))
    workspace = applied(crowd)

    made = requests(proxy, lambda: workspace.destroy("-parallelism=10"))

    left = [
        server.call("POST", f"/{kind}/count", {})
        for kind in ("automations", "deployments", "flows", "variables", "work_pools")
    ]
    assert left == [0] * 5
    assert sum(made.values()) <= crowd.total + FIXED, str(made)


def test_sixty_blocks_read_their_type_once(terraform: Callable[..., Workspace], proxy: ReadingProxy) -> None:
    """A plan of sixty new blocks asks for their type and its schema once; so does the apply that creates them."""
    crowd = Crowd(block=60)
    workspace = terraform(crowd.configuration(), api_url=proxy.api_url)

    plan = requests(proxy, workspace.plan)
    apply = requests(proxy, lambda: workspace.apply(str(workspace.directory / "tfplan")))

    for made in (plan, apply):
        assert made.get("GET /block_types/slug/{name}", 0) <= 1, str(made)
        assert made.get("POST /block_schemas/filter", 0) <= 1, str(made)
    assert apply["POST /block_documents/"] == 60


@pytest.mark.parametrize("bulk", [True, False], ids=["coalescing", "one by one"])
def test_what_others_do_between_plan_and_apply_is_noticed(
    bulk: bool, terraform: Callable[..., Workspace], server: PrefectServer, proxy: ReadingProxy
) -> None:
    """Of twenty variables that a saved plan changes one was deleted since, and one changed: each is told by itself.

    The deleted one is an error of its own resource, the other nineteen get what was planned, and what somebody made of
    a variable that the plan left alone shows in the next plan.
    """
    stem = unique("between").replace("-", "_")

    def configuration(value: str) -> dict[str, Any]:
        variables = {f"n{number}": {"name": f"{stem}_{number}", "value": value} for number in range(20)}
        variables["alone"] = {"name": f"{stem}_alone", "value": "alone"}
        return {
            "provider": {"prefect": {"bulk_reads": bulk}},
            "resource": {"prefect_variable": variables},
        }

    workspace = terraform(configuration("first"), api_url=proxy.api_url)
    workspace.apply()
    workspace.write(configuration("second"))
    workspace.plan()
    server.call("DELETE", f"/variables/name/{stem}_3")
    server.call("PATCH", f"/variables/name/{stem}_4", {"value": "theirs"})
    server.call("PATCH", f"/variables/name/{stem}_alone", {"value": "theirs"})

    applied = workspace.apply(str(workspace.directory / "tfplan"), check=False)

    assert [error.address for error in applied.errors] == ["prefect_variable.n3"]
    values = [
        server.call("GET", f"/variables/name/{stem}_{number}")["value"] for number in range(20) if number != 3
    ]
    assert values == ["second"] * 19
    assert workspace.plan().actions() == {
        "prefect_variable.alone": ("update",),
        "prefect_variable.n3": ("create",),
    }
