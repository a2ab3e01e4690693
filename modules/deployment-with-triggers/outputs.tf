output "id" {
  description = "The deployment's id (UUID)."
  value       = prefect_deployment.this.id
}

output "name" {
  description = "The deployment's name."
  value       = prefect_deployment.this.name
}

output "flow_id" {
  description = "The flow's id (UUID), for further deployments of it."
  value       = prefect_deployment.this.flow_id
}

output "automation_ids" {
  description = "The ids (UUID) of the automations by trigger."
  value       = { for name, automation in prefect_automation.trigger : name => automation.id }
}

output "runs" {
  description = "The labels by which the events of its runs name the deployment, for `match_related` of another trigger."
  value = {
    "prefect.resource.role" = ["deployment"]
    "prefect.resource.id"   = ["prefect.deployment.${prefect_deployment.this.id}"]
  }
}
