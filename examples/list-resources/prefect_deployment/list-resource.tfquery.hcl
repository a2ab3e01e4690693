list "prefect_deployment" "of_load_invoices" {
  provider = prefect

  config {
    flow_names = ["load-invoices"]
    paused     = false
  }
}
