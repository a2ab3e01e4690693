# terraform apply -invoke=action.prefect_resume_deployment.nightly
action "prefect_resume_deployment" "nightly" {
  config {
    deployment = "load-orders/nightly"
  }
}
