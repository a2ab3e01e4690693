resource "prefect_block" "warehouse" {
  name      = "warehouse"
  type_slug = "secret"
  data      = jsonencode({ value = "postgres://warehouse" })

  # No run starts while the block changes.
  lifecycle {
    action_trigger {
      events  = [before_update]
      actions = [action.prefect_pause_deployment.nightly]
    }
    action_trigger {
      events  = [after_update]
      actions = [action.prefect_resume_deployment.nightly]
    }
  }
}

action "prefect_pause_deployment" "nightly" {
  config {
    deployment = "load-orders/nightly"
  }
}

action "prefect_resume_deployment" "nightly" {
  config {
    deployment = "load-orders/nightly"
  }
}
