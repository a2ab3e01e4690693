"""The report of drift on a state of thousands of objects."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from prefect_iac.drift.detection import find_drift
from prefect_iac.drift.state import read_state
from prefect_provider.api import Client, resolve
from tests.environment.reading_proxy import ReadingProxy
from tests.environment.request_kinds import by_kind
from tests.objects.crowd_states import state_of
from tests.objects.crowds import Crowd, mix

if TYPE_CHECKING:
    from collections.abc import Callable

    from prefect_iac.drift.report import DriftReport
    from prefect_iac.plan.stored_object import StoredObject
    from tests.environment.prefect_server import PrefectServer

pytestmark = pytest.mark.sqlite


def drift(objects: list[StoredObject], api_url: str) -> DriftReport:
    """Compare with the server."""

    async def found() -> DriftReport:
        async with Client(resolve({"endpoint": api_url}, {})) as client:
            return await find_drift(objects, client)

    return asyncio.run(found())


def test_five_thousand_objects_take_forty_requests(
    prefect_servers: Callable[..., PrefectServer],
) -> None:
    """Among ten thousand others, which are not read, it finds the one that was changed and the one that is gone."""
    server = prefect_servers(services=False)
    crowd = Crowd(**mix(5000))
    state = state_of(crowd, crowd.settle(server), server.api_url)
    Crowd(**mix(10_000)).settle(server)
    server.call("PATCH", f"/variables/name/{crowd.name('variable', 77)}", {"value": "other"})
    server.call("DELETE", f"/variables/name/{crowd.name('variable', 78)}")

    with ReadingProxy(server.url) as proxy:
        report = drift(read_state(json.dumps(state)), proxy.api_url)

    assert len(report.checked) == crowd.total == 5000
    assert [one.address for one in report.changed] == ["prefect_variable.n77"]
    assert [one.address for one in report.missing] == ["prefect_variable.n78"]
    assert len(report.unreadable) == len(report.undecided) == 0
    assert len(proxy.seen) <= 40, by_kind(proxy.seen)
    # One page of others for each kind, at most: then it is clear that pages do not pay.
    assert len(proxy.answered) <= 5000 + 7 * 200
