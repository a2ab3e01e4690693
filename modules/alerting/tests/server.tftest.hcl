# On the Prefect server of PREFECT_API_URL: what is made there, and taken away again.

run "made" {
  variables {
    name = "module-test-alerts"
    alerts = {
      failed  = { threshold = 3, within = 600 }
      crashed = {}
      late    = {}
      zombie  = { mark_crashed = true }
      stuck   = { cancel = true }
    }
    scope                   = { tags = ["module-test"] }
    notification_block      = { name = "module-test-alerts", type_slug = "slack-webhook" }
    notification_block_data = "{\"url\": \"https://hooks.example.com/slack\"}"
  }

  assert {
    condition     = sort(keys(output.automation_ids)) == tolist(["crashed", "failed", "late", "stuck", "zombie"])
    error_message = "Not every alert has an automation."
  }

  assert {
    condition     = prefect_automation.alert["failed"].actions[0].block_document_id == output.notification_block_id
    error_message = "The message is not sent through the block that was made."
  }
}
