# Without a server: what is planned, and what is refused.

mock_provider "prefect" {}

variables {
  name                  = "on-call"
  notification_block_id = "00000000-0000-0000-0000-000000000001"
}

run "defaults" {
  command = plan

  assert {
    condition     = sort(keys(prefect_automation.alert)) == tolist(["crashed", "failed"])
    error_message = "By default, failures and crashes are told of."
  }

  assert {
    condition     = jsondecode(prefect_automation.alert["failed"].trigger.event.match)["prefect.state-type"] == ["FAILED"]
    error_message = "A failure is told by the type of the state."
  }

  assert {
    condition     = prefect_automation.alert["failed"].actions[0].block_document_id == "00000000-0000-0000-0000-000000000001"
    error_message = "The message is not sent through the block that was given."
  }
}

run "all" {
  command = plan

  variables {
    alerts = {
      failed  = { threshold = 3, within = 600, count_by = "flow" }
      crashed = { within = 900 }
      late    = { threshold = 2, within = 60, count_by = "all", subject = "Late!" }
      zombie  = { mark_crashed = true }
      stuck   = { within = 1800, cancel = true }
    }
    scope = { tags = ["production", "staging"], all_tags = ["etl"] }
  }

  assert {
    condition     = prefect_automation.alert["failed"].trigger.event.for_each == toset(["related:flow:prefect.resource.id"])
    error_message = "Failures are not counted by flow."
  }

  assert {
    condition     = length(prefect_automation.alert["late"].trigger.event.for_each) == 0
    error_message = "Late runs are not counted together."
  }

  assert {
    condition     = prefect_automation.alert["late"].actions[0].subject == "Late!"
    error_message = "The subject is not the one that was given."
  }

  assert {
    condition     = length(jsondecode(prefect_automation.alert["stuck"].trigger.event.match_related)) == 2
    error_message = "The scope is not in the trigger."
  }

  assert {
    condition = (
      prefect_automation.alert["zombie"].actions[1].type == "change-flow-run-state" &&
      prefect_automation.alert["stuck"].actions[1].type == "cancel-flow-run"
    )
    error_message = "Zombies are not marked as crashed, or stuck runs not cancelled."
  }
}

run "block" {
  command = plan

  variables {
    notification_block_id   = null
    notification_block      = { name = "slack" }
    notification_block_data = "{\"url\": \"https://hooks.example.com/slack\"}"
  }

  assert {
    condition     = prefect_block.notification[0].type_slug == "slack-webhook"
    error_message = "The block is not one for Slack."
  }
}

run "forgotten_after_a_minute" {
  command = plan

  variables {
    alerts = { failed = { threshold = 3 } }
  }

  expect_failures = [var.alerts]
}

run "zombies_of_a_work_pool" {
  command = plan

  variables {
    alerts = { zombie = {} }
    scope  = { work_pool_ids = ["00000000-0000-0000-0000-000000000002"] }
  }

  expect_failures = [var.scope]
}

run "two_blocks" {
  command = plan

  variables {
    notification_block      = { name = "slack" }
    notification_block_data = "{}"
  }

  expect_failures = [var.notification_block]
}

run "block_without_data" {
  command = plan

  variables {
    notification_block_id = null
    notification_block    = { name = "slack" }
  }

  expect_failures = [var.notification_block_data]
}

run "no_block" {
  command = plan

  variables {
    notification_block_id = null
  }

  expect_failures = [var.notification_block]
}
