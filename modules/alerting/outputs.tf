output "automation_ids" {
  description = "The ids (UUID) of the automations by alert: `failed`, `zombie` and so on."
  value       = { for kind, automation in prefect_automation.alert : kind => automation.id }
}

output "notification_block_id" {
  description = "The id (UUID) of the block that messages are sent through."
  value       = var.notification_block == null ? var.notification_block_id : prefect_block.notification[0].id
}
