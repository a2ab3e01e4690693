# Without a server: what is planned, and what is refused.

mock_provider "prefect" {}

variables {
  name       = "nightly"
  flow       = { name = "etl" }
  entrypoint = "flows/etl.py:etl"
}

run "kinds_of_triggers" {
  variables {
    schedules = {
      nightly = { cron = "0 3 * * *" }
    }
    triggers = {
      ordered = {
        event      = { expect = ["order.complete"], match = { "prefect.resource.id" = ["order.*"] } }
        parameters = "{\"order\": \"{{ event.resource.id }}\"}"
      }
      both = {
        compound = { require = "2", within = 60, events = [{ expect = ["a"] }, { expect = ["b"] }, { expect = ["c"] }] }
      }
      in_order = {
        sequence = { within = 60, events = [{ expect = ["a"] }, { expect = ["b"] }] }
        name     = "in order"
        enabled  = false
      }
      lateness = {
        metric = { name = "lateness", operator = ">", threshold = 60 }
      }
    }
  }

  assert {
    condition     = alltrue([for one in prefect_automation.trigger : one.actions[0].deployment_id == prefect_deployment.this.id])
    error_message = "A trigger does not run the deployment."
  }

  assert {
    condition     = prefect_automation.trigger["ordered"].name == "nightly-ordered" && prefect_automation.trigger["in_order"].name == "in order"
    error_message = "The automations are not called as they should be."
  }

  assert {
    condition     = jsondecode(prefect_automation.trigger["ordered"].actions[0].parameters).order == "{{ event.resource.id }}"
    error_message = "The parameters of the run are not those of the trigger."
  }

  assert {
    condition     = prefect_automation.trigger["both"].trigger.compound.require == 2 && length(prefect_automation.trigger["both"].trigger.compound.triggers) == 3
    error_message = "The compound trigger is not as it was given."
  }

  assert {
    condition     = prefect_automation.trigger["lateness"].trigger.metric.metric.range == 300
    error_message = "The metric is not over five minutes by default."
  }

  assert {
    condition     = prefect_deployment.this.flow_id == prefect_flow.this[0].id && prefect_deployment.this.schedules["nightly"].cron == "0 3 * * *"
    error_message = "The deployment is not of the flow, or has not its schedule."
  }
}

run "existing_flow" {
  command = plan

  variables {
    flow    = null
    flow_id = "00000000-0000-0000-0000-000000000001"
  }

  assert {
    condition     = length(prefect_flow.this) == 0 && prefect_deployment.this.flow_id == "00000000-0000-0000-0000-000000000001"
    error_message = "The deployment is not of the flow that was given."
  }
}

run "two_kinds" {
  command = plan

  variables {
    triggers = {
      both = { event = { expect = ["a"] }, sequence = { events = [{ expect = ["a"] }] } }
    }
  }

  expect_failures = [var.triggers]
}

run "parameters_that_are_no_json" {
  command = plan

  variables {
    triggers = {
      ordered = { event = { expect = ["a"] }, parameters = "order" }
    }
  }

  expect_failures = [var.triggers]
}

run "absence_of_nothing" {
  command = plan

  variables {
    triggers = {
      missed = { event = { posture = "Proactive", after = ["backup.started"], expect = ["backup.finished"], within = 60 } }
    }
  }

  expect_failures = [var.triggers]
}

run "cron_and_interval" {
  command = plan

  variables {
    schedules = {
      nightly = { cron = "0 3 * * *", interval = 60 }
    }
  }

  expect_failures = [var.schedules]
}

run "two_flows" {
  command = plan

  variables {
    flow_id = "00000000-0000-0000-0000-000000000001"
  }

  expect_failures = [var.flow_id]
}

run "queue_without_pool" {
  command = plan

  variables {
    work_queue_name = "fast"
  }

  expect_failures = [var.work_queue_name]
}

run "grace_without_strategy" {
  command = plan

  variables {
    grace_period = 10
  }

  expect_failures = [var.grace_period]
}
