"""Applies under random faults: nothing is lost, nothing doubled, nothing given away, and the next apply converges.

Each life (create; update, replace or exchange; destroy) has a seed of its own, which chooses the objects, what becomes
of them, and which request meets which fault. ``FAULT_TRIALS`` sets how many applies there are, three to a life;
``FAULT_SEED`` the first seed, to repeat one. One life in fourteen is terraform's own, with its log at TRACE; the rest
are lived by a stand-in in this process, on the same proxy and the same server.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import random
from typing import TYPE_CHECKING, Final

import pytest

from tests.environment.fault_proxy import FaultProxy
from tests.faults.configurations import steps
from tests.faults.conftest import KEY
from tests.faults.small_terraform import Failed, SmallTerraform
from tests.faults.truth import assert_same, assert_secretive
from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

FIRST: Final = int(os.environ.get("FAULT_SEED", "0"))
LIVES: Final = -(-int(os.environ.get("FAULT_TRIALS", "40")) // 3)
_SEEDS: Final = range(FIRST, FIRST + LIVES)
_OF_TERRAFORM: Final = [seed for seed in _SEEDS if seed % 14 == 5]


def faulty_proxy(server: PrefectServer, seed: int) -> FaultProxy:
    """A proxy with this seed; of ten, one has its key revoked soon."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    revoked = chance.randrange(5, 40) if chance.random() < 0.1 else None
    return FaultProxy(
        server.url, seed=seed, rate=chance.choice((0.1, 0.2, 0.4)), most=2, revoked_after=revoked
    )


def in_state(terraform: SmallTerraform) -> dict[str, list[str]]:
    """The ids of all objects in state, by type."""
    found: dict[str, list[str]] = {}
    for address, held in terraform.state.items():
        found.setdefault(address.partition(".")[0], []).append(held.values["id"])
    return found


def live(server: PrefectServer, proxy: FaultProxy, terraform: SmallTerraform, seed: int, name: str) -> None:
    """Each step under faults and then once more in peace; nothing is left to do, and nothing is lost or doubled."""
    life = steps(seed, name)
    for step, wanted in zip(life.names, life.configurations, strict=True):
        proxy.calm = False
        with contextlib.suppress(Failed):
            terraform.apply(wanted)
        proxy.calm = True
        said = len(terraform.said)
        try:
            terraform.apply(wanted)
            changes = terraform.changes(wanted)
        except Failed as error:
            msg = f"{step} does not converge: {terraform.said[said:]}"
            raise AssertionError(msg) from error
        assert changes == [], f"{step}: the plan is not empty: {changes}"
        assert_same(server, name, in_state(terraform))


@pytest.mark.parametrize("seed", [seed for seed in _SEEDS if seed not in _OF_TERRAFORM])
def test_converges(seed: int, guarded_server: PrefectServer, caplog: pytest.LogCaptureFixture) -> None:
    """After each step of a life under faults, one more apply in peace leaves what was configured, once."""
    caplog.set_level(logging.DEBUG, logger="prefect_provider")
    with faulty_proxy(guarded_server, seed) as proxy:
        settings = {"endpoint": proxy.api_url, "basic_auth_key": KEY}
        terraform = SmallTerraform(settings)
        live(guarded_server, proxy, terraform, seed, unique("faults"))

    assert_secretive([*terraform.said, caplog.text])


@pytest.mark.parametrize("seed", _OF_TERRAFORM)
def test_converges_in_terraform(
    seed: int, terraform: Callable[..., Workspace], guarded_server: PrefectServer
) -> None:
    """The same with terraform itself; its output and its log at TRACE hold no secret."""
    name = unique("faults")
    life = steps(seed, name)
    with faulty_proxy(guarded_server, seed) as proxy:
        env = {"TF_LOG": "TRACE", "TF_LOG_PATH": "", "PREFECT_API_AUTH_STRING": KEY}
        workspace = terraform({}, api_url=proxy.api_url, env=env)
        for wanted in life.configurations:
            workspace.write(wanted)
            proxy.calm = False
            workspace.apply(check=False)
            proxy.calm = True
            workspace.apply()
            workspace.assert_no_changes()
            assert_same(guarded_server, name, _in_state_file(workspace))
    # `show -json` shows all, by design.
    told = [result for result in workspace.results if result.command[0] != "show"]
    assert_secretive(text for result in told for text in (result.stdout, result.stderr))


def _in_state_file(workspace: Workspace) -> dict[str, list[str]]:
    document = json.loads((workspace.directory / "terraform.tfstate").read_text(encoding="utf-8"))
    found: dict[str, list[str]] = {}
    for resource in document["resources"]:
        if resource["mode"] == "managed":
            ids = [instance["attributes"]["id"] for instance in resource["instances"]]
            found.setdefault(resource["type"], []).extend(ids)
    return found
