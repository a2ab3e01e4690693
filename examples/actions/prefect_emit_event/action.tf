resource "prefect_work_pool" "etl" {
  name = "etl"
  type = "process"

  lifecycle {
    action_trigger {
      events  = [after_update]
      actions = [action.prefect_emit_event.pool_changed]
    }
  }
}

action "prefect_emit_event" "pool_changed" {
  config {
    event       = "infrastructure.changed"
    resource_id = "terraform.production"
    related = [{
      id   = provider::prefect::event_resource_id("work-pool", prefect_work_pool.etl.id)
      role = "work-pool"
    }]
    payload = jsonencode({ by = "terraform" })
  }
}
