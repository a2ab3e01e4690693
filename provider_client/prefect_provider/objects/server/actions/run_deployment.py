"""``action "prefect_run_deployment"``."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from prefect_provider.objects.acting import run_link
from prefect_provider.objects.answers import object_of
from prefect_provider.objects.mapping import plain
from prefect_provider.objects.reporting import report
from prefect_provider.objects.server.deployment.acting import DeploymentAction
from prefect_provider.plugin.language.declaration import optional
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import Bool, Json, Number, SetOf, String, Timestamp, Uuid
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from prefect_provider.api import Scope
    from prefect_provider.plugin.language.values import Values

__all__ = ["RunDeployment"]

_TIMEOUT: Final = 3600
_FIRST_LOOK: Final = 0.5
_LONGEST_PAUSE: Final = 5.0
_ENDED: Final = frozenset({"COMPLETED", "FAILED", "CRASHED", "CANCELLED"})


class RunDeployment(DeploymentAction):
    """Runs a deployment, and waits until the run has ended.

    A run that does not end as completed is an error, which stops the apply. With `wait = false` the action is done once
    the run is scheduled. Whoever interrupts Terraform, or runs out of patience, leaves the run to itself.
    """

    type_name = "prefect_run_deployment"

    parameters = optional(
        Json("object"), "Parameters of the run, over the deployment's, as a JSON object. Use `jsonencode()`."
    )
    job_variables = optional(
        Json("object"),
        "Job variables of the run, over the deployment's, as a JSON object. Use `jsonencode()`.",
    )
    name = optional(String(), "Name of the run. Left out, Prefect makes one up.")
    tags = optional(SetOf(String()), "Tags of the run, besides the deployment's.")
    idempotency_key = optional(
        String(),
        "A run with this key that is there already is not made again, but waited for. Left out, each invocation makes "
        "one run.",
    )
    scheduled_time = optional(
        Timestamp(), "When the run is to start (RFC 3339). Left out, it is at once.", source=None
    )
    wait = optional(Bool(), "Whether to wait for the end of the run; true when left out.", source=None)
    timeout = optional(
        Number(minimum=0),
        f"Seconds to wait for the end of the run; {_TIMEOUT} when left out. A run that takes longer is an error, and "
        "goes on.",
        source=None,
    )

    async def plan(self, config: Values) -> None:
        """Parameters are ones that the deployment takes, if it is there already."""
        scope, object_id = self.known_scope(config), config["deployment_id"]
        if scope is None or not isinstance(object_id, str) or not isinstance(config["parameters"], str):
            return
        from prefect_provider.objects.server.run_targets import run_target
        from prefect_provider.rules.parameters import run_parameter_problems

        deployment = await run_target(self.client, scope, object_id)
        if deployment is None or not deployment.get("enforce_parameter_schema"):
            return
        found = run_parameter_problems(
            plain(Json.load(config["parameters"])),
            deployment.get("parameter_openapi_schema") or {},
            defaults=deployment.get("parameters") or {},
            path=("parameters",),
            secret=True,
        )
        report(found, self.diagnostics)

    async def invoke(self, config: Values) -> AsyncGenerator[str, None]:
        """POST, then look until it has ended."""
        scope = self.scope(config)
        deployment = await self.find(scope, config)
        path = f"/deployments/{deployment['id']}/create_flow_run"
        # With a key of its own, a run whose answer was lost is not made a second time.
        reply = await scope.post(path, _body(config), retry="safe")
        run = _run(f"POST {path}", reply.data)
        link = run_link(self.client, run["id"])
        there = " was there already" if reply.status == 200 else ""
        yield f"Flow run {show(run['name'])}{there}: {link}"
        if config["wait"] is False:
            return
        async for text in self._until_the_end(scope, run, link, float(config["timeout"] or _TIMEOUT)):
            yield text

    async def _until_the_end(
        self, scope: Scope, run: dict[str, Any], link: str, patience: float
    ) -> AsyncGenerator[str, None]:
        """The states of the run as they come; raises ProviderError unless it ends as completed."""
        deadline, pause, said = time.monotonic() + patience, _FIRST_LOOK, ""
        name = show(run["name"])
        while True:
            state = run.get("state") or {}
            if (shown := _shown(state)) != said:
                said = shown
                yield f"Flow run {name} is {shown}"
            if state.get("type") in _ENDED:
                break
            left = deadline - time.monotonic()
            if left <= 0:
                what = f"the flow run {name} has not ended after {patience:g} seconds: it is {shown}"
                remedy = f"It goes on: {link}. Raise `timeout`, or set `wait = false`"
                msg = "Flow run has not ended"
                raise ProviderError(msg, say(what, remedy=remedy), ("timeout",))
            if not await self.client.rest(min(pause, left)):
                what = f"nobody waits for the flow run {name} any more; it is {shown}"
                msg = "Interrupted"
                raise ProviderError(msg, say(what, remedy=f"It goes on: {link}"))
            pause = min(pause * 1.5, _LONGEST_PAUSE)
            what = f"/flow_runs/{run['id']}"
            run = _run(f"GET {what}", (await scope.get(what)).data)
        if state["type"] != "COMPLETED":
            reason = state.get("message") or "it gave no reason"
            what = f"the flow run {name} ended as {shown}: {reason}"
            msg = "Flow run did not complete"
            raise ProviderError(msg, say(what, remedy=f"See {link}"))


def _body(config: Values) -> dict[str, Any]:
    """The request; what is left out is the deployment's."""
    body: dict[str, Any] = {
        "state": {"type": "SCHEDULED"},
        "idempotency_key": config["idempotency_key"] or f"terraform-{uuid4()}",
    }
    if config["scheduled_time"] is not None:
        body["state"]["state_details"] = {"scheduled_time": config["scheduled_time"]}
    for name in ("parameters", "job_variables"):
        if config[name] is not None:
            body[name] = plain(Json.load(config[name]))
    for name in ("name", "tags"):
        if config[name] is not None:
            body[name] = config[name]
    return body


def _run(what: str, data: Any) -> dict[str, Any]:
    return object_of(what, "flow run", data, id=Uuid(), name=String())


def _shown(state: dict[str, Any]) -> str:
    return str(state.get("name") or state.get("type") or "without a state")
