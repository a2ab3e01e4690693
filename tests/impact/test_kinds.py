"""Further kinds of changes, on a real server with a real terraform: schedules of their own, types of blocks, names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.impact.test_proof import Rows, effect, impact_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace


def test_schedules_that_are_resources_of_their_own(
    prefect_server: PrefectServer, terraform: Callable[..., Workspace]
) -> None:
    """Of a deployment of others: one schedule gets another time, then it goes; runs are lost as it is told."""
    rows = Rows(prefect_server)
    flow = prefect_server.call("POST", "/flows/", {"name": "kinds-own"})["id"]
    deployment = rows.deployment(flow, "of-others")
    schedule = """
    resource "prefect_deployment_schedule" "own" {
      deployment_id = "%s"
      slug          = "own"
      cron          = "CRON"
    }
    """
    schedule %= deployment
    workspace = terraform(schedule.replace("CRON", "0 * * * *"))
    new = impact_of(workspace.plan().json, prefect_server.api_url)
    [added] = new.schedules
    assert not new.effects
    assert (added.subject, added.now, added.planned) == ("kinds-own/of-others", None, "cron 0 * * * * UTC")
    workspace.apply()

    made = rows.schedule_runs(deployment)
    workspace.write(schedule.replace("CRON", "30 * * * *"))
    impact = impact_of(workspace.plan().json, prefect_server.api_url)
    workspace.apply("tfplan")
    again = effect(impact, "runs-made-again", "kinds-own/of-others")
    assert again.numbers == {"scheduled_runs": len(made)}
    [changed] = impact.schedules
    assert (changed.now, changed.planned) == ("cron 0 * * * * UTC", "cron 30 * * * * UTC")
    assert not {one["id"] for one in rows.scheduled(deployment)} & {one["id"] for one in made}

    made = rows.schedule_runs(deployment)
    impact = impact_of(workspace.plan("-destroy").json, prefect_server.api_url)
    workspace.destroy()
    stop = effect(impact, "runs-stop", "kinds-own/of-others")
    assert stop.numbers == {"scheduled_runs": len(made)}
    assert rows.of(deployment, "SCHEDULED") == 0


def test_a_type_of_blocks_takes_along_deployments(
    prefect_server: PrefectServer, terraform: Callable[..., Workspace]
) -> None:
    """Blocks of others of a type that goes, and the deployments whose storage they are."""
    rows = Rows(prefect_server)
    configuration = """
    resource "prefect_block_type" "own" {
      name = "Kinds Own"
      slug = "kinds-own"
    }
    resource "prefect_block_schema" "own" {
      block_type_id = prefect_block_type.own.id
      fields        = jsonencode({ title = "Kinds", type = "object", properties = {} })
    }
    """
    workspace = terraform(configuration)
    workspace.apply()
    state = workspace.state()
    body = {
        "name": "of-others",
        "data": {},
        "block_type_id": state["prefect_block_type.own"]["id"],
        "block_schema_id": state["prefect_block_schema.own"]["id"],
    }
    block = prefect_server.call("POST", "/block_documents/", body)["id"]
    flow = prefect_server.call("POST", "/flows/", {"name": "kinds-type"})["id"]
    deployment = rows.deployment(flow, "stored", storage_document_id=block)

    impact = impact_of(workspace.plan("-destroy").json, prefect_server.api_url)
    workspace.destroy()

    found = effect(impact, "block-type-deleted", "prefect_block_type.own")
    assert (found.level, found.numbers) == ("error", {"blocks": 1, "deployments": 1})
    assert "of-others: not in this plan" in dict(found.details)["blocks"]
    assert not prefect_server.exists(f"/block_documents/{block}")
    assert not prefect_server.exists(f"/deployments/{deployment}")


def test_what_is_still_named(prefect_server: PrefectServer, terraform: Callable[..., Workspace]) -> None:
    """A block and a variable that get other names, and are named by others in every way; and a shared limit."""
    rows = Rows(prefect_server)
    configuration = """
    resource "prefect_variable" "region" {
      name  = "PREFIX_region"
      value = "x"
    }
    resource "prefect_block" "token" {
      name      = "PREFIX-token"
      type_slug = "secret"
      data      = jsonencode({ value = "v3ry-s3cret" })
    }
    """
    limit = (
        'resource "prefect_global_concurrency_limit" "shared" {\n  name = "kinds-shared"\n  limit = 3\n}\n'
    )
    workspace = terraform(configuration.replace("PREFIX", "kinds") + limit)
    workspace.apply()
    state = workspace.state()
    flow = prefect_server.call("POST", "/flows/", {"name": "kinds-named"})["id"]
    rows.deployment(flow, "by-variable", parameters={"a": ["{{ prefect.variables.kinds_region }}"]})
    rows.deployment(flow, "by-block", job_variables={"env": {"T": "{{ prefect.blocks.secret.kinds-token }}"}})
    rows.deployment(flow, "by-no-template", parameters={"a": "prefect.variables.kinds_region"})
    rows.deployment(
        flow, "shared", global_concurrency_limit_id=state["prefect_global_concurrency_limit.shared"]["id"]
    )
    actions = [
        {"type": "run-deployment", "source": "inferred", "parameters": {"a": parameter}}
        for parameter in (
            {"__prefect_kind": "workspace_variable", "variable_name": "kinds_region"},
            "{{ variables['kinds_region'] }}",
        )
    ]
    trigger = {"type": "event", "posture": "Reactive", "expect": ["x"], "threshold": 1, "within": 0}
    body = {"name": "kinds-named", "trigger": trigger, "actions": actions[:1]}
    made = [prefect_server.call("POST", "/automations/", body)["id"]]
    body = {"name": "kinds-templated", "trigger": trigger, "actions": actions[1:]}
    made.append(prefect_server.call("POST", "/automations/", body)["id"])

    workspace.write(configuration.replace("PREFIX", "other"))
    impact = impact_of(workspace.plan().json, prefect_server.api_url)
    for one in made:
        prefect_server.call("DELETE", f"/automations/{one}")

    variable = effect(impact, "variable-still-used", "prefect_variable.region")
    assert variable.details == (("named in", "kinds-named, kinds-named/by-variable, kinds-templated"),)
    block = effect(impact, "block-still-used", "prefect_block.token")
    assert block.details == (("named in", "kinds-named/by-block"),)
    shared = effect(impact, "limit-deleted", "prefect_global_concurrency_limit.shared")
    assert shared.numbers == {"slots": 0, "deployments": 1}
