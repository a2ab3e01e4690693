# On the Prefect server of PREFECT_API_URL: what is made there, and taken away again.

run "made" {
  variables {
    name       = "module-test"
    flow       = { name = "module-test-etl", tags = ["module-test"] }
    entrypoint = "flows/etl.py:etl"
    schedules = {
      nightly = { cron = "0 3 * * *", active = false }
    }
    triggers = {
      ordered = {
        event      = { expect = ["module-test.ordered"], match = { "prefect.resource.id" = ["order.*", "bill.*"] } }
        parameters = "{\"order\": \"{{ event.resource.id }}\"}"
      }
      in_order = {
        sequence = { within = 60, events = [{ expect = ["module-test.a"] }, { expect = ["module-test.b"] }] }
      }
    }
  }

  assert {
    condition     = prefect_automation.trigger["ordered"].actions[0].deployment_id == output.id
    error_message = "The trigger does not run the deployment."
  }

  assert {
    condition     = output.flow_id == prefect_flow.this[0].id && output.runs["prefect.resource.id"] == ["prefect.deployment.${output.id}"]
    error_message = "The outputs do not name what was made."
  }
}
